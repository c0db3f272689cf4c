"""The looks that scenes are made of; those of test scenes are never used in training scenes. Pure."""

from collections.abc import Iterable
from colorsys import hsv_to_rgb
from dataclasses import dataclass
from typing import Final

import numpy as np

Rgb = tuple[float, float, float]
"""Linear red, green and blue, 0..1."""

FIRST_TEST_SEED: Final = 900_000
"""Scenes from this seed on are for testing only."""
FIRST_WIDE_SEED: Final = 1000
"""Training scenes from this seed on draw from wide ranges of colour and smoothness, not from lists alone."""

FIRST_AFAR_SEED: Final = 2000
"""Training scenes from this seed on are seen as a commissioned camera sees a yard or a front: whole, from outside."""
FIRST_STREET_SEED: Final = 3000
"""Training scenes from this seed on are ordinary streets, before a site or before houses."""


def is_afar(seed: int) -> bool:
    """Tell whether a training scene is seen whole and from outside, its yard covered strip by strip."""
    return FIRST_AFAR_SEED <= seed < FIRST_STREET_SEED


def is_street(seed: int) -> bool:
    """Tell whether a training scene is an ordinary street."""
    return FIRST_STREET_SEED <= seed < FIRST_TEST_SEED


def is_wide(seed: int) -> bool:
    """Tell whether a training scene's looks are drawn from wide ranges; test scenes never are."""
    return FIRST_WIDE_SEED <= seed < FIRST_TEST_SEED


def is_test(seed: int) -> bool:
    """Tell whether a scene is for testing only."""
    return seed >= FIRST_TEST_SEED


@dataclass(frozen=True)
class Choice:
    """Colours by purpose: a test scene draws from `test`, all others from `train`."""

    train: tuple[Rgb, ...]
    test: tuple[Rgb, ...]

    def pick(self, random: np.random.Generator, *, test: bool, spread: float = 0.18) -> Rgb:
        """Return one of the colours, a little lighter or darker."""
        options = self.test if test else self.train
        colour = options[int(random.integers(len(options)))]
        gain = float(random.uniform(1 - spread, 1 + spread))
        hue = random.uniform(1 - spread / 3, 1 + spread / 3, 3)
        return (colour[0] * gain * float(hue[0]), colour[1] * gain * float(hue[1]), colour[2] * gain * float(hue[2]))


@dataclass(frozen=True)
class Range:
    """Colours between bounds of hue (degrees), saturation and value (0..1, of linear red, green and blue)."""

    hue: tuple[float, float]
    saturation: tuple[float, float]
    value: tuple[float, float]

    def pick(self, random: np.random.Generator, kept_for_tests: Iterable[Rgb]) -> Rgb:
        """Return one of the colours, none that a test scene may have; dark ones are as likely as light ones."""
        kept = tuple(kept_for_tests)
        while True:
            value = float(np.exp(random.uniform(*np.log(self.value))))
            hue, saturation = float(random.uniform(*self.hue)) / 360, float(random.uniform(*self.saturation))
            colour = hsv_to_rgb(hue, saturation, value)
            if not any(_is_near(colour, each) for each in kept):
                return colour


def _is_near(colour: Rgb, other: Rgb) -> bool:
    """Tell whether a test scene could make the one of the other, by the widest spread of `Choice.pick`."""
    return all(0.77 < (a + 1e-6) / (b + 1e-6) < 1.25 for a, b in zip(colour, other, strict=True))


EARTH: Final = Range(hue=(8, 46), saturation=(0.25, 0.8), value=(0.07, 0.55))
"""From red clay over brown earth to yellow loess, wet to dry."""
WARM_GREY: Final = Range(hue=(15, 60), saturation=(0.0, 0.2), value=(0.12, 0.6))
"""Concrete, mortar and paving, new and soiled."""
TAR: Final = Range(hue=(0, 360), saturation=(0.0, 0.12), value=(0.025, 0.2))
WOVEN: Final = Range(hue=(95, 170), saturation=(0.45, 0.95), value=(0.05, 0.4))
"""Green dust nets, new and bleached."""
BLACK_WOVEN: Final = Range(hue=(0, 360), saturation=(0.0, 0.15), value=(0.012, 0.06))
PAINTED: Final = Range(hue=(0, 360), saturation=(0.1, 0.95), value=(0.1, 0.7))
GREY_PAINTED: Final = Range(hue=(180, 240), saturation=(0.0, 0.12), value=(0.2, 0.8))
"""Sheets in light and dark greys and white, the usual cheap ones."""

SOIL: Final = Choice(
    train=(
        (0.30, 0.19, 0.10), (0.23, 0.16, 0.10), (0.17, 0.12, 0.08), (0.36, 0.26, 0.16), (0.28, 0.13, 0.065),
        (0.42, 0.31, 0.18), (0.20, 0.17, 0.14), (0.13, 0.095, 0.065), (0.33, 0.16, 0.08), (0.27, 0.22, 0.16),
        (0.46, 0.36, 0.25), (0.10, 0.078, 0.058),
    ),
    test=((0.26, 0.175, 0.085), (0.32, 0.23, 0.15), (0.22, 0.12, 0.065), (0.15, 0.118, 0.088), (0.38, 0.28, 0.15)),
)  # fmt: skip
NET: Final = Choice(
    train=(
        (0.02, 0.13, 0.05), (0.03, 0.20, 0.08), (0.015, 0.08, 0.035), (0.05, 0.26, 0.12), (0.02, 0.16, 0.11),
        (0.015, 0.016, 0.017), (0.03, 0.032, 0.03),
    ),
    test=((0.025, 0.16, 0.065), (0.012, 0.10, 0.055), (0.022, 0.023, 0.022)),
)  # fmt: skip
STEEL: Final = Choice(
    train=(
        (0.012, 0.10, 0.42), (0.02, 0.19, 0.50), (0.60, 0.62, 0.62), (0.45, 0.47, 0.48), (0.03, 0.22, 0.12),
        (0.22, 0.24, 0.26), (0.01, 0.06, 0.22), (0.10, 0.34, 0.55),
    ),
    test=((0.015, 0.14, 0.46), (0.52, 0.55, 0.57), (0.02, 0.17, 0.16)),
)  # fmt: skip
BRICK: Final = Choice(train=((0.32, 0.10, 0.06), (0.36, 0.33, 0.30), (0.45, 0.20, 0.12)), test=((0.26, 0.12, 0.08),))
BARRIER: Final = Choice(train=((0.6, 0.04, 0.02), (0.75, 0.45, 0.03)), test=((0.65, 0.16, 0.02),))
HEDGE: Final = Choice(train=((0.03, 0.13, 0.03), (0.06, 0.17, 0.04)), test=((0.045, 0.15, 0.05),))
CONCRETE: Final = Choice(
    train=((0.36, 0.35, 0.33), (0.27, 0.265, 0.25), (0.45, 0.43, 0.40), (0.33, 0.31, 0.27), (0.20, 0.195, 0.185)),
    test=((0.31, 0.30, 0.285), (0.40, 0.385, 0.35)),
)
ASPHALT: Final = Choice(
    train=((0.05, 0.05, 0.052), (0.09, 0.09, 0.09), (0.13, 0.13, 0.128)), test=((0.07, 0.07, 0.068),)
)
GRASS: Final = Choice(
    train=((0.06, 0.12, 0.03), (0.10, 0.15, 0.04), (0.16, 0.17, 0.06), (0.04, 0.09, 0.025)),
    test=((0.08, 0.13, 0.035), (0.13, 0.16, 0.05)),
)
GRAVEL: Final = Choice(
    train=((0.30, 0.30, 0.295), (0.22, 0.22, 0.225), (0.38, 0.36, 0.33)), test=((0.27, 0.265, 0.26),)
)
SAND: Final = Choice(train=((0.50, 0.42, 0.28), (0.44, 0.36, 0.25)), test=((0.47, 0.38, 0.26),))
PAINT: Final = Choice(
    train=(
        (0.55, 0.02, 0.015), (0.015, 0.20, 0.07), (0.75, 0.20, 0.01), (0.80, 0.48, 0.02), (0.02, 0.10, 0.40),
        (0.70, 0.71, 0.72), (0.10, 0.30, 0.10), (0.20, 0.21, 0.22),
    ),
    test=((0.48, 0.04, 0.02), (0.03, 0.25, 0.20), (0.78, 0.36, 0.02), (0.60, 0.62, 0.64)),
)  # fmt: skip
CAR: Final = Choice(
    train=(
        (0.6, 0.6, 0.62),
        (0.02, 0.02, 0.022),
        (0.2, 0.2, 0.21),
        (0.35, 0.02, 0.02),
        (0.02, 0.06, 0.25),
        (0.75, 0.75, 0.76),
    ),
    test=((0.4, 0.4, 0.42), (0.10, 0.03, 0.03), (0.03, 0.10, 0.16)),
)
CLOTH: Final = Choice(train=((0.8, 0.25, 0.01), (0.55, 0.75, 0.03), (0.05, 0.08, 0.25)), test=((0.7, 0.5, 0.02),))
WALL: Final = Choice(
    train=((0.42, 0.41, 0.39), (0.55, 0.50, 0.42), (0.35, 0.22, 0.16), (0.6, 0.6, 0.6), (0.25, 0.26, 0.28)),
    test=((0.48, 0.46, 0.43), (0.40, 0.30, 0.24)),
)
