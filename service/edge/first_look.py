"""What the networks see where a camera is to judge, for whoever commissions it: false cases before they are any.

Dry grass, gravel or a heap of sand may look bare to the network for good. Who stands at the site knows what they are,
and masks them out before the first case.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from service.config.camera import CameraConfig
from service.config.schema import Config
from streams.frames import Frame
from vision.claims import claims_outside, soil_claims
from vision.evidence.annotate import Mark
from vision.geometry import RelativePoint
from vision.networks import Networks
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.surface_samples import is_light
from vision.uncovered_parts import COVERED_FROM
from vision.watch import Seen, Sight
from vision.yard_watch import YardCamera, YardWatch

NEEDS = frozenset({Sight.SURFACES, Sight.MACHINES})
"""Machines hide what is behind them."""
TOLD_FROM = 0.02
"""Share of the yard: less may be single cells."""
MOST_MASKED = 0.9
"""Share of the yard from which on masks would leave nothing worth looking at."""
MARGIN = 0.012
"""By which a mask is larger than what looks bare, relative to the picture: its edge is another one in each picture."""
CORNERS_TO = 0.004
"""By how much a mask's outline is straightened, relative."""
BARE_COLOUR = (255, 60, 60)
DARK = "太暗，无法判定 too dark to judge now: look again by day"


@dataclass(frozen=True)
class FirstLook:
    """Lines to tell (Chinese first), what to draw, and the areas to mask out, if all that looks bare is no soil."""

    notes: list[str]
    marks: list[Mark]
    masks: list[list[RelativePoint]]


def first_look(config: Config, camera: CameraConfig, frame: Frame, networks: Networks) -> FirstLook:
    """Tell what a camera's picture, as it was sent, shows in its yard and along its perimeter."""
    yard, perimeter = config.yard_camera(camera), config.perimeter_camera(camera)
    if yard is None and perimeter is None:
        return FirstLook([], [], [])
    (seen,) = networks.see([frame], [NEEDS])
    if not is_light(seen):
        return FirstLook([DARK], [], [])
    along = [] if perimeter is None else [_perimeter_note(perimeter, seen)]
    bare = FirstLook([], [], []) if yard is None else _bare(yard, seen)
    return FirstLook(along + bare.notes, bare.marks, bare.masks)


def _bare(yard: YardCamera, seen: Seen) -> FirstLook:
    look = YardWatch(yard).observation(seen)
    share = look.bare_soil_share or 0.0
    if share < TOLD_FROM:
        return FirstLook([], [], [])
    claims = claims_outside(soil_claims(seen, yard.zone), yard.mask_out)
    outlines = [list(claim.points) for claim in claims]
    masks = _masks(outlines)
    area = f"，约 about {look.bare_soil_m2.value:.0f} m²" if look.bare_soil_m2 else ""
    note = f"堆场 yard: 现在 {share:.0%} 像裸土{area} looks bare now (limit {yard.parameters.open_share:.0%})"
    masked = shapely.union_all([shapely.Polygon(mask) for mask in masks])
    zone = shapely.Polygon(yard.zone.points)
    if zone.intersection(masked).area >= MOST_MASKED * zone.area:
        remedy = "若不是裸土，请改画堆场 if it is no soil, draw the yard where soil may lie"
    else:
        areas = json.dumps(masks)
        remedy = f"若都不是裸土（枯草、碎石），可在 zones 下加 if none of it is soil, add to zones: mask_out: {areas}"
    return FirstLook([f"{note}；{remedy}"], [Mark(each, "像裸土 looks bare", BARE_COLOUR) for each in outlines], masks)


def _masks(outlines: Sequence[Sequence[RelativePoint]]) -> list[list[RelativePoint]]:
    """Return areas that hold the outlines, and a margin, as a configuration takes them: whole, inside the picture."""
    grown = shapely.union_all([shapely.make_valid(shapely.Polygon(each)).buffer(MARGIN) for each in outlines])
    inside = shapely.intersection(grown.simplify(CORNERS_TO), shapely.box(0, 0, 1, 1))
    parts = [part for part in getattr(inside, "geoms", [inside]) if isinstance(part, shapely.Polygon)]
    return [[(round(x, 3), round(y, 3)) for x, y in part.exterior.coords[:-1]] for part in parts]


def _perimeter_note(perimeter: PerimeterCamera, seen: Seen) -> str:
    covered = PerimeterWatch(perimeter).observation(seen).covered
    in_sight = covered[~np.isnan(covered)]
    share = float(np.mean(in_sight >= COVERED_FROM)) if in_sight.size else 0.0
    return f"围挡线 perimeter: 现在 {share:.0%} 像围挡 looks like hoarding now"
