"""What stands and moves on a site: lorries clean or muddy, excavators, cars and people, and where each is put. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from datasets.render.scenes.fences import turned
from datasets.render.scenes.machines import LORRIES, car, excavator, person
from datasets.render.scenes.palette import CAR, CLOTH, PAINT, Choice, Rgb
from datasets.render.scenes.terrain import Terrain
from datasets.render.solids import Point3, Solid
from datasets.render.truck import wheel, wheel_places

Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1 in metres."""

MUDDY_FROM = 0.5
CLEAN_UP_TO = 0.12
"""Trucks between are dusty; none is made, so that the truth is never in doubt."""


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


def place_things(
    terrain: Terrain,
    roads: Sequence[Rectangle],
    size: tuple[float, float],
    *,
    at_gate: bool,
    test: bool,
    random: np.random.Generator,
) -> tuple[Thing, ...]:
    """Return what stands on a site of `size` (width and depth, metres); lorries are mostly on its first two roads."""
    width, depth = size
    placer = _Placer(terrain, random, test)
    trucks = int(random.integers(3, 7)) if at_gate else int(random.integers(0, 4))
    for _ in range(trucks):
        road = roads[int(random.integers(min(2, len(roads))))]
        on_road = random.random() < 0.8
        placer.lorry(road if on_road else (-width / 2 + 4, 5, width / 2 - 4, depth - 5))
    for _ in range(int(random.choice([0, 1, 2], p=[0.35, 0.45, 0.2]))):
        placer.excavator((-width / 2 + 4, 8, width / 2 - 4, depth - 4))
    for _ in range(int(random.integers(0, 3))):
        placer.simple("car", roads[0], CAR, 3)
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
