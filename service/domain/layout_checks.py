"""What is wrong with a drawing, and what it measures on the ground: told while it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isfinite

from pydantic import ValidationError

from service.domain.layout_drawing import (
    AREAS,
    Drawing,
    Kind,
    exit_line_of,
    ground_of,
    layout_of,
    perimeter_of,
)
from vision.geometry import Zone
from vision.ground_plane import AboveHorizon, GroundPlane, Measured, PointError, Size

TOO_SHORT = 0.02
"""Share of the picture under which an exit line is too short to tell a direction."""


@dataclass(frozen=True)
class Fault:
    """Something that keeps the drawing from being saved; `thing` is its number, None where it is about the whole."""

    thing: int | None
    reason: str


@dataclass(frozen=True)
class Measures:
    """Areas (m²) and lengths (m) of what is drawn, by the thing's number, and the calibration points' errors."""

    areas: dict[int, Measured]
    lengths: dict[int, Measured]
    errors: tuple[PointError, ...]


def faults(drawing: Drawing) -> tuple[Fault, ...]:
    """Return everything that is wrong; where nothing is, `layout_of` gives a layout."""
    checks: list[tuple[int | None, Callable[[], object]]] = []
    for number, thing in enumerate(drawing.things):
        if thing.kind in AREAS:
            checks.append((number, partial(Zone, list(thing.points))))
        elif thing.kind is Kind.EXIT_LINE:
            checks.append((number, partial(exit_line_of, drawing)))
            checks.append((number, partial(_long_enough, thing.points)))
        elif thing.kind in {Kind.PERIMETER, Kind.GATE}:
            checks.append((number, partial(perimeter_of, drawing)))
        elif thing.kind is Kind.GROUND:
            checks.append((number, partial(_enough, thing.points)))
            checks.append((number, partial(ground_of, drawing)))
    found = _failed(checks) or _failed([(None, partial(layout_of, drawing)), (None, partial(_below_horizon, drawing))])
    return tuple({fault.reason: fault for fault in reversed(found)}.values())[::-1]


def measures(drawing: Drawing, size: Size) -> Measures:
    """Return what is measured on a picture of this size (width, height); nothing without a calibration that holds."""
    plane = _plane(drawing, size)
    if plane is None:
        return Measures({}, {}, ())
    areas: dict[int, Measured] = {}
    lengths: dict[int, Measured] = {}
    for number, thing in enumerate(drawing.things):
        try:
            if thing.kind in {Kind.YARD, Kind.WASH_BAY} and len(thing.points) > 2:
                areas[number] = plane.area_m2(thing.points)
            elif thing.kind in {Kind.PERIMETER, Kind.EXIT_LINE, Kind.GATE} and len(thing.points) > 1:
                lengths[number] = plane.length_m(thing.points)
        except AboveHorizon:
            continue
    return Measures(areas, lengths, plane.errors)


def _plane(drawing: Drawing, size: Size) -> GroundPlane | None:
    try:
        ground = ground_of(drawing)
    except ValueError:
        return None
    return None if ground is None else ground.plane(size)


def _below_horizon(drawing: Drawing) -> None:
    plane = _plane(drawing, (1920, 1080))
    for thing in (*drawing.of(Kind.YARD), *drawing.of(Kind.PERIMETER)) if plane else ():
        if plane is not None and not isfinite(float(plane.to_ground(thing.points).sum())):
            raise AboveHorizon


def _long_enough(points: tuple[tuple[float, float], ...]) -> None:
    if len(points) == 2 and max(abs(a - b) for a, b in zip(*points, strict=True)) < TOO_SHORT:
        raise ValueError("the exit line is too short; draw it across the whole exit")


def _enough(points: tuple[tuple[float, float], ...]) -> None:
    if len(points) < 4:
        raise ValueError("a ground plane needs at least four points")


def _failed(checks: list[tuple[int | None, Callable[[], object]]]) -> list[Fault]:
    found: list[Fault] = []
    for number, check in checks:
        try:
            check()
        except ValidationError as error:
            if not any(fault.thing == number for fault in found):
                found.append(Fault(number, error.errors()[0]["msg"].removeprefix("Value error, ")))
        except ValueError as error:
            found.append(Fault(number, str(error)))
    return found
