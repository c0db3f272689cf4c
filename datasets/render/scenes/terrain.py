"""The ground of a site as a grid: heights, what each cell is made of, and the nets laid over it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from datasets.render.scenes.noise import Field, rough, share, smooth

CELL = 0.3
"""Metres; side of a grid cell."""

Mask = NDArray[np.bool_]


class Kind(IntEnum):
    """What a cell of the ground is made of."""

    SOIL = 0
    GRASS = 1
    GRAVEL = 2
    SAND = 3
    WATER = 4
    HARD = 5
    """Concrete or asphalt between beds of soil."""


@dataclass(frozen=True)
class Net:
    """One net: the cells it covers, and which of the scene's net colours it has."""

    covers: Mask
    look: int


def covered(nets: Iterable[Net], shape: tuple[int, int]) -> Mask:
    """Return which of the grid's cells lie under one of the nets."""
    found = np.zeros(shape, bool)
    for net in nets:
        found |= net.covers
    return found


@dataclass(frozen=True)
class Terrain:
    """The ground; row 0 lies at y = `origin[1]`, column 0 at x = `origin[0]`; heights in metres at the corners.

    `heights` has one row and one column more than `kinds`.
    """

    origin: tuple[float, float]
    heights: Field
    kinds: NDArray[np.uint8]
    nets: tuple[Net, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return int(self.kinds.shape[0]), int(self.kinds.shape[1])

    def netted(self) -> Mask:
        """Return which cells lie under a net."""
        return covered(self.nets, self.shape)

    def centres(self) -> NDArray[np.float64]:
        """Return the middle of each cell, (rows, columns, 3), metres."""
        rows, columns = self.shape
        x = self.origin[0] + (np.arange(columns) + 0.5) * CELL
        y = self.origin[1] + (np.arange(rows) + 0.5) * CELL
        h = self.heights
        z = (h[:-1, :-1] + h[1:, :-1] + h[:-1, 1:] + h[1:, 1:]) / 4
        return np.stack([np.broadcast_to(x, z.shape), np.broadcast_to(y[:, None], z.shape), z], axis=2)

    def height_at(self, x: float, y: float) -> float:
        """Return the ground's height at a place; outside the grid, that of its nearest corner."""
        row = int(np.clip(round((y - self.origin[1]) / CELL), 0, self.shape[0]))
        column = int(np.clip(round((x - self.origin[0]) / CELL), 0, self.shape[1]))
        return float(self.heights[row, column])


@dataclass(frozen=True)
class TerrainPlan:
    """How much of what the ground has; shares of the whole, 0..1."""

    width: float
    depth: float
    grass: float
    gravel: float
    puddles: float
    heaps: int
    sand_heaps: int
    netted_heaps: float
    netted_flat: float
    roughness: float
    pit: bool
    level: tuple[tuple[float, float, float, float], ...]
    """Rectangles (x0, y0, x1, y1) that are kept level and free of heaps: roads, slabs, standing places."""
    beds: int = 0
    """Rectangles of soil in ground that is hard everywhere else; 0 is a site of soil."""
    strips: int = 0
    """Strips of net, side by side over one yard of soil, some of them drawn away; 0 is a site without such a yard."""


class _Grid:
    """The grid while it is being shaped."""

    def __init__(self, plan: TerrainPlan, random: np.random.Generator) -> None:
        rows, columns = round(plan.depth / CELL), round(plan.width / CELL)
        self.plan, self.random = plan, random
        self.origin = (-plan.width / 2, 0.0)
        self.shape = (rows, columns)
        y, x = np.mgrid[0 : rows + 1, 0 : columns + 1]
        self.x, self.y = self.origin[0] + x * CELL, y * CELL
        corners = (rows + 1, columns + 1)
        self.heights = (rough(random, corners, 30, 6) - 0.5) * plan.roughness
        self.kinds = np.full(self.shape, Kind.SOIL, np.uint8)
        self.free = np.ones(self.shape, bool)
        self.nets: list[Net] = []

    def cells(self, at_corners: NDArray[np.bool_]) -> Mask:
        """Return the cells whose lower left corner is true."""
        return np.asarray(at_corners[:-1, :-1], bool)

    def paint(self, kind: Kind, wanted: float, size: float) -> None:
        """Lay patches of a kind."""
        self.kinds[share(rough(self.random, self.shape, size, 5), wanted)] = kind

    def flatten(self) -> None:
        for x0, y0, x1, y1 in self.plan.level:
            inside = (self.x >= x0 - 0.6) & (self.x <= x1 + 0.6) & (self.y >= y0 - 0.6) & (self.y <= y1 + 0.6)
            self.heights[inside] = 0.0
            self.free[self.cells((self.x >= x0 - 1) & (self.x <= x1 + 1) & (self.y >= y0 - 1) & (self.y <= y1 + 1))] = (
                False
            )

    def heap(self, kind: Kind, netted: bool) -> None:
        """Raise one heap somewhere free, and lay a net over it where asked."""
        plan, random = self.plan, self.random
        radius = float(random.uniform(2.5, 9.0))
        for _ in range(20):
            cx = float(random.uniform(-plan.width / 2 + radius, plan.width / 2 - radius))
            cy = float(random.uniform(radius + 2, max(radius + 3, plan.depth - radius)))
            turn, long = float(random.uniform(0, pi)), float(random.uniform(1.0, 2.0))
            u = (self.x - cx) * cos(turn) + (self.y - cy) * sin(turn)
            v = (self.y - cy) * cos(turn) - (self.x - cx) * sin(turn)
            lump = rough(random, self.x.shape, 10, 5)
            away = np.hypot(u / long, v) / radius * (0.75 + 0.5 * lump)
            inside = self.cells(away < 1)
            if self.free[inside].all() and inside.any():
                break
        else:
            return
        top = radius * float(random.uniform(0.25, 0.55))
        slope = np.clip(1 - away, 0, None) ** float(random.uniform(0.7, 1.1))
        self.heights += np.minimum(slope * top, top * float(random.uniform(0.6, 1.0))) + (away < 1) * 0.25 * (
            lump - 0.4
        )
        self.kinds[inside] = kind
        self.free[inside] = False
        if netted:
            self.cover(self.cells(away < float(random.uniform(0.9, 1.12))))

    def cover(self, cells: Mask) -> None:
        """Lay a net: whole, torn, or only half way."""
        random = self.random
        cells = cells & ~self.netted()
        state = random.choice(["whole", "torn", "half"], p=[0.5, 0.3, 0.2])
        if state == "torn":
            cells = cells & ~share(rough(random, self.shape, 12, 5), float(random.uniform(0.05, 0.3)))
        elif state == "half" and cells.any():
            rows, columns = np.nonzero(cells)
            angle = float(random.uniform(0, 2 * pi))
            along = columns * cos(angle) + rows * sin(angle) + 6 * smooth(random, self.shape, 15)[rows, columns]
            kept = along < np.quantile(along, float(random.uniform(0.35, 0.75)))
            cells = np.zeros(self.shape, bool)
            cells[rows[kept], columns[kept]] = True
        if cells.any():
            self.nets.append(Net(cells, int(random.integers(2))))

    def flat_net(self) -> None:
        """Lay a net over level ground, in one piece with uneven edges."""
        plan, random = self.plan, self.random
        width, depth = random.uniform(6, plan.width * 0.6), random.uniform(5, plan.depth * 0.5)
        cx = random.uniform(-plan.width / 2 + width / 2, plan.width / 2 - width / 2)
        cy = random.uniform(1 + depth / 2, plan.depth - depth / 2)
        wave = smooth(random, self.shape, 10) * 1.2
        x, y = self.x[:-1, :-1], self.y[:-1, :-1]
        inside = (np.abs(x - cx) < width / 2 - wave) & (np.abs(y - cy) < depth / 2 - wave)
        self.cover(inside & self._off_the_road())

    def lay_beds(self) -> None:
        """Make the ground hard but for rectangles of soil, each under nets with straight edges in part."""
        plan, random = self.plan, self.random
        self.kinds[:] = Kind.HARD
        self.heights *= 0.15
        x, y = self.x[:-1, :-1], self.y[:-1, :-1]
        for _ in range(plan.beds):
            width, depth = random.uniform(5, plan.width * 0.5), random.uniform(4, plan.depth * 0.45)
            cx = random.uniform(-plan.width / 2 + width / 2, plan.width / 2 - width / 2)
            cy = random.uniform(1 + depth / 2, plan.depth - depth / 2)
            u, v = (x - cx) / width + 0.5, (y - cy) / depth + 0.5
            bed = (np.minimum(u, v) > 0) & (np.maximum(u, v) < 1)
            self.kinds[bed] = Kind.SOIL
            across = u if random.random() < 0.5 else v
            first, last = sorted(random.uniform(0, 1, 2).tolist())
            state = random.choice(["bare", "covered", "beside", "between"], p=[0.25, 0.15, 0.3, 0.3])
            if state != "bare":
                laid = {
                    "covered": bed,
                    "beside": bed & (across < last),
                    "between": bed & ((across < first) | (across > last)),
                }[state]
                laid = laid & self._off_the_road() & ~self.netted()
                if laid.any():
                    self.nets.append(Net(laid, int(random.integers(2))))

    def lay_strips(self) -> None:
        """Lay out one yard of soil, covered in strips of which some are drawn away."""
        plan, random = self.plan, self.random
        if random.random() < 0.6:
            self.kinds[:] = Kind.HARD
        self.heights *= 0.3
        x, y = self.x[:-1, :-1] / plan.width + 0.5, self.y[:-1, :-1] / plan.depth
        x0, y0 = random.uniform(0.05, 0.2, 2)
        x1, y1 = random.uniform(0.75, 0.95, 2)
        yard = (x > x0) & (x < x1) & (y > y0) & (y < y1)
        self.kinds[yard] = Kind.SOIL
        along, first, last = (x, x0, x1) if random.random() < 0.7 else (y, y0, y1)
        strip = np.floor((along - first) / (last - first) * plan.strips)
        laid = float(random.choice([0.25, 0.5, 0.75, 1.0], p=[0.3, 0.3, 0.3, 0.1]))
        for number in range(plan.strips):
            covers = yard & (strip == number) & self._off_the_road()
            if random.random() < laid and covers.any():
                self.nets.append(Net(covers, int(random.integers(2))))

    def _off_the_road(self) -> Mask:
        kept = np.ones(self.shape, bool)
        for x0, y0, x1, y1 in self.plan.level:
            kept &= ~self.cells((self.x >= x0) & (self.x <= x1) & (self.y >= y0) & (self.y <= y1))
        return kept

    def pit(self) -> None:
        """Dig an excavation somewhere free."""
        plan, random = self.plan, self.random
        width, depth, deep = random.uniform(6, 14), random.uniform(6, 12), random.uniform(0.8, 2.5)
        cx = random.uniform(-plan.width / 2 + width, plan.width / 2 - width)
        cy = random.uniform(depth, max(depth + 1, plan.depth - depth))
        edge = np.maximum(np.abs(self.x - cx) / (width / 2), np.abs(self.y - cy) / (depth / 2))
        cells = self.cells(edge < 1.15)
        if not self.free[cells].all():
            return
        self.heights -= deep * np.clip((1.15 - edge) / 0.25, 0, 1)
        self.kinds[cells] = Kind.SOIL
        self.free[cells] = False

    def tracks(self) -> None:
        """Press wheel ruts into the soil."""
        random = self.random
        for _ in range(int(random.integers(1, 5))):
            angle, offset = float(random.uniform(0, pi)), float(random.uniform(-15, 15))
            bend = 3 * smooth(random, self.x.shape, 60)
            across = (self.x * cos(angle) + (self.y - self.plan.depth / 2) * sin(angle)) - offset + bend
            for rut in (-0.9, 0.9):
                self.heights -= 0.09 * np.exp(-(((across - rut) / 0.28) ** 2)) * np.pad(self.free, ((0, 1), (0, 1)))

    def puddles(self) -> None:
        """Fill hollows with water."""
        low = share(rough(self.random, self.shape, 14, 4), self.plan.puddles) & self.free & (self.kinds == Kind.SOIL)
        low &= ~self.netted()
        self.kinds[low] = Kind.WATER
        corners = np.zeros(self.heights.shape, bool)
        for dy, dx in ((0, 0), (0, 1), (1, 0), (1, 1)):
            corners[dy : dy + self.shape[0], dx : dx + self.shape[1]] |= low
        self.heights[corners] = -0.12

    def netted(self) -> Mask:
        return covered(self.nets, self.shape)


def shape_terrain(plan: TerrainPlan, random: np.random.Generator) -> Terrain:
    """Return the ground of a site."""
    grid = _Grid(plan, random)
    grid.paint(Kind.GRASS, plan.grass, 40)
    grid.paint(Kind.GRAVEL, plan.gravel, 30)
    if plan.beds:
        grid.lay_beds()
    if plan.strips:
        grid.lay_strips()
    grid.flatten()
    if plan.pit:
        grid.pit()
    for _ in range(plan.heaps):
        grid.heap(Kind.SOIL, netted=bool(random.random() < plan.netted_heaps))
    for _ in range(plan.sand_heaps):
        grid.heap(Kind.SAND if random.random() < 0.5 else Kind.GRAVEL, netted=False)
    grid.tracks()
    for _ in range(6):
        if grid.netted().mean() < plan.netted_flat:
            grid.flat_net()
    grid.puddles()
    return Terrain(grid.origin, np.asarray(grid.heights, np.float32), grid.kinds, tuple(grid.nets))
