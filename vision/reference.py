"""The reference picture of a perimeter: what stood along the line at commissioning, and what looks the same since."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.frames import BgrImage
from vision.perimeter import PARTS, Perimeter, runs
from vision.uncovered_parts import COVERED_FROM

VIEW_HEIGHT = 360
"""Lines of the pictures that are compared."""
ROWS, COLUMNS_A_PART = 16, 4
"""Points of the unrolled hoarding: up from the foot, and along each part of the line."""
PATCH_PARTS = 5
"""Parts of the line that are compared together: a patch around each part."""
SAME_FROM = 0.9
"""Correlation from which a patch shows the same. On the rendered hoarding a patch that still stands has 0.96 and more,
under other light, and one whose panel is gone 0.84 at most."""
LEAST_CONTRAST = 2.0
"""Grey levels (standard deviation): what is smoother shows nothing that could be the same."""
LEAST_STRETCH = 6
"""Parts; a shorter stretch without hoarding in the reference is a gate's pillar, or the network's error."""

View = NDArray[np.uint8]
"""A picture's grey levels (height, width), at most `VIEW_HEIGHT` lines."""


def view_of(image: BgrImage) -> View:
    """Return what of a picture is compared."""
    height, width = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if height > VIEW_HEIGHT:
        size = (round(width * VIEW_HEIGHT / height), VIEW_HEIGHT)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class HoardingReference:
    """What the reference shows along the line.

    `had` and `never_had` (PARTS) tell where it shows hoarding and where it shows none; where it was hidden, neither.
    `unrolled` is float32 (ROWS, PARTS * COLUMNS_A_PART), the grey levels from the line's foot upwards.
    """

    perimeter: Perimeter
    had: NDArray[np.bool_]
    never_had: NDArray[np.bool_]
    unrolled: NDArray[np.float32]

    @classmethod
    def of(cls, perimeter: Perimeter, view: View, covered: NDArray[np.float32]) -> "HoardingReference":
        """Make it of the reference's grey levels and how likely hoarding is in each part (PARTS), NaN where hidden."""
        never_had = np.zeros(PARTS, dtype=bool)
        for start, end in runs((covered < COVERED_FROM) & ~perimeter.in_gates()):
            never_had[start:end] = end - start >= LEAST_STRETCH
        return cls(perimeter, covered >= COVERED_FROM, never_had, _unrolled(perimeter, view))

    @property
    def stretches_without(self) -> list[tuple[float, float]]:
        """The stretches that show no hoarding, gates left out, as fractions of the line: from, to."""
        return [(start / PARTS, end / PARTS) for start, end in runs(self.never_had)]

    def looks_the_same(self, view: View) -> NDArray[np.bool_]:
        """Tell which parts of the line (PARTS) look as they do in the reference, whatever the light."""
        return _correlation(self.unrolled, _unrolled(self.perimeter, view)) >= SAME_FROM

    def judged(self, covered: NDArray[np.float32], view: View | None) -> NDArray[np.float32]:
        """Return what the rule is told of a look at the line, given how likely hoarding is in each part (PARTS).

        Where there never was any, nothing is said (NaN); what had some and looks the same still has it (1).
        """
        told = covered.copy()
        if view is not None:
            told[self.had & self.looks_the_same(view) & ~np.isnan(covered)] = 1.0
        told[self.never_had] = np.nan
        return told


def _unrolled(perimeter: Perimeter, view: View) -> NDArray[np.float32]:
    """Return the grey levels above the line, from its foot up: float32 (ROWS, PARTS * COLUMNS_A_PART)."""
    height, width = view.shape
    points = perimeter.lattice(PARTS * COLUMNS_A_PART, np.linspace(0, 1, ROWS)) * (width, height) - 0.5
    x, y = points.astype(np.float32).transpose(2, 1, 0)
    return cv2.remap(view, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how alike two unrolled hoardings are around each part (PARTS): -1..1, blind to brightness and contrast."""
    mean_one, mean_other = _around(one), _around(other)
    spread_one = np.maximum(_around(one * one) - mean_one**2, LEAST_CONTRAST**2)
    spread_other = np.maximum(_around(other * other) - mean_other**2, LEAST_CONTRAST**2)
    together = _around(one * other) - mean_one * mean_other
    return np.asarray((together / np.sqrt(spread_one * spread_other)).reshape(PARTS, -1).mean(axis=1))


def _around(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean over the patch around each column."""
    columns = values.mean(axis=0, dtype=np.float64)[None]
    return np.asarray(cv2.blur(columns, (PATCH_PARTS * COLUMNS_A_PART + 1, 1), borderType=cv2.BORDER_REFLECT)[0])
