"""From a seed to everything that stands on a site. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from datasets.render.scenes.fences import Hoarding, Make, plan_hoarding
from datasets.render.scenes.palette import is_afar, is_street, is_test, is_wide
from datasets.render.scenes.street import Street, lay_street, street_things, street_trees
from datasets.render.scenes.terrain import Kind, Terrain, TerrainPlan, shape_terrain
from datasets.render.scenes.things import Rectangle, Thing, place_things
from datasets.render.solids import Point3


class SceneKind(StrEnum):
    """What a scene is mostly about."""

    YARD = "yard"
    GATE = "gate"
    PERIMETER = "perimeter"
    MIXED = "mixed"
    STREET = "street"
    """A street along the site's front, or along houses with no site."""


SHARES = (0.34, 0.30, 0.16, 0.20)
"""How often a scene is of each kind."""
AFAR_SHARES = (0.65, 0.0, 0.35, 0.0)
HOUSES_SHARE = 0.65
"""Share of streets along houses with no site."""
BEDS_SHARE = 0.45
"""Share of wide scenes whose ground is hard, with beds of soil: else soil is never a patch with straight edges."""


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
    street: Street | None = None

    def hoarding_gaps(self) -> list[float]:
        """Return the lengths of all gaps, metres."""
        return [gap for hoarding in self.hoardings for gap in hoarding.gaps()]


def random_of(seed: int, what: int) -> np.random.Generator:
    """Return the random numbers of one aspect of a scene, so that a change in one does not stir the others."""
    return np.random.default_rng((seed, what))


def lay_out(seed: int) -> Layout:
    """Return the site of a seed."""
    return _lay_street(seed) if is_street(seed) else _lay_site(seed)


def _lay_site(seed: int) -> Layout:
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
        things=place_things(
            terrain,
            [road.rectangle for road in roads],
            (width, depth),
            at_gate=kind is SceneKind.GATE,
            test=is_test(seed),
            random=random_of(seed, 3),
        ),
        surroundings=_surroundings(width, depth, roads[0].rectangle, random_of(seed, 4)),
    )


def _lay_street(seed: int) -> Layout:
    """Return a site with a front on a street, or a street of houses with nothing but grass behind."""
    random = random_of(seed, 0)
    site = replace(_lay_site(seed), kind=SceneKind.STREET)
    houses = bool(random.random() < HOUSES_SHARE)
    street = lay_street(random, houses_in_front=houses)
    terrain = site.terrain
    if houses:
        terrain = replace(terrain, kinds=np.full_like(terrain.kinds, Kind.GRASS), nets=())
    broken, make = float(random.choice([0.0, 0.1, 0.3])), list(Make)[int(random.integers(4))]
    front = plan_hoarding((-site.width / 2, 0.6), (site.width / 2, 0.6), make, broken, random)
    around = site.surroundings
    inside = () if houses else tuple(thing for thing in site.things if thing.position[1] > 4)
    return replace(
        site,
        terrain=terrain,
        slabs=() if houses else tuple(slab for slab in site.slabs if slab.rectangle[1] > 0),
        hoardings=() if houses else (front,),
        things=(*inside, *street_things(street, random)),
        surroundings=replace(around, trees=(*around.trees, *street_trees(street)), wash_bay=None),
        street=street,
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
