"""The perimeter: a line drawn along the foot of the hoarding, its gates, and the places along it that are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.geometry import BboxXyxy

PARTS = 200
"""Equal parts of the line, each of which is covered by hoarding or not."""
POINTS_UP = 5
"""Places looked at above the middle of each part, from the line to the strip's upper edge."""


@dataclass(frozen=True)
class Perimeter:
    """The line as drawn at commissioning, relative; fractions count along it from its start (0) to its end (1).

    `gates` are the stretches (from, to) that may stand open; `height` is how far above the line the hoarding is looked
    for, as a share of the picture's height.
    """

    line: tuple[tuple[float, float], ...]
    gates: tuple[tuple[float, float], ...] = ()
    height: float = 0.06

    def __post_init__(self) -> None:
        if len(set(self.line)) < 2:
            raise ValueError("the perimeter's line needs at least two different points")
        for start, end in self.gates:
            if not 0 <= start < end <= 1:
                raise ValueError("a gate goes from a smaller to a larger fraction of the line, both from 0 to 1")

    def points(self) -> NDArray[np.float64]:
        """Return what is looked at: (PARTS, POINTS_UP, 2), x and y, each part of the line from its foot upwards."""
        return self.lattice(PARTS, np.linspace(0.1, 0.9, POINTS_UP))

    def lattice(self, along: int, up: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points (along, len(up), 2) spread along the line; `up` are shares of the strip's height."""
        feet = self._at((np.arange(along) + 0.5) / along)
        points = np.repeat(feet[:, None], len(up), axis=1)
        points[..., 1] = np.maximum(points[..., 1] - up * self.height, 0)
        return points

    def in_gates(self) -> NDArray[np.bool_]:
        """Return which parts of the line (PARTS) belong to a gate, wholly or partly."""
        edges = np.arange(PARTS + 1) / PARTS
        inside = np.zeros(PARTS, dtype=bool)
        for start, end in self.gates:
            inside |= (edges[1:] > start) & (edges[:-1] < end)
        return inside

    def stretch(self, start: float = 0.0, end: float = 1.0) -> list[tuple[float, float]]:
        """Return the line's points from one fraction to another."""
        corners = self._fractions()
        between = corners[(corners > start) & (corners < end)]
        return [(float(x), float(y)) for x, y in self._at(np.array([start, *between, end]))]

    def strip(self, start: float = 0.0, end: float = 1.0) -> list[tuple[float, float]]:
        """Return the outline of the hoarding that should stand from one fraction to another."""
        feet = self.stretch(start, end)
        return [*feet, *((x, max(0.0, y - self.height)) for x, y in reversed(feet))]

    def bbox_xyxy(self, start: float = 0.0, end: float = 1.0) -> BboxXyxy:
        """Return the box around `strip`."""
        xs, ys = zip(*self.strip(start, end), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _fractions(self) -> NDArray[np.float64]:
        """Return where the line's corners lie along it."""
        lengths = np.hypot(*np.diff(np.array(self.line), axis=0).T)
        return np.concatenate([[0.0], np.cumsum(lengths) / lengths.sum()])

    def _at(self, fractions: NDArray[np.float64]) -> NDArray[np.float64]:
        corners, line = self._fractions(), np.array(self.line)
        return np.stack([np.interp(fractions, corners, line[:, axis]) for axis in (0, 1)], axis=1)


def runs(flags: Sequence[bool] | NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches of true flags as (first, one after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
