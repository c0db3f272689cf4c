"""Tells how much of a picture changed, cheaply: small grey thumbnails are compared, blind to the light as a whole."""

import cv2
import numpy as np
from numpy.typing import NDArray

THUMBNAIL_SHAPE = (90, 160)
"""Height and width; each point is the mean of a block, which leaves little of the noise and of the compression."""
LEAST_STEP = 10.0
"""Grey levels by which a point has to differ."""
NOISE_STEPS = 5.0
"""And how many times the picture's own noise (median of the differences): rain and a night camera are restless."""

Thumbnail = NDArray[np.uint8]
"""Grey, of shape `THUMBNAIL_SHAPE`."""
Mask = NDArray[np.bool_]
"""The points of a thumbnail that matter, of shape `THUMBNAIL_SHAPE`."""


def thumbnail_of(luma: NDArray[np.uint8]) -> Thumbnail:
    """Return the thumbnail of a picture's luma plane (height, width) uint8."""
    height, width = THUMBNAIL_SHAPE
    return np.asarray(cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def changed_share(before: Thumbnail, after: Thumbnail, mask: Mask | None = None) -> float:
    """Return which share of the points (of those in the mask) differ, 0..1.

    A change of the light as a whole, or of the exposure, is no change: the difference's median is taken off first.
    """
    difference = after.astype(np.float32) - before.astype(np.float32)
    difference = np.abs(difference - np.median(difference))
    step = max(LEAST_STEP, NOISE_STEPS * float(np.median(difference)))
    differs = difference > step
    if mask is not None:
        differs = differs[mask]
    return float(differs.mean()) if differs.size else 0.0
