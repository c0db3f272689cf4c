"""Hoardings of several makes along a line, with panels that are missing, fallen or half open. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin

import numpy as np

from datasets.render.solids import Point3, Solid, box

Point2 = tuple[float, float]


class Make(StrEnum):
    """What a hoarding is made of."""

    STEEL = "steel"
    PRINTED = "printed"
    HEDGE = "hedge"
    BRICK = "brick"
    BARRIER = "barrier"


class PanelState(StrEnum):
    """How one panel stands."""

    STANDING = "standing"
    MISSING = "missing"
    FALLEN = "fallen"
    HALF_OPEN = "half_open"


PANEL_LENGTH = {Make.STEEL: 3.0, Make.PRINTED: 3.0, Make.HEDGE: 2.5, Make.BRICK: 4.0, Make.BARRIER: 1.6}
HEIGHT = {Make.STEEL: 2.4, Make.PRINTED: 2.5, Make.HEDGE: 2.0, Make.BRICK: 2.3, Make.BARRIER: 1.0}
CORRUGATION = 0.25


@dataclass(frozen=True)
class Hoarding:
    """One straight hoarding: its ends on the ground (metres), its make, and the state of each panel."""

    start: Point2
    end: Point2
    make: Make
    height: float
    panels: tuple[PanelState, ...]
    banded: bool
    """Whether steel sheets have white bands above and below."""

    @property
    def length(self) -> float:
        """Metres from end to end."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @property
    def panel_length(self) -> float:
        """Metres a panel."""
        return self.length / len(self.panels)

    def gaps(self) -> list[float]:
        """Return the length of each stretch without a standing panel, metres; a half-open panel leaves a gap too."""
        found, run = [], 0
        for state in (*self.panels, PanelState.STANDING):
            if state is PanelState.STANDING:
                if run:
                    found.append(round(run * self.panel_length, 2))
                run = 0
            else:
                run += 1
        return found

    def place(self, solid: Solid) -> Solid:
        """Return a solid modelled along x from the start, brought to where the hoarding stands."""
        angle = atan2(self.end[1] - self.start[1], self.end[0] - self.start[0])
        return turned(solid, angle).moved(*self.start)


def turned(solid: Solid, angle: float) -> Solid:
    """Return the solid turned about the z axis, radians."""
    c, s = cos(angle), sin(angle)
    vertices = tuple((x * c - y * s, x * s + y * c, z) for x, y, z in solid.vertices)
    return Solid(solid.material, vertices, solid.faces, solid.smooth)


def plan_hoarding(start: Point2, end: Point2, make: Make, broken: float, random: np.random.Generator) -> Hoarding:
    """Return a hoarding of which about a share of `broken` panels is not in order."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    count = max(1, round(length / PANEL_LENGTH[make]))
    states = [PanelState.MISSING, PanelState.FALLEN, PanelState.HALF_OPEN]
    panels = tuple(
        states[int(random.choice(3, p=[0.6, 0.2, 0.2]))] if random.random() < broken else PanelState.STANDING
        for _ in range(count)
    )
    return Hoarding(
        start, end, make, HEIGHT[make] * float(random.uniform(0.85, 1.2)), panels, bool(random.random() < 0.6)
    )


def panel_solids(hoarding: Hoarding) -> list[Solid]:
    """Return the panels that stand or hang half open; these are what is seen as hoarding."""
    parts: list[Solid] = []
    for index, state in enumerate(hoarding.panels):
        x0, x1 = index * hoarding.panel_length, (index + 1) * hoarding.panel_length
        if state is PanelState.STANDING:
            parts += [hoarding.place(solid) for solid in _panel(hoarding, x0, x1)]
        elif state is PanelState.HALF_OPEN:
            leaf = [turned(solid, pi / 3).moved(x0, 0.0) for solid in _panel(hoarding, 0.0, x1 - x0)]
            parts += [hoarding.place(solid) for solid in leaf]
    return parts


def fallen_solids(hoarding: Hoarding) -> list[Solid]:
    """Return the panels that lie on the ground."""
    parts: list[Solid] = []
    for index, state in enumerate(hoarding.panels):
        if state is PanelState.FALLEN:
            x0, x1 = index * hoarding.panel_length, (index + 1) * hoarding.panel_length
            lying = box("sheet", (x0, x1 - 0.1), (0.1, 0.1 + hoarding.height), (0.12, 0.2))
            parts.append(hoarding.place(lying))
    return parts


def post_solids(hoarding: Hoarding) -> list[Solid]:
    """Return posts and props, which stay when a panel is gone."""
    if hoarding.make in (Make.BRICK, Make.BARRIER):
        return []
    parts = []
    for index in range(len(hoarding.panels) + 1):
        x = index * hoarding.panel_length
        parts.append(hoarding.place(box("post", (x - 0.05, x + 0.05), (-0.05, 0.08), (-0.3, hoarding.height + 0.08))))
    return parts


def _panel(hoarding: Hoarding, x0: float, x1: float) -> list[Solid]:
    height, low = hoarding.height, -0.3
    if hoarding.make is Make.STEEL:
        if not hoarding.banded:
            return [_corrugated("sheet", x0, x1, low, height)]
        return [
            _corrugated("band", x0, x1, low, 0.3),
            _corrugated("sheet", x0, x1, 0.3, height - 0.4),
            _corrugated("band", x0, x1, height - 0.4, height),
        ]
    if hoarding.make is Make.BARRIER:
        return [
            box("sheet", (x0 + 0.05, x1 - 0.05), (-0.25, 0.25), (low, 0.35)),
            box("sheet", (x0 + 0.03, x1 - 0.03), (-0.13, 0.13), (0.3, height)),
            box("band", (x0 + 0.3, x1 - 0.3), (-0.14, 0.14), (height * 0.55, height * 0.75)),
        ]
    thick = {Make.BRICK: 0.24, Make.HEDGE: 0.08}.get(hoarding.make, 0.05)
    parts = [box("sheet", (x0, x1), (0.0, thick), (low, height))]
    if hoarding.make is Make.BRICK:
        parts.append(box("band", (x0, x1), (-0.05, thick + 0.05), (height, height + 0.08)))
    return parts


def _corrugated(material: str, x0: float, x1: float, z0: float, z1: float) -> Solid:
    count = max(1, round((x1 - x0) / CORRUGATION)) * 4
    wave = (0.0, 0.0, 0.05, 0.05)
    vertices: list[Point3] = []
    for i in range(count + 1):
        x = x0 + (x1 - x0) * i / count
        vertices += [(x, wave[i % 4], z0), (x, wave[i % 4], z1)]
    faces = tuple((2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(count))
    return Solid(material, tuple(vertices), faces)
