"""Makes the materials of a judged site under the names that its parts ask for, before the parts are added."""

import numpy as np

from datasets.render.judged.setup import SetUp
from datasets.render.materials import Handle
from datasets.render.scenes import looks
from datasets.render.scenes.layout import random_of
from datasets.render.scenes.palette import ASPHALT, CONCRETE, GRASS, GRAVEL, NET, PAINT, SOIL, STEEL, Choice, Rgb

WET_PARTS = ("bare earth", "heap", "soil", "mud", "concrete", "asphalt", "gravel", "grass", "fresh net", "net")
DUST: Rgb = (0.30, 0.25, 0.18)


def paint_site(setup: SetUp) -> None:
    """Make every material whose colour differs from site to site; colours come from the palette for tests."""
    random = random_of(setup.seed, 90)

    def pick(choice: Choice) -> Rgb:
        return choice.pick(random, test=True)

    made = {}
    soil, concrete, net, steel = pick(SOIL), pick(CONCRETE), pick(NET), pick(STEEL)
    for name in ("bare earth", "heap", "soil", "load", "mud"):
        gain = float(random.uniform(0.85, 1.15))
        made[name] = _spotted(name, looks.scaled(soil, gain), random, bumps=0.12 if name != "mud" else 0.02)
    for name, colour in (
        ("concrete", concrete),
        ("asphalt", pick(ASPHALT)),
        ("gravel", pick(GRAVEL)),
        ("grass", pick(GRASS)),
    ):
        made[name] = _spotted(name, colour, random, bumps=0.02)
    for name in ("fresh net", "net"):
        made[name] = looks.mesh_net(name, net)
    looks.mesh_net("dusty net", _between(net, DUST, 0.35))
    looks.patchy(
        "wet concrete", looks.Patchy(looks.scaled(concrete, 0.55), looks.scaled(concrete, 0.7), 0.5, 0.25, 0.01)
    )
    for name in ("hoarding", "blue"):
        looks.sheet_metal(name, steel)
    looks.sheet_metal("patch", (0.55, 0.2, 0.03) if steel[0] < 0.3 else (0.02, 0.2, 0.45))
    for number in range(6):
        looks.vehicle_paint(f"paint:{number}", pick(PAINT), looks.scaled(soil, 1.1), 0.1)
    if setup.is_wet:
        for name in WET_PARTS:
            looks.wetted(made[name])


def _spotted(name: str, colour: Rgb, random: np.random.Generator, bumps: float) -> Handle:
    other = looks.scaled(colour, float(random.uniform(0.6, 0.85)))
    return looks.patchy(name, looks.Patchy(colour, other, float(random.uniform(0.2, 1.0)), 0.95, bumps, 8.0))


def _between(first: Rgb, second: Rgb, share: float) -> Rgb:
    mixed = [a * (1 - share) + b * share for a, b in zip(first, second, strict=True)]
    return mixed[0], mixed[1], mixed[2]
