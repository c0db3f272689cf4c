"""`dustwatch camera calibrate`: tells how good a camera's ground plane is, and draws its metres on a picture."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.table import Table
from shapely import MultiPoint, Polygon

from service.cli.live_picture import live_picture
from service.cli.options import JsonOption, console
from service.config.camera import CameraConfig
from service.config.file import choose_camera, load_config
from service.errors import ServiceError
from vision.evidence.annotate import annotate
from vision.geometry import RelativePoint
from vision.ground_grid import grid_marks, grid_step_m
from vision.ground_plane import GroundPlane, Measured
from vision.privacy import paint_over

PLACES = {"near": "近 near", "middle": "中 middle", "far": "远 far"}
PICTURES = {".png", ".jpg", ".jpeg"}
NOTHING_CHECKS = "只有四点，必然吻合；再加一点才能检验 Four points always fit; a fifth one would check them"


class NoGroundPoints(ServiceError):
    """The camera's configuration says nothing about the ground."""

    template = "camera {camera} has no ground in {config}; write its points or a quadrangle, see docs/calibration.md"


class NotAPicture(ServiceError):
    """The file is no picture."""

    template = "{path} is no picture that can be read; give a JPEG or PNG"


@dataclass(frozen=True)
class Scale:
    """How much ground a pixel shows at a place, and how wrong lengths and areas may be there (shares, 95 of 100)."""

    place: str
    at: RelativePoint
    across_m: float
    ahead_m: float
    length_error: float
    area_error: float


def calibrate(
    config: Annotated[Path, typer.Argument(help="配置文件 Configuration file (YAML).")],
    camera: Annotated[str, typer.Argument(help="摄像头 id The camera's id.")],
    picture: Annotated[
        Path | None, typer.Option(dir_okay=False, help="用这张图片，不连摄像头 Use this picture, not the live camera.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="输出图片 The picture to write; default CAMERA-ground.png.")] = None,
    as_json: JsonOption = False,
) -> None:
    """检查地面标定，并在画面上画出米格。Tell how good a ground calibration is, and draw its metres on the picture.

    Example: [bold]dustwatch camera calibrate dustwatch.yaml yard --picture yard.jpg[/bold]
    """
    path = out or Path(f"{camera}-ground.png")
    if path.suffix.lower() not in PICTURES:
        raise typer.BadParameter("write a name that ends in .png or .jpg", param_hint="--out")
    chosen = choose_camera(load_config(config), camera, config)
    if chosen.ground is None:
        raise NoGroundPoints(camera=camera, config=config)
    image = paint_over(_read(picture), chosen.zones.privacy_zones()) if picture else live_picture(chosen).for_people
    plane = chosen.ground.plane((image.shape[1], image.shape[0]))
    if not cv2.imwrite(str(path), annotate(image, grid_marks(plane), _caption(chosen, plane))):
        raise OSError(f"{path} can't be written")
    if as_json:
        typer.echo(json.dumps(_as_json(chosen, plane, path), ensure_ascii=False))
        return
    console.print(_points_table(plane))
    console.print(_scale_table(plane))
    for line in [*_summary(plane), f"图片 picture: {path}"]:
        console.print(line, highlight=False, soft_wrap=True)


def scales(plane: GroundPlane) -> list[Scale]:
    """Return the scale where the clicked points are nearest, in their middle, and where they are farthest."""
    at = np.array([point.at for point in plane.points])
    x, heights = float(at[:, 0].mean()), (at[:, 1].max(), at[:, 1].mean(), at[:, 1].min())
    return [_scale(plane, place, (x, float(y))) for place, y in zip(PLACES, heights, strict=True)]


def _scale(plane: GroundPlane, place: str, at: RelativePoint) -> Scale:
    width, height = plane.size
    across, ahead = plane.metres_per_pixel(at)
    (x, y), dx, dy = at, 0.5 / width, 0.5 / height
    lengths = [plane.length_m([(x - dx, y), (x + dx, y)]), plane.length_m([(x, y - dy), (x, y + dy)])]
    area = plane.area_m2([(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)])
    return Scale(place, at, across, ahead, max(each.error / each.value for each in lengths), area.error / area.value)


def _read(path: Path) -> NDArray[np.uint8]:
    image = cv2.imread(str(path))
    if image is None:
        raise NotAPicture(path=path)
    return image.astype(np.uint8, copy=False)


def _worst(plane: GroundPlane) -> int:
    """Return the number, from 1, of the point that misses the plane most."""
    return max(range(len(plane.errors)), key=lambda index: plane.errors[index].pixels) + 1


def _between(plane: GroundPlane) -> tuple[Measured, Measured]:
    """Return the area that the clicked points span, and the distance of the two that are farthest from each other."""
    hull = MultiPoint([point.at for point in plane.points]).convex_hull
    assert isinstance(hull, Polygon)  # points on a line make no plane
    ground = np.array([point.metres for point in plane.points])
    apart = np.linalg.norm(ground[:, None] - ground[None], axis=2)
    one, other = divmod(int(apart.argmax()), len(ground))
    area = plane.area_m2([(x, y) for x, y in hull.exterior.coords])
    return area, plane.length_m([plane.points[one].at, plane.points[other].at])


def _summary(plane: GroundPlane) -> list[str]:
    worst, (area, length) = _worst(plane), _between(plane)
    error = plane.errors[worst - 1]
    horizon = plane.horizon
    seen = f"{horizon[0][1]:.3f} … {horizon[1][1]:.3f}" if horizon else "很远 far off"
    return [
        f"误差最大 worst: 第 {worst} 点 point {worst}, {error.pixels:.1f} px, {error.metres:.2f} m"
        if len(plane.points) > 4
        else NOTHING_CHECKS,
        f"各点之间的面积 area between the points: {area.value:.1f} ± {area.error:.1f} m²",
        f"最远两点的距离 longest distance: {length.value:.2f} ± {length.error:.2f} m",
        f"地平线高度（左…右，0 为画面上缘）horizon, height at the left … right edge (0 is the top): {seen}",
    ]


def _caption(camera: CameraConfig, plane: GroundPlane) -> list[str]:
    worst, (area, _) = _worst(plane), _between(plane)
    pixels = plane.errors[worst - 1].pixels
    return [
        f"{camera.name} ({camera.id}) · 格距 grid {grid_step_m(plane):g} m · {area.value:.0f} ± {area.error:.0f} m²",
        f"误差最大 worst: 第 {worst} 点 point {worst}, {pixels:.1f} px" if len(plane.points) > 4 else NOTHING_CHECKS,
    ]


def _points_table(plane: GroundPlane) -> Table:
    table = Table(title="标定点 points")
    for heading in ("点 point", "画面 picture", "地面 ground m", "误差 error px", "误差 error m"):
        table.add_column(heading, justify="right")
    worst = _worst(plane) if len(plane.points) > 4 else None
    for number, (point, error) in enumerate(zip(plane.points, plane.errors, strict=True), 1):
        cells = (
            f"{number}",
            f"{point.at[0]:.4f}, {point.at[1]:.4f}",
            f"{point.metres[0]:.2f}, {point.metres[1]:.2f}",
            f"{error.pixels:.1f}",
            f"{error.metres:.2f}",
        )
        table.add_row(*cells, style="yellow" if number == worst else None)
    return table


def _scale_table(plane: GroundPlane) -> Table:
    table = Table(title="比例 scale")
    for heading in ("位置 place", "横 across m/px", "纵 ahead m/px", "长度 lengths ±", "面积 areas ±"):
        table.add_column(heading, justify="right")
    for each in scales(plane):
        metres = (f"{each.across_m:.3f}", f"{each.ahead_m:.3f}")
        table.add_row(PLACES[each.place], *metres, f"{each.length_error:.1%}", f"{each.area_error:.1%}")
    return table


def _as_json(camera: CameraConfig, plane: GroundPlane, path: Path) -> dict[str, object]:
    area, length = _between(plane)
    return {
        "camera": camera.id,
        "size": list(plane.size),
        "homography": plane.homography.tolist(),
        "points": [
            {"at": point.at, "metres": point.metres, "error_px": error.pixels, "error_m": error.metres}
            for point, error in zip(plane.points, plane.errors, strict=True)
        ],
        "worst_point": _worst(plane) if len(plane.points) > 4 else None,
        "scale": [asdict(each) for each in scales(plane)],
        "horizon": plane.horizon,
        "area_m2": asdict(area),
        "longest_m": asdict(length),
        "picture": str(path),
    }
