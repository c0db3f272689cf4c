"""Zones and lines drawn on a picture, in relative coordinates: (0, 0) is the top left, (1, 1) the bottom right."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from shapely import LineString, Point, Polygon, contains_xy

Relative = Annotated[float, Field(ge=0.0, le=1.0)]
RelativePoint = tuple[Relative, Relative]
BboxXyxy = tuple[float, float, float, float]
"""Left, top, right, bottom; relative."""

LEAST_ZONE_AREA = 1e-5
"""Share of the picture under which a polygon encloses nothing."""

TOUCH = 0.01
"""Share of the picture by which boxes may miss each other and still touch."""


def foot(bbox_xyxy: BboxXyxy) -> tuple[float, float]:
    """Return where a box stands on the ground: the middle of its lower edge."""
    left, _, right, bottom = bbox_xyxy
    return (left + right) / 2, bottom


def iou(a: BboxXyxy, b: BboxXyxy) -> float:
    """Return the intersection over union of two boxes, 0 where either has no area."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    intersection = width * height
    return intersection / (_area(a) + _area(b) - intersection)


def stands_on(upper: BboxXyxy, lower: BboxXyxy) -> bool:
    """Tell whether the foot of one box lies in the other: a cab on its lorry, a car on its transporter."""
    x, y = foot(upper)
    left, top, right, bottom = lower
    return left - TOUCH <= x <= right + TOUCH and top - TOUCH <= y <= bottom + TOUCH


def _area(box: BboxXyxy) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


class Zone:
    """A polygon on the picture."""

    def __init__(self, points: list[RelativePoint]) -> None:
        """Raise ValueError where the points enclose no simple area."""
        if len(points) < 3:
            raise ValueError("a zone needs at least three points")
        self.points = points
        self._polygon = Polygon(points)
        if not self._polygon.is_valid:
            raise ValueError("the zone's outline crosses itself; give the points in order around it")
        if self._polygon.area < LEAST_ZONE_AREA:
            raise ValueError("the zone encloses nothing")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and self.points == other.points

    def __hash__(self) -> int:
        return hash(tuple(self.points))

    @property
    def bbox_xyxy(self) -> BboxXyxy:
        """The smallest box around it."""
        left, top, right, bottom = self._polygon.bounds
        return left, top, right, bottom

    def contains(self, point: tuple[float, float]) -> bool:
        """Tell whether the point lies inside or on the outline."""
        return bool(self._polygon.covers(Point(point)))

    @property
    def area(self) -> float:
        """Its share of the picture (0..1)."""
        return float(self._polygon.area)

    def holds(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points (..., 2) lie inside."""
        return np.asarray(contains_xy(self._polygon, points[..., 0], points[..., 1]), dtype=np.bool_)

    def grid(self, points_across: int) -> NDArray[np.float64]:
        """Return points (n, 2) spread evenly inside, `points_across` of them along the longer side of its box."""
        left, top, right, bottom = self.bbox_xyxy
        step = max(right - left, bottom - top) / points_across
        x, y = np.meshgrid(np.arange(left + step / 2, right, step), np.arange(top + step / 2, bottom, step))
        inside = contains_xy(self._polygon, x, y)
        if not inside.any():
            return np.array(self._polygon.representative_point().coords)
        return np.stack([x[inside], y[inside]], axis=1)


@dataclass(frozen=True)
class DirectedLine:
    """A line from `start` to `end` whose crossing has a direction."""

    start: tuple[float, float]
    end: tuple[float, float]

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("the line's two points are the same")

    def side(self, point: tuple[float, float]) -> float:
        """Return the signed distance of the point from the line (endlessly prolonged), positive on the right of it.

        Right and left are as seen on the picture, where y grows downwards, by someone going from start to end.
        """
        along_x, along_y = self.end[0] - self.start[0], self.end[1] - self.start[1]
        across = along_x * (point[1] - self.start[1]) - along_y * (point[0] - self.start[0])
        return float(across / (along_x**2 + along_y**2) ** 0.5)

    def is_crossed_between(self, before: tuple[float, float], after: tuple[float, float]) -> bool:
        """Tell whether the way from `before` to `after` meets the line between its two ends."""
        return bool(LineString([self.start, self.end]).intersects(LineString([before, after])))
