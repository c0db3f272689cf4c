"""The materials of one scene, of colours drawn from the palette: the ground's, the nets', the lorries'."""

import numpy as np

from datasets.render.materials import Handle
from datasets.render.scenes import looks
from datasets.render.scenes.palette import (
    ASPHALT,
    BLACK_WOVEN,
    BRICK,
    CONCRETE,
    EARTH,
    GRASS,
    GRAVEL,
    NET,
    PAINTED,
    SAND,
    SOIL,
    TAR,
    WALL,
    WARM_GREY,
    WOVEN,
    Choice,
    Range,
    Rgb,
    is_test,
    is_wide,
)
from datasets.render.scenes.street import HOUSE_LOOKS
from datasets.render.scenes.things import Thing

WET_GROUND = frozenset({"soil", "heap soil", "gravel", "sand", "concrete", "asphalt", "hard"})
"""What rain makes dark."""
WIDE_SHARE = 0.7
"""Share of a wide scene's colours that come from a range, not from a list."""
GRAIN = (0.0, 0.6)
"""Strength of fine grains on a wide scene's soil and hard ground."""
TILED_SHARE = 0.6
"""Share of streets whose pavement is of tiles, not of one piece."""
CLEARED_SHARE = 0.5
"""Share of wide scenes whose soil has no clods."""
PLAIN_SHARE = 0.5
"""Share of a wide scene's flat panels that are painted in one colour, not printed."""


class Dress:
    """Draws a scene's colours and makes its materials; all from one stream of random numbers, in order."""

    def __init__(self, seed: int, random: np.random.Generator, *, wet: bool) -> None:
        self.test, self.wide = is_test(seed), is_wide(seed)
        self.random, self.wet = random, wet

    def pick(self, colours: Choice, *ranges: Range) -> Rgb:
        """Return a colour from the list; in a wide scene more often from one of the ranges."""
        if self.wide and ranges and self.random.random() < WIDE_SHARE:
            return ranges[int(self.random.integers(len(ranges)))].pick(self.random, colours.test)
        return colours.pick(self.random, test=self.test)

    def _soil(self, name: str, colour: Rgb) -> Handle:
        return looks.patchy(name, _any_soil(colour, self.random) if self.wide else _rough_soil(colour, self.random))

    def looks_of_ground(self) -> dict[str, Handle]:
        """Make the materials of the ground, the nets and the walls, by their names."""
        soil = self.pick(SOIL, EARTH)
        made = {
            "soil": self._soil("soil", soil),
            "heap soil": self._soil("heap soil", soil if self.random.random() < 0.5 else self.pick(SOIL, EARTH)),
            "grass": looks.patchy("grass", looks.Patchy(self.pick(GRASS), self.pick(GRASS), 0.5, 1.0, 0.25, 14.0)),
            "gravel": looks.patchy("gravel", looks.Patchy(self.pick(GRAVEL), self.pick(GRAVEL), 3.0, 0.95, 0.15, 5.0)),
            "sand": looks.patchy("sand", looks.Patchy(self.pick(SAND), self.pick(SAND), 0.6, 1.0, 0.05, 12.0)),
            "water": looks.water("water"),
            "concrete": self._hard("concrete", self.pick(CONCRETE, WARM_GREY)),
            "asphalt": self._hard("asphalt", self.pick(ASPHALT, TAR)),
            **self._hard_ground(),
            "net 0": looks.mesh_net("net 0", self.pick(NET, WOVEN, WOVEN, BLACK_WOVEN)),
            "net 1": looks.mesh_net("net 1", self.pick(NET, WOVEN, WOVEN, BLACK_WOVEN)),
            "wall": looks.patchy("wall", looks.Patchy(*(self.pick(WALL),) * 2, 0.5, 0.9, 0.02)),
        }
        if self.wet:
            for name in WET_GROUND & made.keys():
                looks.wetted(made[name])
        return made

    def looks_of_street(self) -> dict[str, Handle]:
        """Make the materials of a street: its pavement, its markings, its houses' walls."""
        colour = self.pick(CONCRETE, WARM_GREY)
        tiled = self.random.random() < TILED_SHARE
        made = {
            "pavement": self._tiles("pavement", colour) if tiled else self._hard("pavement", colour),
            "marking": looks.plain("marking", (0.7, 0.7, 0.68)),
        }
        for number in range(HOUSE_LOOKS):
            name, wall = f"house {number}", self.pick(WALL, WARM_GREY, PAINTED)
            bricked = self.random.random() < 0.4
            made[name] = looks.bricks(name, self.pick(BRICK)) if bricked else looks.plain(name, wall, 0.9)
        if self.wet:
            looks.wetted(made["pavement"])
        return made

    def _tiles(self, name: str, colour: Rgb) -> Handle:
        return looks.paving(name, colour, float(self.random.uniform(0.2, 0.9)), float(self.random.uniform(0.0, 0.35)))

    def _hard(self, name: str, first: Rgb) -> Handle:
        stained = looks.scaled(first, float(self.random.uniform(0.6, 1.0)))
        spots = float(self.random.uniform(0.1, 0.6))
        grain = float(self.random.uniform(*GRAIN)) if self.wide else looks.Patchy.grain
        return looks.patchy(name, looks.Patchy(first, stained, spots, 0.85, 0.015, 20.0, grain))

    def _hard_ground(self) -> dict[str, Handle]:
        if not self.wide:
            return {}
        colours, *ranges = ((CONCRETE, WARM_GREY), (ASPHALT, TAR), (GRAVEL,))[int(self.random.integers(3))]
        return {"hard": self._hard("hard", self.pick(colours, *ranges))}


def lorry_looks(part: int, thing: Thing, mud_colour: Rgb) -> dict[str, Handle]:
    """Return what else of a lorry is muddy when it is: tyres, chassis, drum, body."""
    mud = thing.mud or 0.0
    names: dict[str, Rgb] = {
        "rubber": (0.02, 0.02, 0.02),
        "hub": (0.35, 0.34, 0.33),
        "dark": (0.03, 0.03, 0.032),
        "black": (0.018, 0.018, 0.02),
        "drum": (0.62, 0.63, 0.62),
        "body": (0.7, 0.71, 0.72),
    }
    return {
        name: looks.vehicle_paint(f"{name} {part}", colour, mud_colour, min(1.0, mud * 1.3))
        for name, colour in names.items()
    }


def _rough_soil(colour: Rgb, random: np.random.Generator) -> looks.Patchy:
    other = looks.scaled(colour, float(random.uniform(0.55, 0.85)))
    size, bumps = float(random.uniform(0.15, 1.0)), float(random.uniform(0.1, 0.4))
    return looks.Patchy(colour, other, size, 1.0, bumps, float(random.uniform(5, 12)))


def _any_soil(colour: Rgb, random: np.random.Generator) -> looks.Patchy:
    """Return soil between raked smooth in one tone and rough in two."""
    other = looks.scaled(colour, float(random.uniform(0.55, 1.0)))
    size, bumps = float(random.uniform(0.1, 1.5)), float(random.choice([0.0, 0.03, 0.12, 0.35]))
    return looks.Patchy(colour, other, size, 1.0, bumps, float(random.uniform(5, 12)), float(random.uniform(*GRAIN)))
