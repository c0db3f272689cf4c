"""Lorries of several makes, and cars, as a gate's and a yard's stories place them."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin

import numpy as np

from datasets.render.driving import Truck
from datasets.render.scenes.machines import LORRIES, car
from datasets.render.solids import Solid
from datasets.render.story import Points, Pose
from datasets.render.truck import WHEEL_RADIUS, wheel_places


@dataclass(frozen=True)
class Lorry(Truck):
    """A vehicle of a make: one of LORRIES, or `car`."""

    make: str = "dump"

    def outline(self, pose: Pose) -> Points:
        """Return the points of its outline where it is."""
        points = _points(self.make, self.axles)
        c, s = cos(pose.heading), sin(pose.heading)
        x, y = points[:, 0] * c - points[:, 1] * s, points[:, 0] * s + points[:, 1] * c
        return np.stack([pose.x + x, pose.y + y, points[:, 2]], axis=1)


def body(make: str, axles: int) -> list[Solid]:
    """Return a vehicle without the wheels that turn; a car's do not."""
    return car(1) if make == "car" else LORRIES[make](axles)


def wheels_at(make: str, axles: int) -> list[tuple[float, float, float]]:
    """Return where the wheels are that turn."""
    return [] if make == "car" else wheel_places(axles)


@lru_cache
def _points(make: str, axles: int) -> Points:
    corners = [vertex for solid in body(make, axles) for vertex in solid.vertices]
    for x, y, z in wheels_at(make, axles):
        corners += [(x + dx, y, z + dz) for dx in (-WHEEL_RADIUS, WHEEL_RADIUS) for dz in (-WHEEL_RADIUS, 0.0)]
    return np.array(corners)
