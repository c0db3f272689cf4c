"""Measures of one picture, and how it differs from another: light, structure and sharpness, tile by tile."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.frames import BgrImage

GreyImage = NDArray[np.uint8]
"""Shape (height, width), uint8."""
Tiles = NDArray[np.float32]
"""One figure a tile, shape (14, 32): 18 rows less the bands at top and bottom where cameras write date and name."""

WIDTH, HEIGHT = 320, 180
"""Pictures are measured at this size, whatever their own."""
TILE = 10
BAND_ROWS = 2
WHITE = 250
LEAST_STRUCTURE = 3.0
"""Contrast of a tile, grey levels, above which it is worth comparing: a sky has less, noise alone about one."""
DAY_LUMA, DAY_COLOUR = 50.0, 5.0
"""By day a picture is at least this bright, and its three colours lie at least this far apart, in the mean."""
DARK_LUMA, BRIGHT_LUMA = 24.0, 245.0
"""A tile outside these can't be judged: night, or a lamp in the lens."""


@dataclass(frozen=True)
class PictureMeasures:
    """One picture in figures; grey levels 0 to 255.

    `bright_luma` is the level that 98 % of the picture lie below. `luma`, `structure` and `detail` are each tile's mean
    grey level, its mean contrast at some 5 to 20 pixels (noise is smoothed away), and the same at 2 to 5 pixels.
    """

    mean_luma: float
    bright_luma: float
    white_share: float
    luma: Tiles
    structure: Tiles
    detail: Tiles

    @property
    def structured(self) -> NDArray[np.bool_]:
        """Tell which tiles have structure."""
        return np.asarray(self.structure >= LEAST_STRUCTURE)

    @property
    def sharpness(self) -> float:
        """Fine contrast by coarse contrast where there is structure: about 0.6 when sharp, below 0.25 when blurred."""
        chosen = self.structured
        return float(np.median(self.detail[chosen] / self.structure[chosen])) if chosen.any() else 0.0


def grey(image: BgrImage) -> GreyImage:
    """Return the picture's grey levels."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def reduce(picture: GreyImage) -> GreyImage:
    """Return the picture at the size that is measured."""
    return np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def is_daylight(image: BgrImage) -> bool:
    """Tell whether a picture (BGR) was taken by day: bright, and in colour, which infrared pictures are not."""
    small = image[::8, ::8].astype(np.float32)
    spread = float((small.max(axis=2) - small.min(axis=2)).mean())
    return float(small.mean()) >= DAY_LUMA and spread >= DAY_COLOUR


def measure_picture(reduced: GreyImage) -> PictureMeasures:
    """Measure one reduced picture; about a millisecond."""
    counts = np.bincount(reduced.ravel(), minlength=256)
    below = np.cumsum(counts) / reduced.size
    values = reduced.astype(np.float32)
    fine = np.asarray(cv2.GaussianBlur(values, (0, 0), 1.2), dtype=np.float32)
    coarse = np.asarray(cv2.GaussianBlur(values, (0, 0), 5.0), dtype=np.float32)
    return PictureMeasures(
        mean_luma=float(counts @ np.arange(256) / reduced.size),
        bright_luma=float(np.searchsorted(below, 0.98)),
        white_share=float(1.0 - below[WHITE - 1]),
        luma=_tile_means(values),
        structure=_tile_means(np.abs(fine - coarse)),
        detail=_tile_means(np.abs(values - fine)),
    )


def tile_differences(reduced: GreyImage, other: GreyImage) -> Tiles:
    """Return each tile's mean absolute difference between two reduced pictures, grey levels."""
    return _tile_means(np.abs(reduced.astype(np.float32) - other))


def _tile_means(values: NDArray[np.float32]) -> Tiles:
    tiles = values.reshape(HEIGHT // TILE, TILE, WIDTH // TILE, TILE).mean(axis=(1, 3))
    return np.asarray(tiles[BAND_ROWS:-BAND_ROWS], dtype=np.float32)
