"""A Chinese dump truck as solids: forward is +x, left is +y, the origin lies on the ground under its middle."""

from dataclasses import replace
from math import sin

from datasets.render.solids import Point3, Solid, bar, box, cylinder, frustum, profile

WHEEL_RADIUS = 0.54
HALF_WIDTH = 1.25
NOSE = 4.3
CAB_BACK = 2.35
BODY = (-4.3, 2.1)
BODY_FLOOR = 1.3
BODY_TOP = 2.85
AXLES = {3: (2.95, -1.75, -3.15), 4: (3.05, 1.25, -1.75, -3.15)}
PAINT, DARK, GLASS, CHROME, RUBBER = "paint", "dark", "glass", "chrome", "rubber"


def wheel_places(axles: int) -> list[Point3]:
    """Return the middles of the wheels; the rear axles carry wide ones (two tyres)."""
    height = WHEEL_RADIUS
    return [(x, side * (HALF_WIDTH - 0.19), height) for x in AXLES[axles] for side in (-1, 1)]


def wheel(side: int) -> list[Solid]:
    """Return a wheel around the origin whose outer side looks to `side` (+1 left)."""
    out = side * 0.17
    parts = [
        cylinder(RUBBER, (0, 0, 0), WHEEL_RADIUS, 0.32, sides=28),
        cylinder("hub", (0, out, 0), 0.31, 0.03, sides=20),
        cylinder(DARK, (0, out + side * 0.02, 0), 0.22, 0.02, sides=16),
        cylinder("hub", (0, out + side * 0.05, 0), 0.12, 0.08, sides=12),
    ]
    for u, v in ((0.17, 0), (-0.17, 0), (0, 0.17), (0, -0.17)):
        parts.append(cylinder("hub", (u, out + side * 0.04, v), 0.035, 0.04, sides=6))
    return parts


def cab() -> list[Solid]:
    """Return the cab: shell with a sloped windscreen, windows, grille, lights, bumper, mirrors, visor."""
    w = HALF_WIDTH
    outline = [(CAB_BACK, 0.95), (NOSE, 0.95), (NOSE, 1.9), (NOSE - 0.22, 2.82), (NOSE - 0.5, 3.08), (CAB_BACK, 3.08)]
    parts = [profile(PAINT, outline, (-w + 0.03, w - 0.03))]
    screen = [(NOSE + 0.012, 1.92), (NOSE + 0.012, 1.93), (NOSE - 0.205, 2.8), (NOSE - 0.22, 2.8)]
    parts.append(profile(GLASS, [(NOSE - 0.05, 1.92), *screen], (-w + 0.13, w - 0.13)))
    parts.append(
        frustum(PAINT, ((NOSE - 0.3, NOSE + 0.12), (-1.05, 1.05), 2.86), ((NOSE - 0.4, NOSE), (-1.0, 1.0), 2.94))
    )
    parts.append(box("black", (NOSE - 0.1, NOSE + 0.02), (-0.85, 0.85), (1.18, 1.72)))
    parts += [box(CHROME, (NOSE, NOSE + 0.04), (-0.8, 0.8), (z, z + 0.045)) for z in (1.25, 1.4, 1.55)]
    parts.append(box(CHROME, (NOSE, NOSE + 0.05), (-0.2, 0.2), (1.74, 1.86)))
    parts.append(frustum(PAINT, ((3.5, NOSE + 0.1), (-w, w), 0.42), ((3.5, NOSE + 0.14), (-w, w), 0.98)))
    parts.append(box("black", (NOSE + 0.1, NOSE + 0.15), (-0.6, 0.6), (0.52, 0.84)))
    parts.append(box("plate", (NOSE + 0.14, NOSE + 0.17), (-0.24, 0.24), (0.6, 0.76)))
    for side in (-1, 1):
        parts += _cab_side(side)
    return parts


def _cab_side(side: int) -> list[Solid]:
    """Return what one side of the cab carries."""
    w = HALF_WIDTH

    def y(inner: float, outer: float) -> tuple[float, float]:
        return (inner, outer) if side > 0 else (-outer, -inner)

    window = [(2.95, 1.95), (3.98, 1.95), (3.82, 2.7), (2.95, 2.7)]
    return [
        profile(GLASS, window, y(w - 0.1, w - 0.015)),
        box("black", (2.86, 2.88), y(w - 0.1, w - 0.018), (1.05, 2.8)),
        box("black", (4.02, 4.04), y(w - 0.1, w - 0.018), (1.05, 1.95)),
        box("black", (2.92, 3.14), y(w - 0.1, w + 0.03), (1.68, 1.75)),
        box("lamp", (NOSE + 0.06, NOSE + 0.16), y(0.72, 1.16), (0.6, 0.86)),
        box("amber", (NOSE - 0.02, NOSE + 0.03), y(1.0, 1.18), (1.05, 1.17)),
        box("black", (3.75, 4.0), y(w + 0.1, w + 0.32), (1.95, 2.6)),
        bar("black", (3.9, side * (w - 0.05), 2.65), (3.9, side * (w + 0.25), 2.65), 0.05),
        bar("black", (3.9, side * (w - 0.05), 1.98), (3.9, side * (w + 0.25), 1.98), 0.05),
        box("amber", (3.3, 3.5), y(0.75, 0.95), (3.08, 3.17)),
        box("black", (3.62, 4.1), y(w - 0.25, w + 0.02), (0.42, 0.5)),
        *_arch(2.95, y(w - 0.3, w + 0.03)),
    ]


def _arch(x: float, y: tuple[float, float]) -> list[Solid]:
    """Return a mudguard over the wheel at `x`."""
    r = WHEEL_RADIUS + 0.1
    steps = [(-1.0, 0.1), (-0.8, 0.62), (-0.4, 0.93), (0.4, 0.93), (0.8, 0.62), (1.0, 0.1)]
    inner = [(x + u * r, WHEEL_RADIUS + v * r) for u, v in steps]
    outer = [(x + u * (r + 0.07), WHEEL_RADIUS + v * (r + 0.07)) for u, v in steps]
    pieces = zip(outer, outer[1:], inner[1:], inner, strict=False)
    return [profile("black", [a, d, c, b], y) for a, b, c, d in pieces]


def chassis(axles: int) -> list[Solid]:
    """Return the frame, the axles, the tank and the rear mudguards."""
    parts = [box(DARK, (-4.2, 3.9), (side - 0.12, side + 0.12), (0.85, 1.15)) for side in (-0.42, 0.42)]
    parts += [cylinder(DARK, (x, 0, WHEEL_RADIUS), 0.14, 2.1) for x in AXLES[axles]]
    parts += [box(DARK, (-4.1, 4.0), (-0.95, 0.95), (0.62, 0.86))]
    tank_x = 0.05 if axles == 3 else -0.2
    parts.append(cylinder(CHROME, (tank_x, -0.92, 0.82), 0.3, 1.2, axis="x", sides=16))
    parts.append(box(DARK, (tank_x - 0.5, tank_x + 0.5), (0.65, 1.2), (0.55, 1.1)))
    for side in (-1, 1):
        y = (0.7, 1.22) if side > 0 else (-1.22, -0.7)
        parts.append(box("black", (-4.0, -0.95), y, (1.16, 1.2)))
        parts.append(box("black", (-4.02, -3.97), y, (0.4, 1.2)))
        if axles == 4:
            parts += _arch(AXLES[4][1], y)
        parts.append(box("amber", (-4.34, -4.3), (side * 0.95 - 0.12, side * 0.95 + 0.12), (0.9, 1.0)))
        parts.append(bar("paint", (-0.7, side * 1.2, 0.95), (0.55, side * 1.2, 0.95), 0.09))
        parts.append(bar("paint", (-0.7, side * 1.2, 0.65), (0.55, side * 1.2, 0.65), 0.09))
    return parts


def _body() -> list[Solid]:
    """Return the dump body: floor, walls with ribs and rails, the shield over the cab, and the load."""
    w, (back, front), floor, top = HALF_WIDTH, BODY, BODY_FLOOR, BODY_TOP
    parts = [box(PAINT, (back, front), (-w + 0.1, w - 0.1), (floor - 0.12, floor + 0.05))]
    parts.append(box(PAINT, (front - 0.08, front), (-w + 0.05, w - 0.05), (floor, top + 0.3)))
    parts.append(box(PAINT, (back, back + 0.08), (-w + 0.05, w - 0.05), (floor, top - 0.05)))
    parts.append(box(PAINT, (front - 0.08, front + 0.75), (-w + 0.1, w - 0.1), (top + 0.3, top + 0.36)))
    for side in (-1, 1):
        inner, outer = w - 0.12, w - 0.06

        def y(a: float, b: float, side: int = side) -> tuple[float, float]:
            return (a, b) if side > 0 else (-b, -a)

        parts.append(box(PAINT, (back, front), y(inner, outer), (floor, top)))
        parts.append(box(PAINT, (back, front), y(inner - 0.03, w + 0.02), (top - 0.06, top + 0.06)))
        parts.append(box(PAINT, (back, front), y(inner - 0.03, w + 0.01), (floor - 0.12, floor + 0.08)))
        count = 9
        for i in range(count):
            x = back + 0.07 + (front - back - 0.14) * i / (count - 1)
            parts.append(box(PAINT, (x - 0.055, x + 0.055), y(inner, w + 0.01), (floor, top)))
    parts.append(_load())
    return parts


def _load() -> Solid:
    """Return the soil it carries, heaped and lumpy."""
    nx, ny = 16, 8
    x0, x1 = BODY[0] + 0.08, BODY[1] - 0.08
    vertices: list[Point3] = []
    for i in range(nx + 1):
        for j in range(ny + 1):
            u, v = i / nx, j / ny
            heap = sin(3.1416 * u) ** 0.6 * sin(3.1416 * v) ** 0.8 if 0 < u < 1 and 0 < v < 1 else 0.0
            lump = 0.06 * sin(9.1 * i + 4.3 * j) * (heap > 0)
            vertices.append((x0 + (x1 - x0) * u, (v - 0.5) * 2.26, BODY_TOP - 0.3 + 0.5 * heap + lump))
    n = ny + 1
    faces = tuple(
        (i * n + j, (i + 1) * n + j, (i + 1) * n + j + 1, i * n + j + 1) for i in range(nx) for j in range(ny)
    )
    return Solid("load", tuple(vertices), faces, smooth=True)


def truck(axles: int) -> list[Solid]:
    """Return everything of a truck but its wheels; solids of material `paint` take the truck's colour."""
    return [*cab(), *chassis(axles), *_body()]


CLEAN_IN_MUD = frozenset({GLASS, "load", "lamp", "plate"})
"""What a muddy truck's wipers, its load and its driver keep free of mud."""


def muddied(solids: list[Solid], colour: str) -> list[Solid]:
    """Return the solids of a truck or a wheel with mud on them; `colour` is the truck's."""
    made = []
    for solid in solids:
        named = f"{PAINT}:{colour}" if solid.material == PAINT else solid.material
        made.append(solid if named in CLEAN_IN_MUD else replace(solid, material=f"muddy:{named}"))
    return made


def outline_points(axles: int) -> list[Point3]:
    """Return points whose outline is the truck's: all its vertices, and the wheels'."""
    points = [vertex for solid in truck(axles) for vertex in solid.vertices]
    for place in wheel_places(axles):
        points += cylinder(RUBBER, place, WHEEL_RADIUS, 0.32, sides=12).vertices
    return points
