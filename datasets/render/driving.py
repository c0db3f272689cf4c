"""How trucks drive: their ways, when they roll and stand, and the ground they cover. Pure."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin, sqrt
from typing import Protocol

import numpy as np

from datasets.render.story import Placed, Points, Pose
from datasets.render.truck import outline_points

TRUCK_LENGTH = 8.6
TRUCK_WIDTH = 2.5


class Way(Protocol):
    """The way of a truck."""

    @property
    def length(self) -> float:
        """Metres from its start to its end, both out of sight."""

    def pose(self, rolled: float) -> Pose:
        """Return where a truck is that has come so far."""


@dataclass(frozen=True)
class StraightWay:
    """A way along x, from one place to another."""

    y: float
    start_x: float
    end_x: float

    @property
    def length(self) -> float:
        """Metres from the start to the end."""
        return abs(self.end_x - self.start_x)

    def until_x(self, x: float) -> float:
        """Return how far a truck has come when its middle is at `x`."""
        return abs(x - self.start_x)

    def pose(self, rolled: float) -> Pose:
        """Return where a truck is that has come so far."""
        forward = self.end_x > self.start_x
        return Pose(self.start_x + (rolled if forward else -rolled), self.y, 0.0 if forward else pi, rolled)


@dataclass(frozen=True)
class Drive:
    """How far a truck has come by when: steady, or with one stop (at a distance, for some seconds)."""

    starts_at: float
    speed: float
    length: float
    stop_at: float | None = None
    stop_seconds: float = 0.0
    acceleration: float = 1.6

    @property
    def stands_from(self) -> float:
        """When the truck has come to its stop; infinite without one."""
        if self.stop_at is None:
            return float("inf")
        return self.starts_at + self.stop_at / self.speed + self.speed / (2 * self.acceleration)

    @property
    def stands_until(self) -> float:
        """When the truck sets off again."""
        return self.stands_from + self.stop_seconds

    @property
    def ends_at(self) -> float:
        """When the truck has reached the end of its way."""
        lost = 0.0 if self.stop_at is None else self.stop_seconds + self.speed / self.acceleration
        return self.starts_at + self.length / self.speed + lost

    def is_standing(self, seconds: float) -> bool:
        """Tell whether the truck stands still."""
        return self.stands_from <= seconds <= self.stands_until

    def rolled(self, seconds: float) -> float | None:
        """Return how far the truck has come, None before its start and after its end."""
        if not self.starts_at <= seconds <= self.ends_at:
            return None
        if self.stop_at is None or seconds < self.stands_from - self.speed / self.acceleration:
            return (seconds - self.starts_at) * self.speed
        if seconds <= self.stands_from:
            return self.stop_at - self.acceleration * (self.stands_from - seconds) ** 2 / 2
        if seconds <= self.stands_until:
            return self.stop_at
        gone, needed = seconds - self.stands_until, self.speed / self.acceleration
        if gone < needed:
            return self.stop_at + self.acceleration * gone**2 / 2
        return self.stop_at + self.speed * needed / 2 + self.speed * (gone - needed)


@dataclass(frozen=True)
class Truck:
    """A truck of a story: what it looks like, and how it drives on its way."""

    name: str
    colour: str
    axles: int
    way: Way
    drive: Drive
    muddy: bool = False

    def pose(self, seconds: float) -> Pose | None:
        """Return where the truck is, None while it is away."""
        rolled = self.drive.rolled(seconds)
        return None if rolled is None else self.way.pose(rolled)

    def placed(self, seconds: float) -> tuple[Placed, ...]:
        """Return the truck as a thing of a story; nothing while it is away."""
        pose = self.pose(seconds)
        return () if pose is None else (Placed(self.name, pose, moves=not self.drive.is_standing(seconds)),)

    def outline(self, pose: Pose) -> Points:
        """Return the points of the truck's outline where it is."""
        points = _outline(self.axles)
        c, s = cos(pose.heading), sin(pose.heading)
        x = pose.x + points[:, 0] * c - points[:, 1] * s
        y = pose.y + points[:, 0] * s + points[:, 1] * c
        return np.stack([x, y, points[:, 2]], axis=1)


@lru_cache
def _outline(axles: int) -> Points:
    return np.array(outline_points(axles))


def footprint(pose: Pose, margin: float = 0.0) -> list[tuple[float, float]]:
    """Return the corners on the ground of the rectangle a truck covers, widened on all sides."""
    along, across = TRUCK_LENGTH / 2 + margin, TRUCK_WIDTH / 2 + margin
    c, s = cos(pose.heading), sin(pose.heading)
    corners = ((along, across), (-along, across), (-along, -across), (along, -across))
    return [(pose.x + u * c - v * s, pose.y + u * s + v * c) for u, v in corners]


def overlap(a: Pose, b: Pose, margin: float = 0.0) -> bool:
    """Tell whether two trucks would cover the same ground (separating axes of two rectangles)."""
    if sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2) > 2 * (TRUCK_LENGTH + 2 * margin):
        return False
    first, second = footprint(a, margin), footprint(b, margin)
    for heading in (a.heading, a.heading + pi / 2, b.heading, b.heading + pi / 2):
        axis = (cos(heading), sin(heading))
        p = [x * axis[0] + y * axis[1] for x, y in first]
        q = [x * axis[0] + y * axis[1] for x, y in second]
        if max(p) <= min(q) or max(q) <= min(p):
            return False
    return True
