"""What moves on a site besides dump trucks: mixers, tankers, box lorries, excavators, cars and people, as solids. Pure.

Everything faces +x and stands on the ground around the origin. Material `paint` takes the object's own colour.
"""

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np

from datasets.render.solids import Point3, Solid, bar, box, cylinder, frustum, profile
from datasets.render.truck import BODY, HALF_WIDTH, cab, chassis, truck


def sphere(material: str, centre: Point3, radii: Point3, rings: int = 7, sides: int = 12) -> Solid:
    """Return an ellipsoid."""
    vertices: list[Point3] = [(centre[0], centre[1], centre[2] - radii[2])]
    for ring in range(1, rings):
        z, wide = -cos(pi * ring / rings), sin(pi * ring / rings)
        for side in range(sides):
            a = 2 * pi * side / sides
            vertices.append(
                (centre[0] + radii[0] * wide * cos(a), centre[1] + radii[1] * wide * sin(a), centre[2] + radii[2] * z)
            )
    vertices.append((centre[0], centre[1], centre[2] + radii[2]))
    last = len(vertices) - 1
    faces: list[tuple[int, ...]] = [(0, 1 + (i + 1) % sides, 1 + i) for i in range(sides)]
    for ring in range(rings - 2):
        a, b = 1 + ring * sides, 1 + (ring + 1) * sides
        faces += [(a + i, a + (i + 1) % sides, b + (i + 1) % sides, b + i) for i in range(sides)]
    top = 1 + (rings - 2) * sides
    faces += [(last, top + i, top + (i + 1) % sides) for i in range(sides)]
    return Solid(material, tuple(vertices), tuple(faces), smooth=True)


def lathe(material: str, outline: list[tuple[float, float]], z: float, tilt: float, sides: int = 20) -> Solid:
    """Return a body of revolution about an axis along x at height `z`, tilted upwards by `tilt` radians to the rear."""
    vertices: list[Point3] = []
    for x, radius in outline:
        for i in range(sides):
            y, up = radius * cos(2 * pi * i / sides), radius * sin(2 * pi * i / sides)
            vertices.append((x * cos(tilt) + up * sin(tilt), y, z - x * sin(tilt) + up * cos(tilt)))
    faces = tuple(
        (r * sides + i, r * sides + (i + 1) % sides, (r + 1) * sides + (i + 1) % sides, (r + 1) * sides + i)
        for r in range(len(outline) - 1)
        for i in range(sides)
    )
    return Solid(material, tuple(vertices), faces, smooth=True)


def dump_truck(axles: int) -> list[Solid]:
    """Return a loaded dump truck without its wheels."""
    return truck(axles)


def mixer(axles: int) -> list[Solid]:
    """Return a concrete mixer without its wheels."""
    drum = [(-3.9, 0.45), (-3.2, 0.75), (-1.6, 1.18), (0.2, 1.18), (1.3, 0.8), (1.6, 0.3)]
    return [
        *cab(),
        *chassis(axles),
        lathe("drum", drum, 2.35, 0.16),
        frustum("paint", ((-4.2, -3.6), (-0.4, 0.4), 2.9), ((-4.5, -3.4), (-0.6, 0.6), 3.6)),
        bar("paint", (-4.0, 0.5, 1.2), (-4.0, 0.5, 2.9), 0.14),
        bar("paint", (-4.0, -0.5, 1.2), (-4.0, -0.5, 2.9), 0.14),
        box("paint", (1.5, 2.1), (-0.9, 0.9), (1.2, 2.3)),
    ]


def tanker(axles: int) -> list[Solid]:
    """Return a water tanker without its wheels."""
    tank = [(BODY[0], 0.1), (BODY[0] + 0.1, 1.05), (BODY[1] - 0.1, 1.05), (BODY[1], 0.1)]
    return [
        *cab(),
        *chassis(axles),
        lathe("paint", tank, 2.2, 0.0),
        box("dark", (BODY[0], BODY[1]), (-0.8, 0.8), (1.1, 1.3)),
    ]


def box_lorry(axles: int) -> list[Solid]:
    """Return a lorry with a closed body, without its wheels."""
    w = HALF_WIDTH
    return [*cab(), *chassis(axles), box("body", (BODY[0] - 0.2, BODY[1]), (-w, w), (1.2, 3.5))]


def flatbed(axles: int) -> list[Solid]:
    """Return a lorry with an open platform that carries steel bars, without its wheels."""
    w = HALF_WIDTH
    parts = [*cab(), *chassis(axles), box("paint", (BODY[0] - 0.2, BODY[1]), (-w, w), (1.2, 1.35))]
    parts.append(box("paint", (BODY[1] - 0.1, BODY[1]), (-w, w), (1.35, 2.4)))
    for i in range(7):
        y = -0.9 + 0.3 * i
        parts.append(bar("steel", (BODY[0] - 0.6, y, 1.5), (BODY[1] - 0.3, y, 1.5), 0.18))
    return parts


LORRIES: dict[str, Callable[[int], list[Solid]]] = {
    "dump": dump_truck,
    "mixer": mixer,
    "tanker": tanker,
    "box": box_lorry,
    "flatbed": flatbed,
}


def _beam(material: str, start: tuple[float, float], end: tuple[float, float], width: float, height: float) -> Solid:
    """Return a slanting beam in the plane y = 0, from (x, z) to (x, z)."""
    dx, dz = end[0] - start[0], end[1] - start[1]
    long = (dx * dx + dz * dz) ** 0.5
    nx, nz = -dz / long * height / 2, dx / long * height / 2
    outline = [(start[0] - nx, start[1] - nz), (end[0] - nx, end[1] - nz), (end[0] + nx, end[1] + nz)]
    outline.append((start[0] + nx, start[1] + nz))
    return profile(material, outline, (-width / 2, width / 2))


def excavator(reach: float, swing: float) -> list[Solid]:
    """Return an excavator; `reach` 0..1 stretches its arm, `swing` (radians) turns the house on its tracks."""
    parts: list[Solid] = []
    for side in (-1, 1):
        y = (0.95, 1.5) if side > 0 else (-1.5, -0.95)
        outline = [(-1.7, 0.0), (1.7, 0.0), (2.05, 0.35), (1.9, 0.85), (-1.9, 0.85), (-2.05, 0.35)]
        parts.append(profile("track", outline, y))
    parts.append(box("dark", (-0.8, 0.8), (-1.0, 1.0), (0.4, 1.05)))
    house = [
        profile("paint", [(-2.3, 1.05), (0.9, 1.05), (0.9, 1.9), (-0.4, 2.1), (-2.1, 2.1), (-2.4, 1.7)], (-1.3, 1.3)),
        profile("paint", [(-0.3, 1.05), (1.4, 1.05), (1.55, 1.9), (1.2, 2.95), (-0.2, 2.95)], (0.35, 1.3)),
        profile("glass", [(0.1, 1.9), (1.48, 1.9), (1.22, 2.8), (0.1, 2.8)], (0.33, 1.32)),
        box("dark", (-2.42, -2.3), (-1.1, 1.1), (1.2, 1.6)),
        cylinder("dark", (-1.6, -0.9, 2.3), 0.09, 0.6, axis="z", sides=8),
    ]
    elbow = (3.2 + 1.2 * reach, 3.9 - 0.6 * reach)
    wrist = (4.6 + 2.4 * reach, 1.9 - 0.3 * reach)
    house += [
        _beam("paint", (0.7, 1.5), (2.1, 3.6), 0.5, 0.6),
        _beam("paint", (2.0, 3.5), elbow, 0.45, 0.5),
        _beam("paint", elbow, wrist, 0.36, 0.42),
        _beam("steel", (1.4, 1.7), (2.4, 3.2), 0.14, 0.14),
        profile("dark", _bucket(wrist), (-0.55, 0.55)),
    ]
    c, s = cos(swing), sin(swing)
    for solid in house:
        vertices = tuple((x * c - y * s, x * s + y * c, z) for x, y, z in solid.vertices)
        parts.append(Solid(solid.material, vertices, solid.faces, solid.smooth))
    return parts


def _bucket(wrist: tuple[float, float]) -> list[tuple[float, float]]:
    x, z = wrist
    return [(x - 0.9, z - 0.5), (x - 0.2, z - 1.0), (x + 0.25, z - 0.6), (x + 0.15, z + 0.05)]


def car(style: int) -> list[Solid]:
    """Return a car with its wheels; style 0 saloon, 1 estate or off-roader, 2 van."""
    w = 0.9
    body = [(-2.2, 0.3), (2.2, 0.3), (2.25, 0.75), (1.2, 0.95), (-2.15, 1.0)]
    roof = {
        0: [(-1.7, 0.95), (1.0, 0.9), (0.3, 1.45), (-1.0, 1.45)],
        1: [(-2.1, 0.95), (1.1, 0.9), (0.4, 1.75), (-2.0, 1.7)],
        2: [(-2.2, 0.95), (1.7, 0.9), (1.0, 2.0), (-2.15, 2.05)],
    }[style]
    parts = [profile("paint", body, (-w, w)), profile("paint", roof, (-w + 0.1, w - 0.1))]
    middle = (sum(x for x, _ in roof) / 4, sum(z for _, z in roof) / 4)
    inner = [(middle[0] + (x - middle[0]) * 0.86, middle[1] + (z - middle[1]) * 0.7) for x, z in roof]
    parts.append(profile("glass", inner, (-w + 0.08, w - 0.08)))
    parts.append(box("glass", (roof[1][0] - 0.55, roof[1][0] - 0.2), (-w + 0.2, w - 0.2), (1.0, 1.2)))
    for x in (-1.35, 1.4):
        for side in (-1, 1):
            parts.append(cylinder("rubber", (x, side * (w - 0.1), 0.33), 0.33, 0.22, sides=18))
            parts.append(cylinder("hub", (x, side * (w + 0.01), 0.33), 0.19, 0.02, sides=12))
    parts += [box("lamp", (2.15, 2.27), (y - 0.2, y + 0.2), (0.6, 0.75)) for y in (-0.6, 0.6)]
    parts.append(box("black", (2.2, 2.28), (-0.35, 0.35), (0.35, 0.6)))
    return parts


def person(stride: float) -> list[Solid]:
    """Return a worker; `stride` 0..1 sets the legs apart, material `paint` is the waistcoat."""
    step = 0.25 * stride
    parts = [bar("trousers", (side * step, side * 0.1, 0.05), (0.0, side * 0.1, 0.85), 0.17) for side in (-1, 1)]
    parts += [
        sphere("paint", (0, 0, 1.12), (0.16, 0.24, 0.36)),
        sphere("skin", (0, 0, 1.58), (0.1, 0.09, 0.13)),
        sphere("helmet", (0, 0, 1.68), (0.15, 0.13, 0.1)),
    ]
    parts += [bar("paint", (0, side * 0.27, 1.35), (side * step * 0.8, side * 0.3, 0.85), 0.11) for side in (-1, 1)]
    return parts


def tree(random: np.random.Generator) -> list[Solid]:
    """Return a broad-leaved tree of lumpy ellipsoids."""
    height = float(random.uniform(3, 9))
    parts = [cylinder("bark", (0, 0, height * 0.25), 0.12 + height * 0.015, height * 0.5, axis="z", sides=8)]
    for _ in range(int(random.integers(5, 10))):
        x, y = random.normal(0, height * 0.14, 2).tolist()
        z = float(random.uniform(0.4, 0.95)) * height
        r = float(random.uniform(0.14, 0.25)) * height
        parts.append(sphere("leaf", (x, y, z), (r, r, r * 0.8), 6, 9))
    return parts
