"""Measures what was seen within what is drawn: the bare soil of a zone, the hoarding along a line, machines at work."""

import numpy as np
from numpy.typing import NDArray

from models.inference.surfaces import SurfaceMap
from vision.geometry import Zone, foot
from vision.watch import Seen

MACHINE_CLASSES = ("car", "bus", "truck", "excavator")
"""The detector's classes that stand on sites, in the order of `Seen.machines`."""
LEAST_IN_SIGHT = 0.5
"""Where less of a zone, or of a part of the line, is in sight, nothing can be said."""
LEAST_BRIGHTNESS = 40.0
"""Mean luma (0..255) below which it is night and surfaces cannot be told apart."""
HEAVY = tuple(MACHINE_CLASSES.index(name) for name in ("bus", "truck", "excavator"))
"""What works in a yard; lorries are called buses at times."""


def is_light(seen: Seen) -> bool:
    """Tell whether there is light enough to tell surfaces apart."""
    return seen.brightness >= LEAST_BRIGHTNESS


def is_soil_at(surfaces: SurfaceMap, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell at which relative points (n, 2) the picture shows bare soil."""
    return np.asarray(surfaces.labels_at(points) == surfaces.names.index("bare_soil"))


def bare_soil_share(
    is_soil: NDArray[np.float64], hidden: NDArray[np.bool_], weights: NDArray[np.float64]
) -> float | None:
    """Return the share (0..1) of bare soil among a zone's points (n): 1 where there is soil, 0 where not, NaN unknown.

    `weights` (n) tell how much of the zone each point stands for. None where too much of the zone is hidden.
    """
    if np.average(hidden, weights=weights) > 1 - LEAST_IN_SIGHT:
        return None
    known = ~np.isnan(is_soil)
    return float(np.average(is_soil[known], weights=weights[known]))


def hoarding_along(surfaces: SurfaceMap, points: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return how likely hoarding is (0..1) in each part of a line, NaN where too much of it is hidden.

    `points` are (parts, points a part, 2), `hidden` is (parts, points a part). It is the mean probability of what is in
    sight, without the model's threshold: that is chosen for whole pictures and far from a half, and would move the ends
    of every gap to one side.
    """
    likely = surfaces.probabilities_at(points.reshape(-1, 2))[surfaces.names.index("hoarding")].reshape(hidden.shape)
    in_sight = (~hidden).sum(axis=1)
    mean = np.where(hidden, 0, likely).sum(axis=1) / np.maximum(in_sight, 1)
    return np.where(in_sight >= LEAST_IN_SIGHT * hidden.shape[1], mean, np.nan).astype(np.float32)


def hidden_by(seen: Seen, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points (..., 2), relative, lie behind a vehicle or machine."""
    x, y = points[..., 0, None], points[..., 1, None]
    left, top, right, bottom = machine_boxes(seen).T
    inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return np.asarray(inside.any(axis=-1))


def has_earthworks(seen: Seen, zone: Zone) -> bool:
    """Tell whether a lorry or machine stands in the zone."""
    return any(zone.contains(foot(tuple(box))) for box in machine_boxes(seen, HEAVY).tolist())


def machine_boxes(seen: Seen, classes: tuple[int, ...] | None = None) -> NDArray[np.float64]:
    """Return the relative boxes (n, 4) of the vehicles and machines, of some classes, that are seen."""
    machines = seen.machines
    if machines is None or len(machines) == 0:
        return np.empty((0, 4))
    assert machines.class_id is not None
    kept = np.ones(len(machines), bool) if classes is None else np.isin(machines.class_id, classes)
    size = (seen.width, seen.height, seen.width, seen.height)
    return np.asarray(machines.xyxy[kept] / size, dtype=np.float64)
