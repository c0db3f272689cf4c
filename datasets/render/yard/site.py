"""The yard as solids: uneven soil, the net that lies on it in strips, stockpiles, the haul road, what stands around."""

import numpy as np
from numpy.typing import NDArray

from datasets.render.site import background, heap, hoarding
from datasets.render.solids import Point3, Solid, box, cylinder

Rectangle = tuple[tuple[float, float], tuple[float, float]]
"""Bounds in x and in y, metres."""

ZONE: Rectangle = ((-14.0, 14.0), (5.0, 27.0))
STRIP_WIDTH = 4.0
STRIPS = 7
LAID_BARE = (2, 3, 4, 5)
"""Strips, counted from the left, whose near part is drawn back."""
BARE_Y = (5.0, 21.0)
MOUND = (1.0, 14.4, 3.6, 1.1)
"""Middle, radius and height of the soil that is dug away; low, so that on the picture it hides no ground."""
STOCKPILES = ((-9.6, 23.0, 4.2, 2.6), (13.0, 33.0, 6.0, 3.2), (-4.0, 34.0, 5.5, 2.8))
"""Middle, radius and height; always under net. The first stands in the zone."""
ROAD_Y = (-1.6, 4.2)
HOARDING_Y = 44.0
HOARDING_TOP = 2.36
STEP = 0.25
NET_LIES = 0.06
"""Metres above the soil."""

Field = NDArray[np.float64]


def strip_x(strip: int) -> tuple[float, float]:
    """Return the bounds of a strip across the yard."""
    left = ZONE[0][0] + strip * STRIP_WIDTH
    return left, left + STRIP_WIDTH


def bare_rectangle(strip: int) -> Rectangle:
    """Return the ground that is bare when the strip is drawn back."""
    return strip_x(strip), BARE_Y


def soil_height(x: Field, y: Field) -> Field:
    """Return how high the soil lies, metres above the road's level."""
    rough = 0.05 * np.sin(1.9 * x + 0.7 * y) + 0.04 * np.sin(0.8 * x - 2.3 * y + 1.0) + 0.03 * np.sin(3.7 * x + 3.1 * y)
    mx, my, radius, height = MOUND
    away = np.hypot(x - mx, y - my) / radius
    mound = height * np.where(away < 1, np.cos(np.minimum(away, 1) * np.pi / 2) ** 2, 0.0)
    return np.asarray(0.14 + rough + mound)


def _sheet(material: str, x: Field, y: Field, height: Field) -> Solid:
    rows, columns = x.shape
    vertices: list[Point3] = [
        (float(a), float(b), float(c)) for a, b, c in zip(x.flat, y.flat, height.flat, strict=True)
    ]
    faces = tuple(
        (i * columns + j, (i + 1) * columns + j, (i + 1) * columns + j + 1, i * columns + j + 1)
        for i in range(rows - 1)
        for j in range(columns - 1)
    )
    return Solid(material, tuple(vertices), faces, smooth=True)


def _grid(ground: Rectangle) -> tuple[Field, Field]:
    (x0, x1), (y0, y1) = ground
    xs = np.linspace(x0, x1, round((x1 - x0) / STEP) + 1)
    ys = np.linspace(y0, y1, round((y1 - y0) / STEP) + 1)
    x, y = np.meshgrid(xs, ys, indexing="ij")
    return x, y


def soil() -> Solid:
    """Return the soil of the whole zone."""
    x, y = _grid(ZONE)
    return _sheet("bare earth", x, y, soil_height(x, y))


def net(ground: Rectangle, seed: int) -> Solid:
    """Return net that lies in folds on the soil of a rectangle."""
    x, y = _grid(ground)
    random = np.random.default_rng(seed)
    folds = np.zeros_like(x)
    for _ in range(9):
        a, b, phase = random.uniform(-2.6, 2.6), random.uniform(-1.4, 1.4), random.uniform(0, 6.28)
        folds += np.abs(np.sin(a * x + b * y + phase)) / 9
    (x0, x1), _ = ground
    seam = np.exp(-np.minimum(x - x0, x1 - x) / 0.18)
    height = soil_height(x, y) + NET_LIES + 0.22 * folds + 0.07 * seam
    return _sheet("fresh net", x, y, height)


def laid_net(strip: int) -> list[Solid]:
    """Return the net of a strip that can be drawn back, as it lies."""
    return [net(bare_rectangle(strip), 100 + strip)]


def drawn_net(strip: int) -> list[Solid]:
    """Return the same net drawn back: a roll at the far end of its strip."""
    (x0, x1), (_, far) = bare_rectangle(strip)
    middle = (x0 + x1) / 2
    rolls = [cylinder("fresh net", (middle, far + 0.45, 0.5), 0.42, x1 - x0 - 0.2, axis="x", sides=14)]
    rolls.append(cylinder("fresh net", (middle + 0.3, far + 1.1, 0.4), 0.3, x1 - x0 - 0.9, axis="x", sides=12))
    return rolls


def fixed_net() -> list[Solid]:
    """Return the net that is never drawn back, and the stockpiles under net."""
    (_, whole), far = ZONE, (BARE_Y[1], ZONE[1][1])
    parts = [net((strip_x(i), far if i in LAID_BARE else whole), 200 + i) for i in range(STRIPS)]
    return [*parts, *(heap("fresh net", *place, seed=300 + i) for i, place in enumerate(STOCKPILES))]


def surroundings() -> list[Solid]:
    """Return the haul road, grass, hoarding behind, and what stands beyond."""
    (left, right), (near, _) = ZONE
    parts = [
        box("grass", (-400, 400), (HOARDING_Y, 900), (-1.0, 0.0)),
        box("gravel", (-400, 400), (-60, HOARDING_Y), (-1.0, 0.0)),
        box("concrete", (-80, 80), ROAD_Y, (-1.0, 0.03)),
        box("concrete", (left - 7.0, left - 1.0), (ROAD_Y[1], HOARDING_Y - 4), (-1.0, 0.03)),
        box("concrete", (left, right), (ROAD_Y[1], near + 0.12), (-1.0, 0.2)),
        box("concrete", (-80, 80), (HOARDING_Y + 4, HOARDING_Y + 14), (-1.0, 0.03)),
    ]
    parts += [box("dark", (x, x + 0.05), ROAD_Y, (0.0, 0.036)) for x in np.arange(-40, 40, 5.0).tolist()]
    parts += [box("mud", (-80, 80), (y - 0.3, y + 0.3), (0.0, 0.034)) for y in (0.2, 2.2)]
    parts += hoarding((-70.0, 70.0), HOARDING_Y)
    for i in range(3):
        x = -38 + i * 6.1
        parts.append(box("white", (x, x + 6), (38, 40.6), (0.0, 2.7)))
        parts.append(box("blue", (x, x + 6), (37.95, 38), (2.4, 2.7)))
        parts.append(box("glass", (x + 1, x + 2.6), (37.94, 38), (1.0, 2.1)))
    for row, count in enumerate((6, 5, 4)):
        for i in range(count):
            x = 19.0 + i * 0.72 + row * 0.36
            parts.append(cylinder("frame", (x, 14.0, 0.38 + row * 0.62), 0.34, 5.0, axis="y", sides=16))
    return [*parts, *background()]
