"""The stories: which truck drives where and when. Pure arithmetic."""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

YARD_ROAD_Y = 27.0
"""Trucks come from the right along this line and turn towards the gate."""
TURN_RADIUS = 10.0
START_X = 26.0
END_Y = -19.0
TRUCK_LENGTH = 8.6
TRUCK_WIDTH = 2.5
BAY_LANE_X = 0.0
BYPASS_LANE_X = 5.4
BAY_Y = (2.6, 14.0)
BAY_STOP_Y = 8.6
"""Where the middle of a truck that washes stands."""


@dataclass(frozen=True)
class Pose:
    """Where a truck is: its middle on the ground, its heading (radians from +x), and how far it has rolled."""

    x: float
    y: float
    heading: float
    rolled: float


@dataclass(frozen=True)
class Way:
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
class Actor:
    """One truck of a story."""

    truck_id: str
    colour: str
    axles: int
    way: Way
    drive: Drive

    def pose(self, seconds: float) -> Pose | None:
        """Return where the truck is, None while it is away."""
        rolled = self.drive.rolled(seconds)
        return None if rolled is None else self.way.pose(rolled)


@dataclass(frozen=True)
class Story:
    """What happens in one clip."""

    name: str
    seconds: float
    frames_per_second: int
    seed: int
    wash_seconds: float
    actors: tuple[Actor, ...]

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return round(self.seconds * self.frames_per_second)

    def at(self, frame: int) -> float:
        """Return the time of a frame in seconds."""
        return frame / self.frames_per_second

    def poses(self, frame: int) -> dict[str, Pose]:
        """Return the trucks that are there, by their ids."""
        found = {actor.truck_id: actor.pose(self.at(frame)) for actor in self.actors}
        return {truck_id: pose for truck_id, pose in found.items() if pose is not None}

    def standing(self, frame: int) -> frozenset[str]:
        """Return the ids of the trucks that stand still."""
        return frozenset(actor.truck_id for actor in self.actors if actor.drive.is_standing(self.at(frame)))


def _passing(truck_id: str, colour: str, axles: int, lane_x: float, starts_at: float, speed: float) -> Actor:
    way = Way(lane_x)
    return Actor(truck_id, colour, axles, way, Drive(starts_at, speed, way.length))


def _washing(truck_id: str, colour: str, axles: int, starts_at: float, speed: float, seconds: float) -> Actor:
    way = Way(BAY_LANE_X)
    drive = Drive(starts_at, speed, way.length, way.until_y(BAY_STOP_Y), seconds)
    return Actor(truck_id, colour, axles, way, drive)


def gate_story() -> Story:
    """One truck leaves unwashed, one washes and leaves, one drives past the bay while it is taken."""
    return Story(
        name="gate",
        seconds=48.0,
        frames_per_second=10,
        seed=7,
        wash_seconds=20.0,
        actors=(
            _passing("A", "red", 3, BAY_LANE_X, starts_at=2.6, speed=6.0),
            _washing("B", "green", 4, starts_at=6.6, speed=6.0, seconds=23.0),
            _passing("C", "orange", 3, BYPASS_LANE_X, starts_at=19.5, speed=6.0),
        ),
    )


STORIES = {"gate": gate_story}


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
