"""An ordinary street before a site or before houses: carriageway, pavements, house fronts, cars and people. Pure.

Nothing of a street is soil or hoarding. The street runs along x where y is below 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import hypot

import numpy as np

from datasets.render.scenes.palette import CAR, CLOTH
from datasets.render.scenes.things import Thing
from datasets.render.solids import Solid, bar, box

STREET_X = (-70.0, 110.0)
"""Metres; from where to where a street runs."""
KERB = 0.14
HOUSE_LOOKS = 3
"""How many looks the houses of a street have, `house 0` and so on."""


@dataclass(frozen=True)
class House:
    """A house with windows to the street: bounds in x and y, floors, and which of the looks it has."""

    x: tuple[float, float]
    y: tuple[float, float]
    floors: int
    look: int


@dataclass(frozen=True)
class Street:
    """Widths in metres; the far pavement ends at y = 0, where the site or the houses' front begins."""

    far_pavement: float
    carriageway: float
    near_pavement: float
    houses: tuple[House, ...]
    trees_every: float
    """Metres between the trees along the far kerb; 0 is a street without."""

    @property
    def far_kerb(self) -> float:
        """The y of the carriageway's far edge."""
        return -self.far_pavement

    @property
    def near_kerb(self) -> float:
        """The y of the carriageway's near edge."""
        return self.far_kerb - self.carriageway

    @property
    def near_edge(self) -> float:
        """The y where the near pavement ends."""
        return self.near_kerb - self.near_pavement


def lay_street(random: np.random.Generator, *, houses_in_front: bool) -> Street:
    """Return a street; `houses_in_front` stand along its far side, and others along its near side either way."""
    far, wide, near = (float(random.uniform(*bounds)) for bounds in ((1.6, 6.0), (5.5, 14.0), (1.2, 4.5)))
    near_row = -far - wide - near - float(random.choice([0.0, 2.0]))
    houses = list(_row(random, lambda deep: (near_row - deep, near_row)))
    if houses_in_front:
        back = float(random.choice([0.0, 0.0, 3.0]))
        houses += _row(random, lambda deep: (back, back + deep))
    every = float(random.choice([0.0, random.uniform(7, 20)]))
    return Street(far, wide, near, tuple(houses), every)


def _row(random: np.random.Generator, bounds_of: Callable[[float], tuple[float, float]]) -> Iterator[House]:
    """Yield houses side by side along the street, with a gap here and there."""
    x = STREET_X[0]
    while x < STREET_X[1] - 10:
        wide, deep = float(random.uniform(6, 22)), float(random.uniform(8, 14))
        if random.random() < 0.85:
            floors, look = int(random.integers(1, 7)), int(random.integers(HOUSE_LOOKS))
            yield House((x, x + wide), bounds_of(deep), floors, look)
        x += wide + float(random.choice([0.0, random.uniform(1, 8)]))


def street_solids(street: Street) -> list[Solid]:
    """Return the street's hard ground, its markings, kerbs and houses."""
    along = STREET_X
    parts = [
        box("asphalt", along, (street.near_kerb, street.far_kerb), (-1.0, 0.03)),
        box("pavement", along, (street.far_kerb, 0.3), (-1.0, KERB)),
        box("pavement", along, (street.near_edge - 3, street.near_kerb), (-1.0, KERB)),
        box("concrete", along, (street.far_kerb - 0.15, street.far_kerb), (-1.0, KERB + 0.01)),
        box("concrete", along, (street.near_kerb, street.near_kerb + 0.15), (-1.0, KERB + 0.01)),
    ]
    middle = (street.near_kerb + street.far_kerb) / 2
    parts += [
        box("marking", (float(x), float(x) + 2.5), (middle - 0.07, middle + 0.07), (0.0, 0.036))
        for x in np.arange(along[0], along[1], 6.0)
    ]
    for house in street.houses:
        parts += _house_solids(house)
    return parts


def _house_solids(house: House) -> list[Solid]:
    """Return a house's walls, its windows on both long sides, and doors below."""
    (x0, x1), (y0, y1) = house.x, house.y
    parts = [box(f"house {house.look}", house.x, house.y, (-0.5, house.floors * 3.0 + 0.6))]
    for x in np.arange(x0 + 1.0, x1 - 1.4, 2.6).tolist():
        for floor in range(house.floors):
            z = floor * 3.0
            parts.append(box("glass", (x, x + 1.2), (y0 - 0.04, y1 + 0.04), (z + 1.0, z + 2.4)))
    door = (x0 + x1) / 2
    parts.append(box("dark", (door, door + 1.0), (y0 - 0.06, y1 + 0.06), (0.0, 2.2)))
    return parts


def street_trees(street: Street) -> list[tuple[float, float, float]]:
    """Return where trees stand along the far kerb."""
    if not street.trees_every:
        return []
    return [(float(x), street.far_kerb + 0.8, 0.0) for x in np.arange(STREET_X[0], STREET_X[1], street.trees_every)]


def street_lamps(street: Street) -> list[Solid]:
    """Return lamp posts along the near kerb."""
    y = street.near_kerb - 0.5
    return [bar("steel", (float(x), y, 0.0), (float(x), y, 8.0), 0.14) for x in np.arange(-60, 100, 27.0)]


def street_things(street: Street, random: np.random.Generator) -> list[Thing]:
    """Return the cars along the kerbs and on the lanes, and the people on the pavements."""
    things: list[Thing] = []
    lanes = ((street.far_kerb - 1.3, 0.0), (street.near_kerb + 1.3, np.pi))
    for y, heading in lanes:
        parked = float(random.choice([0.0, 0.25, 0.7]))
        for x in np.arange(-20.0, 60.0, 6.5).tolist():
            if random.random() < parked:
                at = (x + float(random.uniform(-0.6, 0.6)), y, 0.04)
                things.append(Thing("car", at, heading, CAR.pick(random, test=False), int(random.integers(3)), None))
    for _ in range(int(random.integers(0, 7))):
        edges = ((street.far_kerb, 0.0), (street.near_edge, street.near_kerb))[int(random.integers(2))]
        at = (float(random.uniform(-15, 40)), float(random.uniform(*edges)), KERB)
        turn, stride = float(random.uniform(-np.pi, np.pi)), float(random.random())
        if all(hypot(at[0] - each.position[0], at[1] - each.position[1]) > 3 for each in things):
            things.append(Thing("person", at, turn, CLOTH.pick(random, test=False), 0, None, stride))
    return things
