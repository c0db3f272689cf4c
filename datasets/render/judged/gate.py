"""The gates that the wash rule is judged by: who drives out, in, or stands there, one after another. Pure."""

from dataclasses import dataclass
from functools import cache
from math import pi

from datasets.render.camera import Camera
from datasets.render.driving import Drive
from datasets.render.gate.story import BAY_STOP_Y, GateStory, GateWay
from datasets.render.judged.lorries import Lorry
from datasets.render.judged.setup import SetUp, overcast, panorama, sun
from datasets.render.scenes.views import Weather
from datasets.render.site import BAY_LANE_X, BYPASS_LANE_X
from datasets.render.story import Clip, Pose

FRAMES_PER_SECOND = 4
WASH_SECONDS = 20.0
QUIET_S = 9.0
"""How long nothing moves between two passes."""
FIRST_S = 8.0
PARKED_S = 40.0
"""How long a story goes on with a truck parked before the line."""
FOLLOWS_AFTER_S = 3.0
"""A truck that drives past the bay while it is taken sets off so long after the other came to its stand."""

SETUPS = (
    SetUp("gate-0", 20, Camera((12.5, -16.5, 5.6), (1.5, 4.2, 0.8), 53), (sun(52, 30),), noise=1.8),
    SetUp("gate-1", 21, Camera((15, -14, 8), (1.2, 5, 0.4), 57), (overcast(0.8),), Weather.RAIN, 0.0, 3.0),
    SetUp("gate-2", 22, Camera((11, -18, 7), (1.8, 4.5, 0.5), 51), (overcast(0.3),), Weather.CLEAR, -0.2, 5.0),
    SetUp("gate-3", 23, Camera((14.5, -17, 5), (1.0, 4.6, 0.8), 50), (panorama(75),), Weather.HAZE, 0.1, 2.2),
)


@dataclass(frozen=True)
class EnteringWay:
    """A truck's way in: the way out, backwards."""

    out: GateWay

    @property
    def length(self) -> float:
        """Metres from its start to its end, both out of sight."""
        return self.out.length

    def pose(self, rolled: float) -> Pose:
        """Return where a truck is that has come so far."""
        pose = self.out.pose(self.out.length - rolled)
        return Pose(pose.x, pose.y, (pose.heading + pi) % (2 * pi), rolled)


@dataclass(frozen=True)
class Order:
    """Somebody who comes to the gate.

    `kind` is `unwashed` (through the bay without a stop), `short` (too short a stop), `bypass` (past the bay),
    `washed`, `entering`, `parked` (before the line, inside) or `car`. `seconds` is how long it stands, and `y` where
    a parked one does. `follows` lets it pass while the one before it stands in the bay.
    """

    kind: str
    make: str = "dump"
    axles: int = 3
    speed: float = 7.5
    seconds: float = 0.0
    y: float = 6.5
    follows: bool = False
    look_alike: str = ""
    """What makes a lawful one look like a violation."""

    @property
    def is_violation(self) -> bool:
        """Whether it leaves without having washed for long enough."""
        return self.kind in ("unwashed", "short", "bypass")

    @property
    def leaves(self) -> bool:
        """Whether it crosses the line outward."""
        return self.kind not in ("entering", "parked")


ORDERS: tuple[tuple[Order, ...], ...] = (
    (
        Order("unwashed"),
        Order("washed", axles=4, seconds=22.5, look_alike="washed, passed by another"),
        Order("bypass", follows=True),
        Order("car", "car", speed=9.0, look_alike="car"),
        Order("washed", "tanker", seconds=23.0, look_alike="washed, comes in again"),
        Order("entering", "tanker", look_alike="washed, comes in again"),
        Order("short", seconds=8.0),
        Order("parked", y=6.5, look_alike="parked before the line"),
    ),
    (
        Order("unwashed", "mixer", 4),
        Order("washed", "dump", 3, seconds=24.0, look_alike="washed in rain"),
        Order("bypass"),
        Order("entering", "dump", 4, look_alike="entering in rain"),
        Order("short", "dump", 4, seconds=12.0),
        Order("parked", "mixer", 4, y=5.2, look_alike="parked before the line in rain"),
    ),
    (
        Order("bypass", "dump", 4),
        Order("washed", "dump", 3, seconds=23.0, look_alike="washed at dusk"),
        Order("unwashed", "dump", 3, speed=8.5),
        Order("car", "car", speed=9.0, look_alike="car at dusk"),
        Order("bypass", "box"),
        Order("parked", "dump", 3, y=7.5, look_alike="parked before the line at dusk"),
    ),
    (
        Order("unwashed", "dump", 3),
        Order("washed", "mixer", 4, seconds=22.0, look_alike="washed, passed by another"),
        Order("bypass", "dump", 4, follows=True),
        Order("washed", "box", 3, seconds=26.0, look_alike="washed box lorry"),
        Order("entering", "flatbed", look_alike="entering"),
        Order("short", "dump", 3, seconds=6.0),
        Order("parked", "dump", 4, y=6.0, look_alike="parked before the line"),
    ),
)


@dataclass(frozen=True)
class Passing:
    """An order with its vehicle and its time."""

    order: Order
    lorry: Lorry


@dataclass(frozen=True)
class JudgedGate:
    """A gate's story and what it is judged by."""

    setup: SetUp
    story: GateStory
    passings: tuple[Passing, ...]


def _lorry(number: int, order: Order, starts_at: float) -> Lorry:
    lane = BYPASS_LANE_X if order.kind in ("bypass", "parked", "car", "entering") else BAY_LANE_X
    out = GateWay(lane)
    way = EnteringWay(out) if order.kind == "entering" else out
    stop_at = {"washed": out.until_y(BAY_STOP_Y), "short": out.until_y(BAY_STOP_Y), "parked": out.until_y(order.y)}
    seconds = 1e6 if order.kind == "parked" else order.seconds
    drive = Drive(starts_at, order.speed, out.length, stop_at.get(order.kind), seconds)
    return Lorry(f"{number} {order.make}", str(number % 6), order.axles, way, drive, make=order.make)


@cache
def judged_gate(number: int) -> JudgedGate:
    """Return the story of one gate: its orders one after another."""
    setup, now = SETUPS[number], FIRST_S
    passings: list[Passing] = []
    for index, order in enumerate(ORDERS[number]):
        starts_at = passings[-1].lorry.drive.stands_from + FOLLOWS_AFTER_S if order.follows else now
        lorry = _lorry(index, order, round(starts_at, 2))
        passings.append(Passing(order, lorry))
        drive = lorry.drive
        now = max(now, drive.stands_from + PARKED_S if order.kind == "parked" else drive.ends_at + QUIET_S)
    clip = Clip(setup.name, round(now), FRAMES_PER_SECOND, setup.seed, setup.camera, f"GATE {number + 1}")
    return JudgedGate(setup, GateStory(clip, WASH_SECONDS, tuple(each.lorry for each in passings)), tuple(passings))
