"""The camera: where it hangs, where it looks, and where on the picture a point of the scene is seen. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import radians, tan

import numpy as np
from numpy.typing import NDArray

from datasets.render.solids import Point3

LEAST_DEPTH = 0.5
"""Metres; nearer or behind, a point is not projected."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; relative to the picture."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that hangs level (no roll)."""

    position: Point3
    target: Point3
    horizontal_view_degrees: float
    aspect: float = 16 / 9

    @property
    def axes(self) -> NDArray[np.float64]:
        """Rows: to the right, down, and ahead."""
        ahead = np.subtract(self.target, self.position)
        ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(ahead, (0.0, 0.0, 1.0))
        right = right / np.linalg.norm(right)
        return np.array([right, np.cross(ahead, right), ahead])

    def depths(self, points: Sequence[Point3] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far ahead each point is, metres."""
        return np.asarray((np.asarray(points, dtype=float) - self.position) @ self.axes[2])

    def project(self, points: Sequence[Point3] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each point's relative place on the picture, (n, 2); nan for those not ahead."""
        seen = (np.asarray(points, dtype=float) - self.position) @ self.axes.T
        depth = np.where(seen[:, 2] < LEAST_DEPTH, np.nan, seen[:, 2])
        half_width = tan(radians(self.horizontal_view_degrees) / 2)
        x = seen[:, 0] / depth / half_width
        y = seen[:, 1] / depth / half_width * self.aspect
        return np.stack([(x + 1) / 2, (y + 1) / 2], axis=1)

    def ground_homography(self) -> NDArray[np.float64]:
        """Return the 3x3 matrix that takes relative places on the picture to metres (x, y) on the ground z = 0."""
        half_width = tan(radians(self.horizontal_view_degrees) / 2)
        right, down, ahead = self.axes
        rows = [right / half_width + ahead, down / half_width * self.aspect + ahead, 2 * ahead]
        seen = np.array([[*row[:2], -float(row @ self.position)] for row in rows])
        inverse = np.linalg.inv(seen)
        return np.asarray(inverse / inverse[2, 2])

    def box(self, points: Sequence[Point3] | NDArray[np.float64]) -> Box | None:
        """Return the box around the points on the picture, cut at its edges; None when out of sight."""
        seen = self.project(points)
        seen = seen[~np.isnan(seen[:, 0])]
        if len(seen) == 0:
            return None
        left, top = (float(value) for value in np.clip(seen.min(axis=0), 0, 1))
        right, bottom = (float(value) for value in np.clip(seen.max(axis=0), 0, 1))
        return (left, top, right, bottom) if right > left and bottom > top else None


GATE_CAMERA = Camera(position=(14.0, -15.5, 6.4), target=(1.3, 4.6, 0.6), horizontal_view_degrees=54.0)
