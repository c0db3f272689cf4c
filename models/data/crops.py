"""The part of a picture that the mud classifier looks at; the same in training and at a site."""

import math

PADDING = 0.1
"""Of the box's width and height, on each side: wheels and the ground beneath belong to what is judged."""


def padded_crop(bbox_xyxy: tuple[float, float, float, float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box with its padding, in whole pixels inside a picture of `size` (width, height)."""
    left, top, right, bottom = bbox_xyxy
    width, height = size
    pad_x, pad_y = (right - left) * PADDING, (bottom - top) * PADDING
    return (
        max(0, math.floor(left - pad_x)),
        max(0, math.floor(top - pad_y)),
        min(width, math.ceil(right + pad_x)),
        min(height, math.ceil(bottom + pad_y)),
    )
