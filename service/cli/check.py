"""`dustwatch check`: validates a configuration and draws each camera's zones on a live picture."""

from pathlib import Path
from typing import Annotated

import cv2
import typer
from rich.progress import track

from models.registry.registry import load_model
from service.cli.failures import USAGE_EXIT_CODE
from service.cli.live_picture import live_picture
from service.cli.options import console
from service.config.advice import advice, limits
from service.config.camera import CameraConfig
from service.config.file import load_config
from service.config.schema import Config
from service.edge.cautions import cautions
from streams.errors import StreamError
from streams.probe import ProbeReport
from vision import gate_watch, perimeter_watch, yard_watch
from vision.evidence.annotate import Mark, annotate
from vision.mask_out import mask_marks
from vision.plates.reader import PlateReader
from vision.privacy import privacy_marks


def check(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    out: Annotated[Path, typer.Option(help="图片输出目录 Folder for the pictures.")] = Path("dustwatch-check"),
    offline: Annotated[bool, typer.Option("--offline", help="只检查文件 Check the file alone, no camera.")] = False,
) -> None:
    """检查配置，并在实时画面上画出各区域。Validate the configuration and draw the zones on live pictures.

    Example: [bold]dustwatch check dustwatch.yaml --out pictures[/bold]
    """
    loaded = load_config(config)
    load_model(loaded.model)
    if loaded.plates == "on":
        PlateReader.load()
    console.print(
        f"[green]✓[/green] {config}: {len(loaded.sites)} 个工地 sites, {len(loaded.cameras)} 个摄像头 cameras"
    )
    for caution in cautions(loaded, config):
        for place in caution.at:
            console.print(
                f"[yellow]![/yellow] {place}: {caution.chinese} {caution.english}", highlight=False, soft_wrap=True
            )
    if offline:
        for camera in loaded.cameras:
            _tell(camera, [*limits(camera), *advice(camera)])
        return
    out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for camera in track(loaded.cameras, "检查摄像头 checking cameras", console=console, transient=True):
        try:
            report, picture = _draw(loaded, camera, out)
        except StreamError as error:
            failed += 1
            console.print(f"[red]✗[/red] {camera.id}: {error}", highlight=False, soft_wrap=True)
            continue
        console.print(f"[green]✓[/green] {camera.id}: {picture}", highlight=False, soft_wrap=True)
        _tell(camera, [*limits(camera), *advice(camera, (report.width, report.height)), *report.problems])
    raise typer.Exit(USAGE_EXIT_CODE if failed else 0)


def _tell(camera: CameraConfig, notes: list[str]) -> None:
    for note in notes:
        console.print(f"  [yellow]![/yellow] {camera.id}: {note}", highlight=False, soft_wrap=True)


def _marks(camera: CameraConfig) -> list[Mark]:
    """Return the drawing of what is drawn in the configuration."""
    gate, yard, perimeter = camera.zones.gate(), camera.zones.yard_zone(), camera.zones.perimeter
    return [
        *(gate_watch.zone_marks(gate) if gate else []),
        *(yard_watch.zone_marks(yard) if yard else []),
        *(perimeter_watch.line_marks(perimeter.to_perimeter()) if perimeter else []),
        *mask_marks(camera.zones.mask_out_zones()),
        *privacy_marks(camera.zones.privacy_zones()),
    ]


def _draw(config: Config, camera: CameraConfig, out: Path) -> tuple[ProbeReport, Path]:
    live = live_picture(camera)
    report = live.report
    place = config.place(camera)
    caption = [
        f"{place.site_name} · {place.camera_name} ({camera.id})",
        f"{report.codec} {report.width}x{report.height} {report.frame_rate or '?'} /s",
        *limits(camera),
    ]
    path = out / f"{camera.id}.jpg"
    if not cv2.imwrite(str(path), annotate(live.for_people, _marks(camera), caption)):
        raise OSError(f"{path} can't be written")
    return report, path
