"""`dustwatch check`: validates a configuration and draws each camera's zones on a live picture."""

from contextlib import closing
from datetime import UTC, datetime
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
from service.edge.edge_models import EdgeModels
from service.edge.first_look import NEEDS, FirstLook, first_look
from streams.errors import StreamError
from streams.frames import Frame
from streams.probe import ProbeReport
from vision import gate_watch, perimeter_watch, yard_watch
from vision.evidence.annotate import Mark, annotate
from vision.mask_out import mask_marks
from vision.networks import Networks
from vision.plates.reader import PlateReader
from vision.privacy import privacy_marks


def check(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    out: Annotated[Path, typer.Option(help="图片输出目录 Folder for the pictures.")] = Path("dustwatch-check"),
    offline: Annotated[bool, typer.Option("--offline", help="只检查文件 Check the file alone, no camera.")] = False,
) -> None:
    """检查配置，并在实时画面上画出各区域。Validate the configuration and draw the zones on live pictures.

    并告知此刻哪里像裸土，便于先画好屏蔽区。Tells what looks like bare soil now, so that what is none can be masked out.

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
    with closing(EdgeModels(loaded).networks(NEEDS, workers=1)) as networks:
        failed = sum(
            not _checked(loaded, camera, out, networks)
            for camera in track(loaded.cameras, "检查摄像头 checking cameras", console=console, transient=True)
        )
    raise typer.Exit(USAGE_EXIT_CODE if failed else 0)


def _checked(config: Config, camera: CameraConfig, out: Path, networks: Networks) -> bool:
    """Tell what there is to tell of a camera; False where it fails."""
    try:
        report, picture, look = _draw(config, camera, out, networks)
    except StreamError as error:
        console.print(f"[red]✗[/red] {camera.id}: {error}", highlight=False, soft_wrap=True)
        return False
    console.print(f"[green]✓[/green] {camera.id}: {picture}", highlight=False, soft_wrap=True)
    _tell(camera, [*limits(camera), *advice(camera, (report.width, report.height)), *report.problems, *look.notes])
    return True


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


def _draw(config: Config, camera: CameraConfig, out: Path, networks: Networks) -> tuple[ProbeReport, Path, FirstLook]:
    live = live_picture(camera)
    look = first_look(config, camera, Frame(live.as_sent, datetime.now(UTC), is_keyframe=True), networks)
    report = live.report
    place = config.place(camera)
    caption = [
        f"{place.site_name} · {place.camera_name} ({camera.id})",
        f"{report.codec} {report.width}x{report.height} {report.frame_rate or '?'} /s",
        *limits(camera),
    ]
    path = out / f"{camera.id}.jpg"
    if not cv2.imwrite(str(path), annotate(live.for_people, [*_marks(camera), *look.marks], caption)):
        raise OSError(f"{path} can't be written")
    return report, path, look
