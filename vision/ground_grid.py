"""The drawing of a ground plane: a grid of metres, the clicked points and the horizon, as marks on the picture."""

from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, box

from vision.evidence.annotate import Colour, Mark
from vision.ground_plane import GroundPlane, MetrePoint

GRID_COLOUR: Colour = (120, 230, 255)
POINT_COLOUR: Colour = (255, 64, 64)
HORIZON_COLOUR: Colour = (255, 210, 0)
MOST_LINES = 16
"""Lines each way."""
AROUND = 0.25
"""How far the grid reaches beyond the clicked points, as a share of their extent."""
POINT_SIZE = 0.006
"""Half the width of the square around a clicked point, relative."""
_PICTURE = box(0.0, 0.0, 1.0, 1.0)


def grid_step_m(plane: GroundPlane) -> float:
    """Return the metres between the grid's lines: 1, 2 or 5, times a power of ten."""
    low, high = _extent(plane)
    least = float(max(high - low)) / MOST_LINES
    power = 10.0 ** floor(log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def grid_marks(plane: GroundPlane) -> list[Mark]:
    """Return the grid around the clicked points, the points with their numbers, and the horizon where it is seen."""
    low, high = _extent(plane)
    step = grid_step_m(plane)
    marks = []
    for axis in (0, 1):
        for number in range(ceil(low[axis] / step), floor(high[axis] / step) + 1):
            start, end = low.copy(), high.copy()
            start[axis] = end[axis] = number * step
            label = f"{'xy'[axis]} {number * step:g} m" if number % 2 == 0 else ""
            marks += _line(plane, (start[0], start[1]), (end[0], end[1]), label)
    marks += [_point(point.at, str(number)) for number, point in enumerate(plane.points, 1)]
    if plane.horizon is not None and (seen := _clipped(LineString(plane.horizon))) is not None:
        marks.append(Mark(seen, "地平线 horizon", HORIZON_COLOUR))
    return marks


def _extent(plane: GroundPlane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the grid's lower and upper bounds, metres (2,) each."""
    metres = np.array([point.metres for point in plane.points], dtype=np.float64)
    reach = np.ptp(metres, axis=0).max() * AROUND
    return metres.min(axis=0) - reach, metres.max(axis=0) + reach


def _line(plane: GroundPlane, start: MetrePoint, end: MetrePoint, label: str) -> list[Mark]:
    """Return the straight line between two places on the ground, as far as it is seen."""
    ground = np.linspace(start, end, 50)
    picture = plane.to_picture(ground)
    # What lies behind the camera, or so near under the horizon that nothing is measured there, is not drawn.
    seen = picture[~np.isnan(picture[:, 0])]
    seen = seen[~np.isnan(plane.to_ground(seen)[:, 0])]
    if len(seen) < 2 or (clipped := _clipped(LineString([seen[0], seen[-1]]))) is None:
        return []
    return [Mark(clipped, label, GRID_COLOUR)]


def _clipped(line: LineString) -> list[tuple[float, float]] | None:
    """Return the two ends of what of a line lies on the picture."""
    inside = line.intersection(_PICTURE)
    if isinstance(inside, MultiLineString) or inside.length == 0:
        return None
    (x0, y0), (x1, y1) = inside.coords
    return [(x0, y0), (x1, y1)]


def _point(at: tuple[float, float], label: str) -> Mark:
    x, y = at
    left, right, top, bottom = x - POINT_SIZE, x + POINT_SIZE, y - POINT_SIZE * 16 / 9, y + POINT_SIZE * 16 / 9
    return Mark([(left, top), (right, top), (right, bottom), (left, bottom)], label, POINT_COLOUR)
