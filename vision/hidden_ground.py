"""Remembers what the ground behind machines was seen to be before they came. Pure."""

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

REMEMBERED_FOR = timedelta(minutes=30)
"""Behind what stands longer, anything may have been done."""


class HiddenGround:
    """Whether each point of a zone was bare soil when it was last in sight.

    A machine stands where there is work, and that is where soil is bare: a share of what is left in sight would be too
    small while it is there.
    """

    def __init__(self, points: int) -> None:
        self._is_soil = np.full(points, np.nan)
        self._seen_at = np.full(points, -np.inf)

    def see(self, at: datetime, is_soil: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Take in a look at `at` (UTC) and return whether each point (n) is soil (1) or not (0), NaN where unknown.

        `is_soil` counts where a point is not `hidden`.
        """
        now = at.timestamp()
        self._is_soil[~hidden] = is_soil[~hidden]
        self._seen_at[~hidden] = now
        is_known = now - self._seen_at <= REMEMBERED_FOR.total_seconds()
        return np.where(is_known, self._is_soil, np.nan)
