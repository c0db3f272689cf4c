"""Where at a gate motion matters: around the exit line and the wash bay, as a mask for the motion test."""

import numpy as np
import shapely

from streams.change import THUMBNAIL_SHAPE, Mask
from vision.unwashed_truck import Gate

MARGIN = 0.1
"""Share of the picture by which the zone reaches beyond what is drawn, so that a truck is seen before it arrives."""


def motion_mask(gate: Gate) -> Mask:
    """Return the points of a thumbnail whose change opens a burst: the hull of line and bay, and a margin."""
    drawn = [gate.exit_line.start, gate.exit_line.end, *(gate.wash_bay.points if gate.wash_bay else ())]
    zone = shapely.MultiPoint(drawn).convex_hull.buffer(MARGIN)
    height, width = THUMBNAIL_SHAPE
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    return np.asarray(shapely.contains_xy(zone, x, y), dtype=np.bool_)
