"""The gate's story: which truck drives where and when. Pure."""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

from datasets.render.camera import GATE_CAMERA
from datasets.render.driving import Drive, Truck
from datasets.render.gate.spray import spray
from datasets.render.gate.truth import truth
from datasets.render.site import BAY_LANE_X, BYPASS_LANE_X
from datasets.render.story import Clip, Image, Placed, Points, Pose

YARD_ROAD_Y = 27.0
"""Trucks come from the right along this line and turn towards the gate."""
TURN_RADIUS = 10.0
START_X = 26.0
END_Y = -19.0
BAY_STOP_Y = 8.6
"""Where the middle of a truck that washes stands."""


@dataclass(frozen=True)
class GateWay:
    """The way of a truck: along the yard road, round the bend, and straight out through the gate in its lane."""

    lane_x: float

    @property
    def _straight(self) -> float:
        return START_X - self.lane_x - TURN_RADIUS

    @property
    def length(self) -> float:
        """Metres from the start to the end, both out of sight."""
        return self.until_y(END_Y)

    def until_y(self, y: float) -> float:
        """Return how far a truck has come when its middle is at `y` on the last straight."""
        return self._straight + TURN_RADIUS * pi / 2 + (YARD_ROAD_Y - TURN_RADIUS - y)

    def pose(self, rolled: float) -> Pose:
        """Return where a truck is that has come so far."""
        bend = TURN_RADIUS * pi / 2
        if rolled < self._straight:
            return Pose(START_X - rolled, YARD_ROAD_Y, pi, rolled)
        if rolled < self._straight + bend:
            turned = (rolled - self._straight) / TURN_RADIUS
            x = self.lane_x + TURN_RADIUS * (1 - sin(turned))
            y = YARD_ROAD_Y - TURN_RADIUS * (1 - cos(turned))
            return Pose(x, y, pi + turned, rolled)
        return Pose(self.lane_x, YARD_ROAD_Y - TURN_RADIUS - (rolled - self._straight - bend), 1.5 * pi, rolled)


@dataclass(frozen=True)
class GateStory:
    """Trucks leave through a gate; who stands in the wash bay is sprayed."""

    clip: Clip
    wash_seconds: float
    trucks: tuple[Truck, ...]

    def placed(self, frame: int) -> tuple[Placed, ...]:
        """Return the trucks that are there."""
        return tuple(placed for truck in self.trucks for placed in truck.placed(self.clip.at(frame)))

    def outline(self, placed: Placed) -> Points:
        """Return the points of a truck's outline."""
        return next(truck for truck in self.trucks if truck.name == placed.thing).outline(placed.pose)

    def overlay(self, image: Image, frame: int) -> Image:
        """Return the picture with the bay's spray."""
        return spray(image, self.clip, self.trucks, frame)

    def truth(self) -> dict[str, Any]:
        """Return zones, boxes and outcomes."""
        return truth(self.clip, self.trucks, self.wash_seconds)


def _passing(name: str, colour: str, axles: int, lane_x: float, starts_at: float, speed: float) -> Truck:
    way = GateWay(lane_x)
    return Truck(name, colour, axles, way, Drive(starts_at, speed, way.length))


def _washing(
    name: str, colour: str, axles: int, starts_at: float, speed: float, seconds: float, *, muddy: bool = False
) -> Truck:
    way = GateWay(BAY_LANE_X)
    drive = Drive(starts_at, speed, way.length, way.until_y(BAY_STOP_Y), seconds)
    return Truck(name, colour, axles, way, drive, muddy)


def gate_story() -> GateStory:
    """One leaves unwashed, one washes, one drives past the bay while it is taken, one washes and stays muddy."""
    return GateStory(
        clip=Clip("gate", seconds=74.0, frames_per_second=10, seed=7, camera=GATE_CAMERA, caption="CAM 01 GATE"),
        wash_seconds=20.0,
        trucks=(
            _passing("A", "red", 3, BAY_LANE_X, starts_at=2.6, speed=6.0),
            _washing("B", "green", 4, starts_at=6.6, speed=6.0, seconds=23.0),
            _passing("C", "orange", 3, BYPASS_LANE_X, starts_at=19.5, speed=6.0),
            _washing("D", "yellow", 3, starts_at=35.2, speed=6.0, seconds=22.0, muddy=True),
        ),
    )
