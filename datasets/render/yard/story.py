"""The yard's story, a time-lapse: net is drawn back, an excavator digs, a truck is loaded, net is laid again. Pure."""

from dataclasses import dataclass
from itertools import pairwise
from math import pi
from typing import Any

import numpy as np

from datasets.render.camera import Camera
from datasets.render.driving import Drive, StraightWay, Truck
from datasets.render.excavator import DIGGING, DUMPING, REST, excavator
from datasets.render.rig import Rig
from datasets.render.story import Clip, Image, Placed, Points, Pose
from datasets.render.yard.site import LAID_BARE
from datasets.render.yard.truth import Uncovering, truth

YARD_CAMERA = Camera(position=(-3.0, -18.0, 14.0), target=(0.0, 15.0, 0.0), horizontal_view_degrees=60.0)
ROAD_LANE_Y = 1.2
DIGS_AT = (1.0, 8.0)
DIG_STEP = 0.4
"""Seconds of the clip between two poses of the digging excavator: in a time-lapse it jumps."""
LOADED_X = 1.6


@dataclass(frozen=True)
class Stay:
    """The excavator's visit: when it comes to the yard's edge, drives in, digs, and is gone again."""

    comes: float
    at_edge: float
    drives_in: float
    digs: float
    drives_out: float
    gone: float

    def pose(self, seconds: float) -> tuple[Pose, bool] | None:
        """Return where it is and whether it moves; None while it is away."""
        x, y = DIGS_AT
        far, edge = Pose(-24.0, ROAD_LANE_Y, 0.0), Pose(x, ROAD_LANE_Y, 0.0)
        turned, inside = Pose(x, ROAD_LANE_Y, pi / 2), Pose(x, y, pi / 2)
        half_in = self.drives_in + 0.4 * (self.digs - self.drives_in)
        way = (
            (self.comes, far),
            (self.at_edge, edge),
            (self.drives_in, edge),
            (half_in, turned),
            (self.digs, inside),
            (self.drives_out, inside),
            (self.drives_out + 0.8, turned),
            (self.drives_out + 1.4, edge),
            (self.gone, far),
        )
        if not self.comes <= seconds <= self.gone:
            return None
        (since, before), (until, after) = next(leg for leg in pairwise(way) if seconds <= leg[1][0])
        if before == inside == after:
            return Pose(x, y, pi / 2, 0.0, self._joints(seconds)), True
        share = (seconds - since) / (until - since)
        pose = Pose(
            before.x + share * (after.x - before.x),
            before.y + share * (after.y - before.y),
            before.heading + share * (after.heading - before.heading),
            0.0,
            REST,
        )
        return pose, before != after

    def _joints(self, seconds: float) -> tuple[float, ...]:
        """Return how the arm is held while digging: it reaches, cuts, curls, lifts, swings round and dumps."""
        step = int((seconds - self.digs) / DIG_STEP + 1e-6)
        turn, stroke = divmod(step, len(DIGGING) + 2)
        aside = 0.25 * np.sin(2.4 * turn)
        if stroke < len(DIGGING):
            return (round(float(aside), 3), *DIGGING[stroke])
        swung = -0.55 * pi if stroke == len(DIGGING) else -pi
        return (round(float(swung), 3), *(DIGGING[-1] if stroke == len(DIGGING) else DUMPING))


@dataclass(frozen=True)
class YardStory:
    """A zone under net, part of which is bare for a while."""

    clip: Clip
    uncoverings: tuple[Uncovering, ...]
    stay: Stay
    truck: Truck
    digger: Rig

    def placed(self, frame: int) -> tuple[Placed, ...]:
        """Return the strips of net as they lie, the excavator and the truck."""
        now = self.clip.at(frame)
        nets = tuple(
            Placed(f"{'drawn' if one.is_bare(now) else 'laid'} {one.strip}", Pose()) for one in self.uncoverings
        )
        stay = self.stay.pose(now)
        digger = () if stay is None else (Placed("excavator", stay[0], moves=stay[1]),)
        return (*nets, *digger, *self.truck.placed(now))

    def outline(self, placed: Placed) -> Points:
        """Return the points of the excavator or the truck."""
        return (self.digger if placed.thing == "excavator" else self.truck).outline(placed.pose)

    def overlay(self, image: Image, frame: int) -> Image:
        """Return the picture as it is: nothing is drawn over it."""
        return image

    def truth(self) -> dict[str, Any]:
        """Return the zone, the soil's area by the second, and what lies where."""
        return truth(self.clip, self.uncoverings)


def yard_story() -> YardStory:
    """Four of seven strips are drawn back from second 8 on and laid again from second 41 to 50."""
    way = StraightWay(ROAD_LANE_Y, -24.0, 24.0)
    return YardStory(
        clip=Clip("yard", 60.0, 5, seed=11, camera=YARD_CAMERA, caption="CAM 02 YARD", minutes_per_second=1.0),
        uncoverings=tuple(
            Uncovering(strip, bare_from=8.0 + 1.4 * i, bare_until=41.0 + 3.0 * i) for i, strip in enumerate(LAID_BARE)
        ),
        stay=Stay(comes=4.0, at_edge=6.4, drives_in=13.4, digs=15.0, drives_out=28.2, gone=31.2),
        truck=Truck(
            "truck", "red", 3, way, Drive(17.0, 14.0, way.length, way.until_x(LOADED_X), 7.4, acceleration=14.0)
        ),
        digger=excavator(),
    )
