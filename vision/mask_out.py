"""Areas that were drawn to be left out: trees, a road outside, a neighbour's yard. No rule and no change gate looks."""

from collections.abc import Sequence

import numpy as np
import supervision as sv
from numpy.typing import NDArray

from vision.evidence.annotate import Colour, Mark
from vision.geometry import RelativePoint, Zone

MASK_COLOUR: Colour = (255, 140, 0)


def masked(areas: Sequence[Zone], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (..., 2), relative, lie in one of the areas."""
    inside = np.zeros(points.shape[:-1], dtype=np.bool_)
    for area in areas:
        inside |= area.holds(points)
    return inside


def masked_share(areas: Sequence[Zone], points: NDArray[np.float64]) -> float:
    """Return the share (0..1) of the points (..., 2) that lie in one of the areas."""
    return float(masked(areas, points).mean())


def without_masked(areas: Sequence[Zone], vehicles: sv.Detections, size: tuple[int, int]) -> sv.Detections:
    """Return the vehicles whose foot lies in none of the areas; `size` is the picture's width and height, pixels."""
    if not areas or len(vehicles) == 0:
        return vehicles
    left, _, right, bottom = vehicles.xyxy.astype(np.float64).T
    feet = np.stack([(left + right) / 2, bottom], axis=1) / size
    kept = vehicles[~masked(areas, feet)]
    assert isinstance(kept, sv.Detections)
    return kept


def mask_zones(areas: Sequence[Zone]) -> dict[str, list[RelativePoint]]:
    """Return the areas as evidence names them: `mask_out_1` and so on."""
    return {f"mask_out_{number}": list(area.points) for number, area in enumerate(areas, 1)}


def mask_marks(areas: Sequence[Zone]) -> list[Mark]:
    """Return the drawing of the areas."""
    return [Mark(area.points, "不看 masked", MASK_COLOUR) for area in areas]
