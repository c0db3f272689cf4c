"""A layout while it is drawn: things made of points, which need not make sense yet, and the steps back and forth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from shapely import LineString, Point

from service.config.ground import GroundConfig, GroundPointConfig
from service.config.layout import CameraLayout
from service.config.zones import ExitLineConfig, PerimeterConfig, ZonesConfig

Place = tuple[float, float]
"""A place on the picture (0..1 from the top left), or on the ground (metres)."""
Item = TypeVar("Item")
MOST_STEPS = 200
"""Steps that can be taken back."""
DIGITS = 4
"""Of a place on the picture: a fifth of a pixel of 1920."""


class Kind(StrEnum):
    """What can be drawn, by its name in the file."""

    YARD = "yard"
    WASH_BAY = "wash_bay"
    EXIT_LINE = "exit_line"
    OUTWARD = "outward"
    PERIMETER = "perimeter"
    GATE = "gate"
    MASK_OUT = "mask_out"
    PRIVACY = "privacy"
    GROUND = "ground"


AREAS = frozenset({Kind.YARD, Kind.WASH_BAY, Kind.MASK_OUT, Kind.PRIVACY})
SEVERAL = frozenset({Kind.GATE, Kind.MASK_OUT, Kind.PRIVACY})
"""What there may be more than one of."""
MOST_POINTS = {Kind.EXIT_LINE: 2, Kind.OUTWARD: 1, Kind.GATE: 2, Kind.PERIMETER: 50}


@dataclass(frozen=True)
class Thing:
    """One thing that is drawn; `metres` are the places on the ground of a calibration's points."""

    kind: Kind
    points: tuple[Place, ...] = ()
    metres: tuple[Place, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether it takes no further point."""
        return len(self.points) >= MOST_POINTS.get(self.kind, 100)

    def with_point(self, at: Place) -> "Thing":
        """Return it with a point more, at its end."""
        metres = (*self.metres, (0.0, 0.0)) if self.kind is Kind.GROUND else ()
        return self if self.is_full else replace(self, points=(*self.points, _on_picture(at)), metres=metres)

    def with_moved(self, index: int, to: Place) -> "Thing":
        """Return it with a point elsewhere; beyond the picture's edge it stays at the edge."""
        return replace(self, points=_with(self.points, index, _on_picture(to)))

    def with_metres(self, index: int, metres: Place) -> "Thing":
        """Return it with another place on the ground of a point."""
        return replace(self, metres=_with(self.metres, index, metres))

    def without_point(self, index: int) -> "Thing":
        """Return it with a point less."""
        return replace(self, points=_without(self.points, index), metres=_without(self.metres, index))


@dataclass(frozen=True)
class Drawing:
    """All that is drawn; `height` is how far above the perimeter's line hoarding is looked for."""

    things: tuple[Thing, ...] = ()
    height: float = 0.06

    def with_thing(self, thing: Thing) -> "Drawing":
        """Return it with a thing more, at its end."""
        return replace(self, things=(*self.things, thing))

    def with_changed(self, index: int, thing: Thing) -> "Drawing":
        """Return it with another thing in the place of one."""
        return replace(self, things=_with(self.things, index, thing))

    def without_thing(self, index: int) -> "Drawing":
        """Return it with a thing less."""
        return replace(self, things=_without(self.things, index))

    def of(self, kind: Kind) -> tuple[Thing, ...]:
        """Return the things of a kind."""
        return tuple(thing for thing in self.things if thing.kind is kind)


class Undo:
    """The drawings one after another, and which of them is the present one."""

    def __init__(self, drawing: Drawing) -> None:
        self._past: list[Drawing] = []
        self._future: list[Drawing] = []
        self.present = drawing

    def draw(self, drawing: Drawing) -> None:
        """Go on to another drawing; what was taken back is forgotten."""
        if drawing != self.present:
            self._past = [*self._past, self.present][-MOST_STEPS:]
            self._future = []
            self.present = drawing

    def back(self) -> bool:
        """Take a step back, and tell whether there was one."""
        return self._step(self._past, self._future)

    def forth(self) -> bool:
        """Take again the step that was taken back last, and tell whether there was one."""
        return self._step(self._future, self._past)

    def _step(self, source: list[Drawing], target: list[Drawing]) -> bool:
        if not source:
            return False
        target.append(self.present)
        self.present = source.pop()
        return True


def drawing_of(layout: CameraLayout) -> Drawing:
    """Return the drawing of a layout; a ground told as a quadrangle becomes its points."""
    zones = layout.zones
    things = [Thing(kind, tuple(points)) for kind, points in _outlines(zones) if points]
    height = Drawing().height
    if zones.exit_line is not None:
        things.append(Thing(Kind.EXIT_LINE, zones.exit_line.points))
        things.append(Thing(Kind.OUTWARD, (zones.exit_line.outward,)))
    if zones.perimeter is not None:
        things.append(Thing(Kind.PERIMETER, tuple(zones.perimeter.line)))
        height, perimeter = zones.perimeter.height, zones.perimeter.to_perimeter()
        for gate in perimeter.gates:
            stretch = perimeter.stretch(*gate)
            things.append(Thing(Kind.GATE, (stretch[0], stretch[-1])))
    if layout.ground is not None:
        points = layout.ground.correspondences()
        things.append(Thing(Kind.GROUND, tuple(each.at for each in points), tuple(each.metres for each in points)))
    return Drawing(tuple(things), height)


def layout_of(drawing: Drawing) -> CameraLayout:
    """Return the layout that is drawn. Raises ValueError (pydantic's too) where it is none."""
    return CameraLayout(zones=_zones(drawing), ground=ground_of(drawing))


def ground_of(drawing: Drawing) -> GroundConfig | None:
    """Return the ground that is drawn, None without calibration points. Raises ValueError where they tell no plane."""
    ground = _single(drawing, Kind.GROUND)
    if ground is None:
        return None
    pairs = zip(ground.points, ground.metres, strict=True)
    return GroundConfig(points=[GroundPointConfig(at=at, metres=metres) for at, metres in pairs])


def exit_line_of(drawing: Drawing) -> ExitLineConfig | None:
    """Return the exit line that is drawn. Raises ValueError where it or its outer side is incomplete."""
    line, outward = _single(drawing, Kind.EXIT_LINE), _single(drawing, Kind.OUTWARD)
    if line is None and outward is None:
        return None
    if line is None or outward is None or len(line.points) != 2:
        raise ValueError("an exit line needs two points, and a point at its outer side")
    return ExitLineConfig(points=(line.points[0], line.points[1]), outward=outward.points[0])


def perimeter_of(drawing: Drawing) -> PerimeterConfig | None:
    """Return the perimeter with its gates. Raises ValueError where it is too short, or a gate is not on it."""
    line, gates = _single(drawing, Kind.PERIMETER), drawing.of(Kind.GATE)
    if line is None:
        if gates:
            raise ValueError("a gate is drawn but no perimeter line that it is in")
        return None
    if len(set(line.points)) < 2:
        raise ValueError("the perimeter's line needs at least two different points")
    fractions = [_fractions(line.points, gate.points) for gate in gates]
    return PerimeterConfig(line=list(line.points), gates=sorted(fractions), height=drawing.height)


def _zones(drawing: Drawing) -> ZonesConfig:
    yard, bay = _single(drawing, Kind.YARD), _single(drawing, Kind.WASH_BAY)
    return ZonesConfig(
        yard=list(yard.points) if yard else None,
        wash_bay=list(bay.points) if bay else None,
        exit_line=exit_line_of(drawing),
        perimeter=perimeter_of(drawing),
        mask_out=[list(thing.points) for thing in drawing.of(Kind.MASK_OUT)],
        privacy=[list(thing.points) for thing in drawing.of(Kind.PRIVACY)],
    )


def _outlines(zones: ZonesConfig) -> Iterable[tuple[Kind, Sequence[Place] | None]]:
    yield Kind.YARD, zones.yard
    yield Kind.WASH_BAY, zones.wash_bay
    yield from ((Kind.MASK_OUT, area) for area in zones.mask_out)
    yield from ((Kind.PRIVACY, area) for area in zones.privacy)


def _single(drawing: Drawing, kind: Kind) -> Thing | None:
    return next(iter(drawing.of(kind)), None)


def _fractions(line: Sequence[Place], gate: Sequence[Place]) -> tuple[float, float]:
    """Return where along the line a gate's two ends are nearest to it."""
    if len(gate) != 2:
        raise ValueError("a gate needs two points on the perimeter's line")
    whole = LineString(line)
    start, end = sorted(round(float(whole.project(Point(at), normalized=True)), DIGITS) for at in gate)
    return start, end


def _on_picture(at: Place) -> Place:
    return round(min(1.0, max(0.0, at[0])), DIGITS), round(min(1.0, max(0.0, at[1])), DIGITS)


def _with(items: tuple[Item, ...], index: int, item: Item) -> tuple[Item, ...]:
    return (*items[:index], item, *items[index + 1 :])


def _without(items: tuple[Item, ...], index: int) -> tuple[Item, ...]:
    return (*items[:index], *items[index + 1 :])
