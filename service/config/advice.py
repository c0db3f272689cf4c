"""What a camera's drawing lacks or loses: lines of advice for whoever commissions it, Chinese first."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from service.config.camera import CameraConfig
from vision.mask_out import masked_share

COUNTS_ONLY = "未画冲洗区：只计数 no wash bay is drawn: trucks are counted, not judged"
WATCHED_ONLY = "未画任何区域：只看护、留存，不判定 no zone is drawn: the camera is watched and remembered, not judged"
NO_REFERENCE = (
    "围挡没有参考图：原本就没有围挡的地方也会报缺口，新旧对比无从谈起（dustwatch camera reference）"
    " a perimeter without reference: stretches that never had a hoarding are reported as gaps"
)
NO_GROUND = (
    "没有地面标定：案件只有占比，没有平方米和米，缺口按占线长判定（docs/calibration.md）"
    " no ground plane: cases tell shares alone, no m² and no metres; gaps are judged by their share of the line"
)
NAMES = {
    "yard": "堆场 yard",
    "wash_bay": "冲洗区 wash bay",
    "perimeter": "围挡线 perimeter",
    "exit_line": "出口线 exit line",
}
LEAST_EXTENT = 1 / 16
"""Share of the picture's longer side: the network sees it in five cells, too few to tell a share."""
LEAST_STRIP = 0.03
"""Share of the picture's height: the hoarding is a cell and a half high."""
MUCH = 0.05
"""Share of a zone from which on it is told that masks or paint take it away."""
Points = NDArray[np.float64]


def limits(camera: CameraConfig) -> list[str]:
    """Return what the camera does not do for want of a zone."""
    zones = camera.zones
    if zones.exit_line is not None:
        return [COUNTS_ONLY] if zones.wash_bay is None else []
    return [] if zones.yard or zones.perimeter else [WATCHED_ONLY]


def advice(camera: CameraConfig, size: tuple[int, int] = (1920, 1080)) -> list[str]:
    """Return what to draw better; `size` is the picture's width and height, pixels."""
    lines = []
    if camera.zones.perimeter is not None and camera.reference is None:
        lines.append(NO_REFERENCE)
    if (camera.zones.yard or camera.zones.perimeter) and camera.ground is None:
        lines.append(NO_GROUND)
    return [*lines, *_too_small(camera, size), *_taken_away(camera)]


def _too_small(camera: CameraConfig, size: tuple[int, int]) -> Iterator[str]:
    least_px = LEAST_EXTENT * max(size)
    for name, points in camera.zones.looked_at().items():
        width, height = np.ptp(points.reshape(-1, 2), axis=0) * size
        if max(width, height) < least_px:
            yield (
                f"{NAMES[name]} 太小 is too small: {width:.0f} x {height:.0f} px，至少 at least {least_px:.0f} px；"
                "请把镜头拉近 zoom in"
            )
    perimeter = camera.zones.perimeter
    if perimeter is not None and perimeter.height < LEAST_STRIP:
        strip_px, least_px = perimeter.height * size[1], LEAST_STRIP * size[1]
        yield f"围挡线 height 太小 the perimeter's height is small: {strip_px:.0f} px，至少 at least {least_px:.0f} px"


def _taken_away(camera: CameraConfig) -> Iterator[str]:
    masks, privacy = camera.zones.mask_out_zones(), camera.zones.privacy_zones()
    for name, points in camera.zones.looked_at().items():
        if (share := masked_share(masks, points)) >= MUCH:
            yield f"{NAMES[name]}: {share:.0%} 在屏蔽区内，不判定 is masked out and not judged"
        if (share := masked_share(privacy, points)) >= MUCH:
            yield f"{NAMES[name]}: {share:.0%} 被隐私区涂盖，取证图片上看不到 is painted over in the evidence"
    if privacy:
        yield "有隐私区：案件没有录像，只有图片 private areas: cases have pictures and no clip"
