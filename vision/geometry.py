"""Zones and lines drawn on a picture, in relative coordinates: (0, 0) is the top left, (1, 1) the bottom right."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from shapely import LineString, Point, Polygon

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

    def contains(self, point: tuple[float, float]) -> bool:
        """Tell whether the point lies inside or on the outline."""
        return bool(self._polygon.covers(Point(point)))


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
