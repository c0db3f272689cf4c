"""From a seed to everything that stands on a site. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import pi

import numpy as np
from numpy.typing import NDArray

from datasets.render.scenes.fences import Hoarding, Make, plan_hoarding, turned
from datasets.render.scenes.machines import LORRIES, car, excavator, person
from datasets.render.scenes.palette import CAR, CLOTH, PAINT, Choice, Rgb, is_afar, is_test, is_wide
from datasets.render.scenes.terrain import Terrain, TerrainPlan, shape_terrain
from datasets.render.solids import Point3, Solid
from datasets.render.truck import wheel, wheel_places

Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres."""


class SceneKind(StrEnum):
    """What a scene is mostly about."""

    YARD = "yard"
    GATE = "gate"
    PERIMETER = "perimeter"
    MIXED = "mixed"


@dataclass(frozen=True)
class Thing:
    """One truck, machine, car or person: where it stands and how it looks.

    `mud` is 0 (clean) to 1; None where it is not judged. `number` selects a variant (axles, style).
    """

    make: str
    position: Point3
    heading: float
    paint: Rgb
    number: int
    mud: float | None
    reach: float = 0.5

    @property
    def class_name(self) -> str:
        """The class that detectors are to call it."""
        return "truck" if self.make in LORRIES else self.make

    @property
    def muddy(self) -> bool | None:
        """Whether a truck counts as visibly muddy."""
        return None if self.mud is None else self.mud >= MUDDY_FROM


SHARES = (0.34, 0.30, 0.16, 0.20)
"""How often a scene is of each kind."""
AFAR_SHARES = (0.65, 0.0, 0.35, 0.0)
BEDS_SHARE = 0.45
"""Share of wide scenes whose ground is hard, with beds of soil: else soil is never a patch with straight edges."""
MUDDY_FROM = 0.5
CLEAN_UP_TO = 0.12
"""Trucks between are dusty; none is made, so that the truth is never in doubt."""


@dataclass(frozen=True)
class Slab:
    """A level hard surface."""

    rectangle: Rectangle
    material: str


@dataclass(frozen=True)
class Surroundings:
    """What stands behind and around: buildings are x, y, floors and bays; a crane's z is its height, a lamp's, too.

    `outside` is the material of the ground beyond the site.
    """

    buildings: tuple[tuple[float, float, int, int], ...]
    cranes: tuple[Point3, ...]
    trees: tuple[Point3, ...]
    pipes: tuple[Point3, ...]
    lamps: tuple[Point3, ...]
    wash_bay: Point3 | None
    outside: str


@dataclass(frozen=True)
class Layout:
    """A site: ground, hard surfaces, hoardings, what stands and moves there, and what lies behind."""

    seed: int
    kind: SceneKind
    width: float
    depth: float
    terrain: Terrain
    slabs: tuple[Slab, ...]
    hoardings: tuple[Hoarding, ...]
    things: tuple[Thing, ...]
    surroundings: Surroundings

    def hoarding_gaps(self) -> list[float]:
        """Return the lengths of all gaps, metres."""
        return [gap for hoarding in self.hoardings for gap in hoarding.gaps()]


def random_of(seed: int, what: int) -> np.random.Generator:
    """Return the random numbers of one aspect of a scene, so that a change in one does not stir the others."""
    return np.random.default_rng((seed, what))


def lay_out(seed: int) -> Layout:
    """Return the site of a seed."""
    random = random_of(seed, 0)
    shares = AFAR_SHARES if is_afar(seed) else SHARES
    kind = list(SceneKind)[int(random.choice(4, p=shares))]
    width, depth = float(random.uniform(38, 66)), float(random.uniform(32, 56))
    roads = _roads(kind, width, depth, random)
    level = tuple(slab.rectangle for slab in roads)
    plan = _terrain_plan(kind, width, depth, level, random, is_wide(seed))
    if is_afar(seed):
        plan = _seen_afar(plan, kind, random)
    terrain = shape_terrain(plan, random_of(seed, 1))
    return Layout(
        seed=seed,
        kind=kind,
        width=width,
        depth=depth,
        terrain=terrain,
        slabs=roads,
        hoardings=_hoardings(kind, width, depth, roads[0].rectangle, random_of(seed, 2)),
        things=_things(kind, terrain, roads, width, depth, is_test(seed), random_of(seed, 3)),
        surroundings=_surroundings(width, depth, roads[0].rectangle, random_of(seed, 4)),
    )


def _roads(kind: SceneKind, width: float, depth: float, random: np.random.Generator) -> tuple[Slab, ...]:
    """Return the way in through the gate, and perhaps more hard ground."""
    middle = float(random.uniform(-width * 0.3, width * 0.3))
    wide = float(random.uniform(4.5, 9.0))
    reach = float(random.uniform(0.3, 1.0)) * depth if kind is not SceneKind.YARD else float(random.uniform(5, 18))
    hard = ["concrete", "concrete", "asphalt"]
    slabs = [Slab((middle - wide, -8.0, middle + wide, reach), hard[int(random.integers(3))])]
    if kind is SceneKind.GATE:
        slabs.append(Slab((-width / 2, 2.0, width / 2, float(random.uniform(9, 20))), hard[int(random.integers(3))]))
    for _ in range(int(random.integers(0, 3))):
        x0, y0 = float(random.uniform(-width / 2, width / 2 - 8)), float(random.uniform(6, depth - 10))
        slabs.append(Slab((x0, y0, x0 + float(random.uniform(5, 16)), y0 + float(random.uniform(4, 12))), "concrete"))
    return tuple(slabs)


def _terrain_plan(
    kind: SceneKind,
    width: float,
    depth: float,
    level: tuple[Rectangle, ...],
    random: np.random.Generator,
    wide: bool,
) -> TerrainPlan:
    green = float(random.choice([0.0, 0.1, 0.3, 0.6], p=[0.35, 0.3, 0.2, 0.15]))
    return TerrainPlan(
        width=width,
        depth=depth,
        grass=green * float(random.uniform(0.5, 1.2)),
        gravel=float(random.choice([0.0, 0.12, 0.3], p=[0.6, 0.25, 0.15])),
        puddles=float(random.choice([0.0, 0.03, 0.08], p=[0.55, 0.3, 0.15])),
        heaps=int(random.integers(1, 7)) if kind is not SceneKind.GATE else int(random.integers(0, 4)),
        sand_heaps=int(random.integers(0, 3)),
        netted_heaps=float(random.choice([0.0, 0.5, 0.9], p=[0.25, 0.4, 0.35])),
        netted_flat=float(random.choice([0.0, 0.2, 0.5], p=[0.35, 0.4, 0.25])),
        roughness=float(random.uniform(0.02 if wide else 0.15, 0.9)),
        pit=bool(random.random() < 0.25),
        level=level,
        beds=int(random.integers(1, 5)) if wide and random.random() < BEDS_SHARE else 0,
    )


def _seen_afar(plan: TerrainPlan, kind: SceneKind, random: np.random.Generator) -> TerrainPlan:
    """Return a tidy ground: a yard under strips of net, few heaps, little that grows."""
    return replace(
        plan,
        grass=plan.grass * 0.3,
        heaps=int(random.integers(0, 4)),
        sand_heaps=int(random.integers(0, 2)),
        netted_flat=0.0,
        pit=False,
        beds=0,
        strips=int(random.integers(4, 10)) if kind is SceneKind.YARD else 0,
    )


def _hoardings(
    kind: SceneKind, width: float, depth: float, way_in: Rectangle, random: np.random.Generator
) -> tuple[Hoarding, ...]:
    """Return the hoardings on all four sides; the front one leaves the way in open."""
    makes = list(Make)
    weights = [0.45, 0.2, 0.12, 0.13, 0.1]
    main = makes[int(random.choice(5, p=weights))]
    broken = float(random.choice([0.0, 0.06, 0.2], p=[0.4, 0.35, 0.25]))
    x0, x1 = -width / 2 - 1, width / 2 + 1
    gate0, gate1 = max(x0 + 1, way_in[0] - 0.5), min(x1 - 1, way_in[2] + 0.5)
    sides = [((x0, 0.0), (gate0, 0.0)), ((gate1, 0.0), (x1, 0.0)), ((x0, depth + 1), (x1, depth + 1))]
    sides += [((x0, 0.0), (x0, depth + 1)), ((x1, 0.0), (x1, depth + 1))]
    found = []
    for index, (start, end) in enumerate(sides):
        make = main if random.random() < 0.7 else makes[int(random.choice(5, p=weights))]
        if index < 2 and kind is SceneKind.YARD and random.random() < 0.4:
            continue
        if index >= 2 and random.random() < 0.2:
            continue
        found.append(plan_hoarding(start, end, make, broken, random))
    return tuple(found)


def _things(
    kind: SceneKind,
    terrain: Terrain,
    roads: tuple[Slab, ...],
    width: float,
    depth: float,
    test: bool,
    random: np.random.Generator,
) -> tuple[Thing, ...]:
    placer = _Placer(terrain, random, test)
    trucks = int(random.integers(3, 7)) if kind is SceneKind.GATE else int(random.integers(0, 4))
    for _ in range(trucks):
        road = roads[int(random.integers(min(2, len(roads))))].rectangle
        on_road = random.random() < 0.8
        placer.lorry(road if on_road else (-width / 2 + 4, 5, width / 2 - 4, depth - 5))
    for _ in range(int(random.choice([0, 1, 2], p=[0.35, 0.45, 0.2]))):
        placer.excavator((-width / 2 + 4, 8, width / 2 - 4, depth - 4))
    for _ in range(int(random.integers(0, 3))):
        placer.simple("car", roads[0].rectangle, CAR, 3)
    for _ in range(int(random.integers(0, 6))):
        placer.simple("person", (-width / 2 + 2, -4, width / 2 - 2, depth * 0.7), CLOTH, 4)
    return tuple(placer.things)


class _Placer:
    """Puts things where nothing stands yet."""

    def __init__(self, terrain: Terrain, random: np.random.Generator, test: bool) -> None:
        self.terrain, self.random, self.test = terrain, random, test
        self.things: list[Thing] = []

    def lorry(self, area: Rectangle) -> None:
        make = str(self.random.choice(list(LORRIES), p=[0.6, 0.16, 0.08, 0.08, 0.08]))
        muddy = self.random.random() < 0.5
        mud = float(self.random.uniform(MUDDY_FROM + 0.05, 1.0) if muddy else self.random.uniform(0.0, CLEAN_UP_TO))
        self._place(make, area, PAINT, 3 + int(self.random.integers(2)), mud, 4.9)

    def excavator(self, area: Rectangle) -> None:
        self._place("excavator", area, PAINT, int(self.random.integers(2)), None, 4.5)

    def simple(self, make: str, area: Rectangle, colours: Choice, variants: int) -> None:
        self._place(make, area, colours, int(self.random.integers(variants)), None, 2.4 if make == "car" else 0.7)

    def _place(
        self, make: str, area: Rectangle, colours: Choice, number: int, mud: float | None, radius: float
    ) -> None:
        random = self.random
        for _ in range(25):
            x, y = float(random.uniform(area[0], area[2])), float(random.uniform(area[1], area[3]))
            near = [t for t in self.things if (t.position[0] - x) ** 2 + (t.position[1] - y) ** 2 < (radius + 3.0) ** 2]
            if not near:
                break
        else:
            return
        heading = float(random.choice([pi / 2, -pi / 2, 0.0, pi])) + float(random.normal(0, 0.25))
        if make in ("excavator", "person"):
            heading = float(random.uniform(-pi, pi))
        z = self.terrain.height_at(x, y) + 0.02
        paint = colours.pick(random, test=self.test)
        self.things.append(Thing(make, (x, y, z), heading, paint, number, mud, float(random.random())))


def _surroundings(width: float, depth: float, way_in: Rectangle, random: np.random.Generator) -> Surroundings:
    """Return what stands behind and around the site."""
    far = depth + 10
    buildings = [
        (
            float(random.uniform(-70, 50)),
            far + float(random.uniform(0, 45)),
            int(random.integers(2, 12)),
            int(random.integers(3, 8)),
        )
        for _ in range(int(random.integers(0, 5)))
    ]
    if random.random() < 0.4:
        buildings.append(
            (float(random.uniform(-width / 2, width / 2 - 16)), depth - 14.0, int(random.integers(1, 5)), 3)
        )
    cranes = [
        (float(random.uniform(-50, 40)), far + float(random.uniform(-5, 30)), float(random.uniform(25, 45)))
        for _ in range(int(random.integers(0, 3)))
    ]
    trees = []
    for _ in range(int(random.choice([0, 6, 16]))):
        side = random.choice([-1, 1])
        x, y = side * (width / 2 + float(random.uniform(3, 20))), float(random.uniform(-3, depth + 25))
        trees.append((float(x), y, 0.0))
    pipes = [
        (float(random.uniform(-width / 2 + 3, width / 2 - 6)), float(random.uniform(6, depth - 6)), 0.0)
        for _ in range(int(random.integers(0, 3)))
    ]
    lamps = [(float(random.uniform(-width / 2, width / 2)), float(random.uniform(0, depth)), 8.0) for _ in range(6)]
    bay = ((way_in[0] + way_in[2]) / 2, 10.0, 0.0) if random.random() < 0.3 else None
    outside = ["asphalt", "grass", "concrete"][int(random.integers(3))]
    return Surroundings(
        buildings=tuple(buildings),
        cranes=tuple(cranes),
        trees=tuple(trees),
        pipes=tuple(pipes),
        lamps=tuple(lamps),
        wash_bay=bay,
        outside=outside,
    )


def thing_solids(thing: Thing) -> list[Solid]:
    """Return what a thing is made of, around the origin and facing +x."""
    if thing.make in LORRIES:
        wheels = [solid.moved(x, y, z) for x, y, z in wheel_places(thing.number) for solid in wheel(1 if y > 0 else -1)]
        return LORRIES[thing.make](thing.number) + wheels
    if thing.make == "excavator":
        return excavator(thing.reach, (thing.reach - 0.5) * 4)
    return car(thing.number) if thing.make == "car" else person(thing.reach)


def placed_mesh(thing: Thing) -> tuple[NDArray[np.float64], list[tuple[int, ...]]]:
    """Return a thing's corners (n, 3) in metres where it stands, and its faces."""
    points: list[Point3] = []
    faces: list[tuple[int, ...]] = []
    for solid in thing_solids(thing):
        faces += [tuple(len(points) + corner for corner in face) for face in solid.faces]
        points += turned(solid, thing.heading).moved(*thing.position).vertices
    return np.array(points), faces
