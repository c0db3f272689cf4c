"""Tells whether water sprays around a truck that stands: by bright haze that changes from picture to picture.

A truck that stands and what is behind it stay as they are, but for the camera's noise; spray does not. It is a measure
beside the others and decides nothing: rain, people who walk around the truck and flickering lamps change the picture
too.
"""

from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry import BboxXyxy

GREY_SIZE = (320, 180)
"""Width and height of the small grey pictures that are compared."""
LEAST_CHANGE = 8
"""Grey levels (of 255) by which a point has to differ: more than noise and compression do."""
LEAST_SHARE = 0.06
"""Share of the points around the truck that change brightly where there is spray: 0.08 to 0.2 in the rendered wash bay
under it, 0.03 and less for the same trucks that stand there before it begins."""
LONGEST_STEP = timedelta(seconds=0.6)
"""Pictures further apart differ by too much else."""
MARGIN_X, MARGIN_TOP = 0.2, 0.3
"""How far around the box spray is looked for, in its widths and heights: at the sides and above."""

Grey = NDArray[np.uint8]
"""A picture of `GREY_SIZE`: (height, width) uint8."""


def small_grey(image: NDArray[np.uint8]) -> Grey:
    """Return the small grey picture of a BGR one (height, width, 3)."""
    small = cv2.resize(image, GREY_SIZE, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def changing_share(before: Grey, now: Grey, bbox_xyxy: BboxXyxy) -> float:
    """Return the share (0..1) of the points in and around the relative box that changed brightly.

    Counted are points that differ and that are, in the brighter of the two pictures, no darker than the usual point
    there: haze is bright.
    """
    height, width = now.shape
    left, top, right, bottom = bbox_xyxy
    beside, above = (right - left) * MARGIN_X, (bottom - top) * MARGIN_TOP
    columns = slice(max(0, int((left - beside) * width)), max(1, int((right + beside) * width)))
    rows = slice(max(0, int((top - above) * height)), max(1, int(bottom * height)))
    before_here, now_here = before[rows, columns], now[rows, columns]
    if now_here.size == 0:
        return 0.0
    changed = cv2.absdiff(before_here, now_here) >= LEAST_CHANGE
    bright = np.maximum(before_here, now_here) >= np.median(now_here)
    return float((changed & bright).mean())


class SprayMeter:
    """Compares the pictures of one camera, each with the one before it."""

    def __init__(self) -> None:
        self._before: tuple[datetime, Grey] | None = None
        self._now: tuple[datetime, Grey] | None = None

    def see(self, at: datetime, grey: Grey | None) -> None:
        """Take in the picture captured at `at` (UTC), None where there is none."""
        self._before, self._now = self._now, None if grey is None else (at, grey)

    def is_seen_around(self, bbox_xyxy: BboxXyxy) -> bool | None:
        """Tell whether there is spray around a vehicle that stands; None where no two pictures tell."""
        if self._before is None or self._now is None:
            return None
        (since, before), (at, now) = self._before, self._now
        if not timedelta(0) < at - since <= LONGEST_STEP:
            return None
        return changing_share(before, now, bbox_xyxy) >= LEAST_SHARE
