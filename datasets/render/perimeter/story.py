"""The perimeter's story: the gate opens and closes, a truck and a worker pass, a panel goes missing. Pure."""

from dataclasses import dataclass
from typing import Any

from datasets.render.camera import Camera
from datasets.render.driving import Drive, StraightWay, Truck
from datasets.render.perimeter.site import BEHIND, GATE_X, LOOSE_X
from datasets.render.perimeter.truth import Slide, truth
from datasets.render.person import person
from datasets.render.rig import Rig
from datasets.render.story import Clip, Image, Placed, Points, Pose

PERIMETER_CAMERA = Camera(position=(-4.0, -17.0, 6.0), target=(4.4, 0.0, 0.9), horizontal_view_degrees=62.0)
STREET_LANE_Y = -6.6
PAVEMENT_WAY_Y = -1.5


@dataclass(frozen=True)
class Walk:
    """Somebody who walks along x, from one place to another."""

    starts_at: float
    speed: float
    way: StraightWay

    def pose(self, seconds: float) -> Pose | None:
        """Return where they are, None before and after."""
        gone = (seconds - self.starts_at) * self.speed
        return self.way.pose(gone) if 0 <= gone <= self.way.length else None


@dataclass(frozen=True)
class PerimeterStory:
    """A hoarding with a gate, and what passes before it."""

    clip: Clip
    gate: Slide
    loose: Slide
    truck: Truck
    walk: Walk
    worker: Rig

    def placed(self, frame: int) -> tuple[Placed, ...]:
        """Return the gate's leaf, the loose panel, and who passes."""
        now = self.clip.at(frame)
        leaf, loose, walker = self.gate.offset(now), self.loose.offset(now), self.walk.pose(now)
        return (
            Placed("leaf", Pose(round(leaf, 4)), moves=self.gate.moves(now)),
            Placed("loose panel", Pose(round(-loose, 4), BEHIND if loose else 0.0), moves=self.loose.moves(now)),
            *self.truck.placed(now),
            *(() if walker is None else (Placed("worker", walker, moves=True),)),
        )

    def outline(self, placed: Placed) -> Points:
        """Return the points of a thing's outline."""
        if placed.thing == "worker":
            return self.worker.outline(placed.pose)
        if placed.thing == "truck":
            return self.truck.outline(placed.pose)
        return (self.gate if placed.thing == "leaf" else self.loose).reach(placed.pose.x)

    def overlay(self, image: Image, frame: int) -> Image:
        """Return the picture as it is: nothing is drawn over it."""
        return image

    def truth(self) -> dict[str, Any]:
        """Return the line, the gaps by the second, the gate's times and who stands before the hoarding when."""
        occluders = {"truck": ("truck", self.truck.pose, self.truck.outline)}
        occluders["worker"] = ("person", self.walk.pose, self.worker.outline)
        return truth(self.clip, self.gate, self.loose, occluders)


def perimeter_story() -> PerimeterStory:
    """The gate is open from second 5 to 22; a panel of 2.5 m is missing from second 28 to 55."""
    street, pavement = StraightWay(STREET_LANE_Y, -15.0, 22.0), StraightWay(PAVEMENT_WAY_Y, -8.0, 24.0)
    return PerimeterStory(
        clip=Clip("perimeter", 60.0, 10, seed=13, camera=PERIMETER_CAMERA, caption="CAM 03 WALL"),
        gate=Slide(GATE_X, opens_at=5.0, closes_at=19.0, seconds=3.0),
        loose=Slide(LOOSE_X, opens_at=28.0, closes_at=54.0, seconds=1.2),
        truck=Truck("truck", "orange", 4, street, Drive(9.5, 7.0, street.length)),
        walk=Walk(30.0, 1.4, pavement),
        worker=person(),
    )
