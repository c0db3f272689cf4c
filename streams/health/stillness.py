"""Notices a picture that stands still, though a clock drawn on it may tick."""

import numpy as np

from streams.health.observation import Finding
from streams.health.parameters import HealthParameters
from streams.health.picture import GreyImage, tile_differences

VISIBLE_DIFFERENCE = 3.0
"""A tile's mean difference above which a person would see it, grey levels."""

MEDIUM_LUMA = 128.0


class Stillness:
    """Compares each picture with the one at which the stillness began: slow changes add up, noise is always there."""

    def __init__(self, parameters: HealthParameters) -> None:
        self._parameters = parameters
        self._first: GreyImage | None = None

    def look(self, reduced: GreyImage, *, by_day: bool) -> Finding:
        """Take the next reduced picture; faulty when it is the first one over again."""
        limit = self._parameters.still_difference if by_day else self._parameters.still_difference_dark
        limit *= min(1.0, float(reduced.mean()) / MEDIUM_LUMA)  # a dim picture's noise is smaller
        if self._first is None:
            self._first = reduced
            return Finding(None)
        tiles = tile_differences(reduced, self._first)
        difference, changed = float(np.median(tiles)), float((tiles > VISIBLE_DIFFERENCE).mean())
        still = difference <= limit and changed <= self._parameters.still_tiles_changed
        if not still:
            self._first = reduced
        return Finding(still, {"difference": difference, "changed_share": changed})
