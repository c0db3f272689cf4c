"""The rule that turns a reviewed case into labels: pure, the same for every task.

A confirmed claim is what the model said it is; a rejected one is its opposite. What the inspector drew counts more
than either. Nothing is said of the rest of the picture: the inspector did not judge it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.reviewed.case import BBox, ReviewedCase, Shape
from models.classes import class_id, class_names
from models.data.label_files import LabelBox, LabelPolygon
from models.data.sample import NOT_JUDGED, rasterise

OPPOSITE = {
    "bare_soil": "other",
    "dust_net": "other",
    "hoarding": "other",
    "other": "hoarding",
    "muddy": "clean",
    "clean": "muddy",
}
"""What a claim is when it is wrong. `other` is claimed where hoarding is missed: wrong means that it stands there."""
SURFACES = frozenset(class_names("surfaces").values())
VEHICLES = frozenset(class_names("vehicles").values())
MUD = frozenset(class_names("mud").values())
SAME_OBJECT_IOU = 0.5


@dataclass(frozen=True)
class JudgedTruck:
    """One truck of a picture: its box (relative), and `clean` or `muddy`."""

    class_name: str
    bbox_xyxy: BBox


def surface_polygons(case: ReviewedCase) -> list[LabelPolygon]:
    """Return what is known of the case's surfaces, later polygons over earlier ones; none where nothing is.

    A confirmed claim that the inspector redrew (an area of its class) holds inside the drawing alone: the rest of the
    claim is its opposite. A drawing of another class takes its part out of the claim.
    """
    redrawn = {area.class_name for area in case.areas}
    labelled = [
        Shape(
            claim.class_name if case.confirmed and claim.class_name not in redrawn else OPPOSITE[claim.class_name],
            claim.points,
        )
        for claim in case.claims
        if claim.class_name in SURFACES
    ]
    return [LabelPolygon(class_id("surfaces", shape.class_name), shape.points) for shape in (*labelled, *case.areas)]


def surface_mask(case: ReviewedCase, height: int, width: int) -> NDArray[np.uint8]:
    """Return the case's mask (height, width): class numbers, 255 where nobody judged."""
    return rasterise(surface_polygons(case), height, width, NOT_JUDGED)


def vehicle_boxes(case: ReviewedCase) -> list[LabelBox]:
    """Return the vehicles that the inspector vouches for; none where the case says nothing of vehicles.

    What was drawn stands in place of what was claimed. A rejected case does not say that the vehicle was none: it may
    have been washed.
    """
    drawn = [box for box in case.boxes if box.class_name in VEHICLES]
    claimed = [claim for claim in case.claims if claim.class_name in VEHICLES] if case.confirmed else []
    return [LabelBox(class_id("vehicles", box.class_name), box.bbox_xyxy) for box in drawn or claimed]


def complete_boxes(vouched: Sequence[LabelBox], seen: Sequence[LabelBox]) -> list[LabelBox]:
    """Return the boxes vouched for, and beside them what a model sees elsewhere in the picture.

    A detector takes every object without a box for background, so the vehicles that nobody asked about have to be
    told as well.
    """
    elsewhere = [box for box in seen if all(_iou(box.bbox_xyxy, sure.bbox_xyxy) < SAME_OBJECT_IOU for sure in vouched)]
    return [*vouched, *elsewhere]


def judged_trucks(case: ReviewedCase) -> list[JudgedTruck]:
    """Return the trucks whose mud was judged; none where the case says nothing of mud."""
    drawn = [JudgedTruck(box.class_name, box.bbox_xyxy) for box in case.boxes if box.class_name in MUD]
    claimed = [
        JudgedTruck(claim.class_name if case.confirmed else OPPOSITE[claim.class_name], claim.bbox_xyxy)
        for claim in case.claims
        if claim.class_name in MUD
    ]
    return drawn or claimed


def _iou(first: BBox, second: BBox) -> float:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_area(first) + _area(second) - shared)


def _area(box: BBox) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
