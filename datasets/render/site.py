"""The site around the gate as solids: ground, hoarding, wash bay, stockpiles, what stands behind."""

from math import hypot, sin

import numpy as np

from datasets.render.solids import Point3, Solid, bar, box, cylinder

BAY_LANE_X = 0.0
BYPASS_LANE_X = 5.4
BAY_Y = (2.6, 14.0)
GATE_X = (-3.6, 9.2)
"""The gate's opening, in the plane y = 0."""
BAY_X = (BAY_LANE_X - 2.1, BAY_LANE_X + 2.1)
PITCH = 0.25


def ground() -> list[Solid]:
    """Return soil, street, apron with joints, and the mud trucks have left."""
    parts = [
        box("soil", (-900, 900), (-4, 2500), (-1.0, 0.0)),
        box("asphalt", (-150, 150), (-60, -6), (-1.0, 0.012)),
        box("concrete", (-60, 60), (-6, -0.4), (-1.0, 0.02)),
        box("concrete", (GATE_X[0] - 1, GATE_X[1] + 1), (-0.4, 19), (-1.0, 0.02)),
        box("white", (-60, 60), (-6.4, -6.2), (0.0, 0.016)),
    ]
    parts += [box("dark", (GATE_X[0] - 1, GATE_X[1] + 1), (y, y + 0.04), (0.0, 0.024)) for y in (4.5, 9.5, 14.5)]
    parts += [box("dark", (x, x + 0.04), (-6, 19), (0.0, 0.024)) for x in (2.75, -3.0, 8.2)]
    for lane, far in ((BYPASS_LANE_X, 19.2), (BAY_LANE_X, BAY_Y[0])):
        for x in (lane - 1.06, lane + 1.06):
            parts.append(box("mud", (x - 0.28, x + 0.28), (-9.0, far), (0.0, 0.027)))
    return parts


def sheet(material: str, x: tuple[float, float], y: float, z: tuple[float, float]) -> Solid:
    """Return corrugated sheet along x."""
    n = round((x[1] - x[0]) / PITCH) * 4
    wave = (0.0, 0.0, 0.05, 0.05)
    vertices: list[Point3] = []
    for i in range(n + 1):
        vertices += [(x[0] + (x[1] - x[0]) * i / n, y + wave[i % 4], height) for height in z]
    faces = tuple((2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(n))
    return Solid(material, tuple(vertices), faces)


def hoarding(x: tuple[float, float], y: float) -> list[Solid]:
    """Return hoarding along x: plinth, blue sheets with white bands, posts, a rail on top."""
    parts = [
        box("concrete", x, (y - 0.12, y + 0.2), (0.0, 0.35)),
        sheet("band", x, y, (0.35, 0.65)),
        sheet("hoarding", x, y, (0.65, 1.85)),
        sheet("band", x, y, (1.85, 2.3)),
        box("blue", x, (y - 0.03, y + 0.1), (2.3, 2.36)),
    ]
    step = 3.0
    parts += [
        box("white", (x[0] + i * step, x[0] + i * step + 0.1), (y - 0.06, y + 0.12), (0.0, 2.45))
        for i in range(int((x[1] - x[0]) / step) + 1)
    ]
    return parts


def gate() -> list[Solid]:
    """Return the hoarding on both sides, the gate's pillars, and its leaf slid open."""
    left, right = GATE_X
    parts = [
        *hoarding((-60.0, left - 0.9), 0.0),
        *hoarding((right + 0.9, 60.0), 0.0),
        *hoarding((-90.0, 90.0), 62.0),
    ]
    for x in (left - 0.45, right + 0.45):
        parts.append(box("white", (x - 0.45, x + 0.45), (-0.45, 0.45), (0.0, 2.9)))
        parts.append(box("blue", (x - 0.47, x + 0.47), (-0.47, 0.47), (0.9, 1.5)))
        parts.append(box("blue", (x - 0.52, x + 0.52), (-0.52, 0.52), (2.9, 3.05)))
    parts += [bar("steel", (left - 9, 0.4, z), (left - 0.9, 0.4, z), 0.07) for z in (0.25, 1.9)]
    parts.append(box("steel", (left, right), (-0.06, 0.06), (0.0, 0.03)))
    return parts


def bay_nozzles() -> list[Point3]:
    """Return where the wash bay's spray comes from."""
    heights = (0.5, 1.2, 1.9, 2.6)
    return [(x, y, z) for x in BAY_X for y in np.linspace(BAY_Y[0] + 0.9, BAY_Y[1] - 0.9, 7).tolist() for z in heights]


def wash_bay() -> list[Solid]:
    """Return the wash bay: wet floor with gratings, kerbs, spray pipes, a blue and white frame at its far end."""
    (x0, x1), (y0, y1) = BAY_X, BAY_Y
    parts = [box("wet", (x0, x1), (y0, y1), (0.0, 0.03))]
    parts += [box("steel", (x0 + 0.4, x1 - 0.4), (y, y + 0.25), (0.0, 0.04)) for y in (y0 + 0.5, y1 - 0.8)]
    for x in (x0 - 0.15, x1 + 0.15):
        for i in range(12):
            ya = y0 + (y1 - y0) * i / 12
            parts.append(
                box("white" if i % 2 else "blue", (x - 0.12, x + 0.12), (ya, ya + (y1 - y0) / 12), (0.0, 0.26))
            )
        parts += [bar("steel", (x, y0 + 0.6, z), (x, y1 - 0.6, z), 0.05) for z in (0.5, 1.2)]
        parts.append(box("blue", (x - 0.11, x + 0.11), (y0 - 0.1, y0 + 0.12), (0.0, 0.8)))
        for i in range(6):
            z = 4.4 * i / 6
            parts.append(box("blue" if i % 2 else "white", (x - 0.09, x + 0.09), (y1 - 0.4, y1 - 0.22), (z, z + 0.74)))
    for i in range(7):
        x = x0 - 0.25 + (x1 - x0 + 0.5) * i / 7
        parts.append(box("blue" if i % 2 else "white", (x, x + 0.68), (y1 - 0.42, y1 - 0.18), (4.4, 4.66)))
    parts.append(box("concrete", (x0 - 5.2, x0 - 2.6), (y0 + 2, y1 - 2), (0.0, 0.5)))
    parts.append(cylinder("blue", (x0 - 1.6, y1 - 3, 1.0), 0.8, 2.0, axis="z"))
    return parts


def heap(material: str, x: float, y: float, radius: float, height: float, seed: int) -> Solid:
    """Return a stockpile: a rounded cone with lumps."""
    random = np.random.default_rng(seed)
    waves = random.uniform(0.4, 1.8, (8, 2)) * random.choice([-1, 1], (8, 2))
    phases = random.uniform(0, 6.28, 8)
    n = 40
    vertices: list[Point3] = []
    for i in range(n + 1):
        for j in range(n + 1):
            u, v = (2 * i / n - 1) * radius, (2 * j / n - 1) * radius
            lump = sum(sin(a * u + b * v + p) for (a, b), p in zip(waves.tolist(), phases.tolist(), strict=True)) / 8
            slope = max(0.0, 1 - hypot(u, v) / radius * (1 + 0.15 * lump))
            z = height * (slope * 1.25 if slope < 0.7 else 0.875 + (slope - 0.7) * 0.4) + 0.35 * lump * (slope > 0)
            vertices.append((x + u, y + v, z if slope > 0 else -0.3))
    m = n + 1
    faces = tuple((i * m + j, (i + 1) * m + j, (i + 1) * m + j + 1, i * m + j + 1) for i in range(n) for j in range(n))
    return Solid(material, tuple(vertices), faces, smooth=True)


def yard(seed: int) -> list[Solid]:
    """Return stockpiles, bare and under net, and pipes."""
    places = [
        ("heap", -17.0, 20.0, 8.0, 3.6),
        ("net", -30.0, 30.0, 11.0, 5.0),
        ("heap", -12.0, 43.0, 9.0, 4.2),
        ("net", 6.0, 47.0, 9.0, 4.4),
        ("net", -45.0, 46.0, 12.0, 5.5),
        ("heap", -34.0, 14.0, 6.0, 2.6),
    ]
    parts = [heap(m, x, y, r, h, seed + i) for i, (m, x, y, r, h) in enumerate(places)]
    for row, count in enumerate((5, 4, 3)):
        for i in range(count):
            x = -12.6 + i * 0.72 + row * 0.36
            parts.append(cylinder("frame", (x, 9.0, 0.38 + row * 0.62), 0.34, 4.0, axis="y", sides=16))
    return parts


def building(x: float, y: float, floors: int, bays: int) -> list[Solid]:
    """Return a concrete shell going up, its lower floors behind green scaffold net."""
    width, depth, rise = bays * 4.0, 12.0, 3.2
    parts: list[Solid] = []
    for floor in range(floors + 1):
        z = floor * rise
        parts.append(box("frame", (x, x + width), (y, y + depth), (z, z + 0.3)))
        if floor < floors:
            for i in range(bays + 1):
                cx = x + i * 4.0
                parts.append(box("frame", (cx - 0.3, cx + 0.3), (y + 0.2, y + 0.8), (z, z + rise)))
            parts.append(box("frame", (x, x + width), (y + 5, y + 5.3), (z, z + rise)))
    parts.append(box("scaffold", (x - 1, x + width + 1), (y - 1.2, y - 1.1), (0.0, floors * rise * 0.6)))
    parts += [
        bar("steel", (x + i * 2.0, y - 1.3, 0), (x + i * 2.0, y - 1.3, floors * rise + 1), 0.1) for i in range(bays * 2)
    ]
    return parts


def crane(x: float, y: float, height: float) -> list[Solid]:
    """Return a tower crane."""
    parts = [bar("crane", (x + u, y + v, 0), (x + u, y + v, height), 0.2) for u in (-0.8, 0.8) for v in (-0.8, 0.8)]
    parts += [
        box("crane", (x - 0.9, x + 0.9), (y - 0.9, y + 0.9), (z, z + 0.15)) for z in np.arange(0, height, 2.0).tolist()
    ]
    parts += [bar("crane", (x - 14, y, height + z), (x + 42, y, height + z), 0.25) for z in (0.0, 1.4)]
    parts.append(box("frame", (x - 14, x - 10), (y - 0.8, y + 0.8), (height - 2.2, height)))
    return parts


def background() -> list[Solid]:
    """Return buildings going up, a crane, site offices."""
    parts = [*building(-62, 78, 7, 7), *building(-22, 84, 9, 6), *building(14, 80, 5, 6), *crane(-28, 74, 40)]
    for i in range(5):
        for floor in range(2):
            x, z = -44 + i * 6.1, floor * 2.8
            parts.append(box("white", (x, x + 6), (56, 58.6), (z, z + 2.7)))
            parts.append(box("blue", (x, x + 6), (55.95, 56), (z + 2.4, z + 2.7)))
            parts.append(box("glass", (x + 1, x + 2.6), (55.94, 56), (z + 1.0, z + 2.1)))
    return parts
