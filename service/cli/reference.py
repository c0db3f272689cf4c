"""`dustwatch camera reference`: takes a camera's reference picture, and tells what the rules measure there now."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer

from service.cli.live_picture import live_picture
from service.cli.options import JsonOption, console
from service.config.camera import CameraConfig
from service.config.file import choose_camera, load_config
from service.config.schema import Config
from service.edge.edge_models import EdgeModels
from streams.frames import BgrImage, Frame
from vision.perimeter_watch import REFERENCE_NEEDS, PerimeterWatch
from vision.surface_samples import is_light
from vision.watch import Seen
from vision.yard_watch import YardWatch

PICTURES = {".png", ".jpg", ".jpeg"}
TOO_DARK = "画面太暗，请在白天重拍 the picture is too dark; take it again by day"
NOTHING_DRAWN = "未画堆场和围挡：只用于摄像头状态 no yard and no perimeter: it serves the camera's health alone"


@dataclass(frozen=True)
class MeasuredNow:
    """What the rules measure on the reference: shares 0..1; None where nothing is drawn or too little is in sight.

    `covered_share` is of the perimeter in sight, gates left out; `without_hoarding` are stretches of it, as fractions
    of the line from its start.
    """

    is_light: bool
    bare_soil_share: float | None
    covered_share: float | None
    without_hoarding: list[tuple[float, float]]


def reference(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    camera: Annotated[str, typer.Argument(help="摄像头 id The camera's id.")],
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="输出图片 The picture; default DATA/reference/CAMERA-TIME.jpg.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """拍参考图，并说明此刻的判定数值。Take a camera's reference picture, and tell what the rules measure there now.

    Example: [bold]dustwatch camera reference dustwatch.yaml xinghe-yard[/bold]
    """
    if out is not None and out.suffix.lower() not in PICTURES:
        raise typer.BadParameter("write a name that ends in .png or .jpg", param_hint="--out")
    loaded = load_config(config)
    chosen = choose_camera(loaded, camera, config)
    taken_at = datetime.now(UTC)
    live = live_picture(chosen)
    path = out or loaded.data / "reference" / f"{chosen.id}-{taken_at:%Y%m%dT%H%M%SZ}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), live.for_people):
        raise OSError(f"{path} can't be written")
    measured = measure(loaded, chosen, live.as_sent, taken_at)
    if as_json:
        told = {"camera": chosen.id, "taken_at": taken_at.isoformat(), "picture": str(path), **asdict(measured)}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in [*_told(loaded, chosen, measured), f"图片 picture: {path}"]:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print("写入配置，在该摄像头之下 write into the configuration, under this camera:", highlight=False)
    typer.echo(f"    reference: {path}")


def measure(config: Config, camera: CameraConfig, image: BgrImage, taken_at: datetime) -> MeasuredNow:
    """Look at a picture (BGR) taken at `taken_at` (UTC) as the camera's rules do."""
    seen = _seen(config, image, taken_at)
    yard, perimeter = config.yard_camera(camera), config.perimeter_camera(camera)
    soil = YardWatch(yard).observation(seen).bare_soil_share if yard else None
    if perimeter is None:
        return MeasuredNow(is_light(seen), soil, None, [])
    watch = PerimeterWatch(perimeter)
    covered = watch.observation(seen).covered[~perimeter.perimeter.in_gates()]
    in_sight = covered[~np.isnan(covered)]
    share = float(in_sight.mean()) if in_sight.size else None
    return MeasuredNow(
        is_light(seen), soil, share, watch.reference(seen, camera.zones.privacy_zones()).stretches_without
    )


def _seen(config: Config, image: BgrImage, taken_at: datetime) -> Seen:
    networks = EdgeModels(config).networks(REFERENCE_NEEDS, workers=1)
    try:
        (seen,) = networks.see([Frame(image, taken_at, is_keyframe=True)], [REFERENCE_NEEDS])
    finally:
        networks.close()
    return seen


def _told(config: Config, camera: CameraConfig, measured: MeasuredNow) -> Iterator[str]:
    yield f"{camera.name} ({camera.id})"
    if not measured.is_light:
        yield f"! {TOO_DARK}"
    if camera.zones.yard is None and camera.zones.perimeter is None:
        yield f"! {NOTHING_DRAWN}"
    if measured.bare_soil_share is not None:
        limit = config.rules.uncovered_soil.open_share
        yield f"堆场裸土 bare soil in the yard: {measured.bare_soil_share:.1%}（限 limit {limit:.0%}）"
    if measured.covered_share is not None:
        yield f"围挡遮盖 perimeter covered: {measured.covered_share:.1%}（门除外 gates left out）"
    for start, end in measured.without_hoarding:
        yield (
            f"! 无围挡 no hoarding: {start:.1%} … {end:.1%}；用此图作参考，此段不判定，请先补齐或确认"
            " with this reference that stretch is not judged: mend it first, or make sure it is meant"
        )
