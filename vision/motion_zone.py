"""Where in a picture change matters, as masks for the tests of motion and change."""

from collections.abc import Sequence

import numpy as np
import shapely

from streams.change import THUMBNAIL_SHAPE, Mask
from vision.geometry import Zone
from vision.mask_out import masked
from vision.perimeter import Perimeter
from vision.unwashed_truck import Gate

MARGIN = 0.1
"""Share of the picture by which a gate's zone reaches beyond what is drawn: a truck is seen before it arrives."""
PATROL_MARGIN = 0.01
"""The same on patrol, where what is drawn is judged and no more: a thumbnail's point or two."""


def motion_mask(gate: Gate, mask_out: Sequence[Zone] = ()) -> Mask:
    """Return the points of a thumbnail whose change opens a burst: the hull of line and bay, and a margin."""
    drawn = [gate.exit_line.start, gate.exit_line.end, *(gate.wash_bay.points if gate.wash_bay else ())]
    return _mask(shapely.MultiPoint(drawn).convex_hull.buffer(MARGIN), mask_out)


def patrol_mask(yard: Zone | None, perimeter: Perimeter | None, mask_out: Sequence[Zone] = ()) -> Mask | None:
    """Return the points of a thumbnail whose change asks for an inspection; None, all, where nothing is drawn.

    A panel that goes missing is little of the picture, but much of its hoarding.
    """
    outlines = ([yard.points] if yard else []) + ([perimeter.strip()] if perimeter else [])
    if not outlines:
        return _mask(shapely.box(0, 0, 1, 1), mask_out) if mask_out else None
    drawn = shapely.union_all([shapely.Polygon(points).buffer(PATROL_MARGIN) for points in outlines])
    return _mask(drawn, mask_out)


def _mask(zone: shapely.Geometry, mask_out: Sequence[Zone]) -> Mask:
    height, width = THUMBNAIL_SHAPE
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    return np.asarray(shapely.contains_xy(zone, x, y), dtype=np.bool_) & ~masked(mask_out, np.stack([x, y], axis=-1))
