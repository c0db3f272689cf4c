"""The parts of a picture that a violation rests on, as claims: inspectors judge them and training learns from them."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box, make_valid, set_precision, union_all
from shapely.geometry.base import BaseGeometry

from models.classes import OTHER
from vision.evidence.manifest import Claim
from vision.geometry import Zone
from vision.perimeter import Perimeter
from vision.surface_samples import machine_boxes
from vision.watch import Seen

MOST_PARTS = 8
MOST_POINTS = 60
"""In one part's outline."""
LEAST_SHARE = 0.01
"""Parts and holes smaller than this share of all that is claimed are left out."""
MASK_SIZE = (640, 360)
"""Width and height of the picture on which outlines are drawn: finer than the network's cells."""
PRECISION = 0.0001
"""To which corners are rounded, relative."""
AT_ONCE = 16
"""Pieces in which the mask's points are looked up: OpenCV takes no more than 32,767 at once."""
TOLERANCES = (0.001, 0.002, 0.004)
"""How far an outline may be straightened, relative, the least first."""


def soil_claims(seen: Seen, zone: Zone) -> list[Claim]:
    """Return the bare soil in the zone as the picture shows it, without what is behind machines."""
    assert seen.surfaces is not None
    width, height = MASK_SIZE
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    labels = np.concatenate([seen.surfaces.labels_at(some) for some in np.array_split(points, AT_ONCE)])
    soil = _outlined(labels.reshape(height, width) == seen.surfaces.names.index("bare_soil"))
    return _claims("bare_soil", soil.intersection(Polygon(zone.points)), seen)


def gap_claims(seen: Seen, perimeter: Perimeter, start: float, end: float) -> list[Claim]:
    """Return the strip in which hoarding is missed, from one fraction of the line to another.

    Gates are no part of it, nor what is behind machines.
    """
    gates = union_all([make_valid(Polygon(perimeter.strip(*gate))) for gate in perimeter.gates])
    return _claims(OTHER, make_valid(Polygon(perimeter.strip(start, end))).difference(gates), seen)


def claims_outside(claims: Sequence[Claim], areas: Sequence[Zone]) -> list[Claim]:
    """Return the claims without what lies in some areas: what is not judged, or can't be seen in the evidence."""
    taken = union_all([Polygon(area.points) for area in areas])
    if taken.is_empty:
        return list(claims)
    return _largest([(claim.class_name, make_valid(Polygon(claim.points)).difference(taken)) for claim in claims])


def _claims(class_name: str, area: BaseGeometry, seen: Seen) -> list[Claim]:
    hidden = union_all([box(*edges) for edges in machine_boxes(seen).tolist()])
    return _largest([(class_name, area.difference(hidden))])


def _largest(areas: Sequence[tuple[str, BaseGeometry]]) -> list[Claim]:
    """Return the largest parts of areas, which stand behind the names of their classes."""
    least = LEAST_SHARE * sum(area.area for _, area in areas)
    pieces = [(name, piece) for name, area in areas for part in _polygons(area) for piece in _simple_parts(part, least)]
    largest = sorted(pieces, key=lambda named: named[1].area, reverse=True)[:MOST_PARTS]
    return [_claim(name, piece) for name, piece in largest]


def _claim(class_name: str, part: Polygon) -> Claim:
    return Claim(class_name=class_name, points=[(round(x, 6), round(y, 6)) for x, y in part.exterior.coords[:-1]])


def _outlined(mask: NDArray[np.bool_]) -> BaseGeometry:
    """Return what the mask (height, width) marks, relative."""
    height, width = mask.shape
    contours, hierarchy = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return MultiPolygon()
    rings = [
        make_valid(Polygon((contour[:, 0] + 0.5) / (width, height))) if len(contour) > 2 else MultiPolygon()
        for contour in contours
    ]
    is_hole = hierarchy[0, :, 3] >= 0
    outer = union_all([ring for ring, hole in zip(rings, is_hole, strict=True) if not hole])
    holes = union_all([ring for ring, hole in zip(rings, is_hole, strict=True) if hole])
    return outer.difference(holes)


def _simple_parts(part: Polygon, least: float) -> list[Polygon]:
    """Return the part as a claim can hold it: without holes and with few corners, cut up where that takes it.

    What is no larger than `least` is left out, and such holes are filled.
    """
    if part.area <= least:
        return []
    holes = [hole for hole in part.interiors if Polygon(hole).area > least]
    if not holes:
        for tolerance in TOLERANCES:
            simpler = list(_polygons(set_precision(Polygon(part.exterior).simplify(tolerance), PRECISION)))
            if all(len(each.exterior.coords) - 1 <= MOST_POINTS and not each.interiors for each in simpler):
                return simpler
    halves = _halved(Polygon(part.exterior, holes), Polygon(holes[0]) if holes else part)
    return [piece for half in halves for each in _polygons(half) for piece in _simple_parts(each, least)]


def _halved(part: Polygon, about: Polygon) -> tuple[BaseGeometry, BaseGeometry]:
    """Cut the part in two, across its longer side, through the middle of something."""
    left, top, right, bottom = part.bounds
    x, y = about.centroid.coords[0]
    if right - left >= bottom - top:
        return part.intersection(box(left, top, x, bottom)), part.intersection(box(x, top, right, bottom))
    return part.intersection(box(left, top, right, y)), part.intersection(box(left, y, right, bottom))


def _polygons(shape: BaseGeometry) -> Iterable[Polygon]:
    """Return the areas of a shape; make_valid leaves lines and points beside them."""
    parts = getattr(shape, "geoms", [shape])
    for part in parts:
        if isinstance(part, Polygon) and not part.is_empty:
            yield part
        elif isinstance(part, MultiPolygon):
            yield from part.geoms
