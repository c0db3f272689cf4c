"""Solids to model with: boxes, prisms and cylinders as vertices and faces, knowing nothing of the renderer."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

Point3 = tuple[float, float, float]
Face = tuple[int, ...]

BOX_FACES: tuple[Face, ...] = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))


@dataclass(frozen=True)
class Solid:
    """A closed or open surface of one material; metres, z up."""

    material: str
    vertices: tuple[Point3, ...]
    faces: tuple[Face, ...]
    smooth: bool = False

    def moved(self, dx: float, dy: float, dz: float = 0.0) -> "Solid":
        """Return the same solid elsewhere."""
        vertices = tuple((x + dx, y + dy, z + dz) for x, y, z in self.vertices)
        return Solid(self.material, vertices, self.faces, self.smooth)


def box(material: str, x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Solid:
    """Return an upright box between the given bounds."""
    return frustum(material, (x, y, z[0]), (x, y, z[1]))


Rectangle = tuple[tuple[float, float], tuple[float, float], float]
"""Bounds in x, bounds in y, height."""


def frustum(material: str, bottom: Rectangle, top: Rectangle) -> Solid:
    """Return the solid between two level rectangles."""
    corners: list[Point3] = []
    for (x0, x1), (y0, y1), z in (bottom, top):
        corners += [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]
    return Solid(material, tuple(corners), BOX_FACES)


def profile(material: str, outline: Sequence[tuple[float, float]], y: tuple[float, float]) -> Solid:
    """Return a prism along y whose outline in (x, z) is given anticlockwise as seen from -y."""
    n = len(outline)
    vertices = tuple((px, side, pz) for side in y for px, pz in outline)
    sides = tuple((i, (i + 1) % n, n + (i + 1) % n, n + i) for i in range(n))
    return Solid(material, vertices, (tuple(range(n - 1, -1, -1)), tuple(range(n, 2 * n)), *sides))


def bar(material: str, start: Point3, end: Point3, thickness: float) -> Solid:
    """Return a square bar between two points."""
    half = thickness / 2
    delta = [abs(b - a) for a, b in zip(start, end, strict=True)]
    axis = delta.index(max(delta))
    across = [i for i in range(3) if i != axis]
    vertices: list[Point3] = []
    for point in (start, end):
        for u, v in ((-half, -half), (half, -half), (half, half), (-half, half)):
            corner = list(point)
            corner[across[0]] += u
            corner[across[1]] += v
            vertices.append((corner[0], corner[1], corner[2]))
    return Solid(material, tuple(vertices), BOX_FACES)


def cylinder(material: str, centre: Point3, radius: float, length: float, *, axis: str = "y", sides: int = 24) -> Solid:
    """Return a cylinder around its centre along one axis."""
    rings: list[Point3] = []
    for end in (-length / 2, length / 2):
        for i in range(sides):
            u, v = radius * cos(2 * pi * i / sides), radius * sin(2 * pi * i / sides)
            offset = {"x": (end, u, v), "y": (u, end, v), "z": (u, v, end)}[axis]
            rings.append((centre[0] + offset[0], centre[1] + offset[1], centre[2] + offset[2]))
    walls = tuple((i, (i + 1) % sides, sides + (i + 1) % sides, sides + i) for i in range(sides))
    return Solid(material, tuple(rings), (tuple(range(sides - 1, -1, -1)), tuple(range(sides, 2 * sides)), *walls))
