"""What the networks see where a camera is to judge, for whoever commissions it: false cases before they are any.

Dry grass, gravel or a heap of sand may look bare to the network for good. Who stands at the site knows what they are,
and masks them out before the first case. All of what they are: which part looks bare differs from hour to hour.
"""

from dataclasses import dataclass

import numpy as np

from service.config.camera import CameraConfig
from service.config.schema import Config
from streams.frames import Frame
from vision.claims import claims_outside, soil_claims
from vision.evidence.annotate import Mark
from vision.networks import Networks
from vision.perimeter_watch import NEEDS as PERIMETER_NEEDS
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.surface_samples import is_light
from vision.uncovered_parts import COVERED_FROM
from vision.watch import Seen
from vision.yard_watch import YardCamera, YardWatch

NEEDS = YardWatch.needs | PERIMETER_NEEDS
TOLD_FROM = 0.02
"""Share of the yard: less may be single cells."""
BARE_COLOUR = (255, 60, 60)
DARK = "太暗，无法判定 too dark to judge now: look again by day"


@dataclass(frozen=True)
class FirstLook:
    """Lines to tell, Chinese first, and what to draw."""

    notes: list[str]
    marks: list[Mark]


def first_look(config: Config, camera: CameraConfig, frame: Frame, networks: Networks) -> FirstLook:
    """Tell what a camera's picture, as it was sent, shows in its yard and along its perimeter."""
    yard, perimeter = config.yard_camera(camera), config.perimeter_camera(camera)
    if yard is None and perimeter is None:
        return FirstLook([], [])
    (seen,) = networks.see([frame], [NEEDS])
    if not is_light(seen):
        return FirstLook([DARK], [])
    along = [] if perimeter is None else [_perimeter_note(perimeter, seen)]
    bare = FirstLook([], []) if yard is None else _bare(yard, seen)
    return FirstLook(along + bare.notes, bare.marks)


def _bare(yard: YardCamera, seen: Seen) -> FirstLook:
    look = YardWatch(yard).observation(seen)
    share = look.bare_soil_share or 0.0
    if share < TOLD_FROM:
        return FirstLook([], [])
    area = f"，约 about {look.bare_soil_m2.value:.0f} m²" if look.bare_soil_m2 else ""
    note = (
        f"堆场 yard: 现在 {share:.0%} 像裸土{area} looks bare now (limit {yard.parameters.open_share:.0%})；"
        "若不是裸土（枯草、碎石），请把整片画为 mask_out if it is no soil (straw, gravel), mask the whole of it out"
    )
    claims = claims_outside(soil_claims(seen, yard.zone), yard.mask_out)
    return FirstLook([note], [Mark(claim.points, "像裸土 looks bare", BARE_COLOUR) for claim in claims])


def _perimeter_note(perimeter: PerimeterCamera, seen: Seen) -> str:
    covered = PerimeterWatch(perimeter).observation(seen).covered
    in_sight = covered[~np.isnan(covered)]
    share = float(np.mean(in_sight >= COVERED_FROM)) if in_sight.size else 0.0
    return f"围挡线 perimeter: 现在 {share:.0%} 像围挡 looks like hoarding now"
