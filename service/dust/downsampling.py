"""Makes few points of many readings, for charts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from service.dust.averages import window_of
from service.dust.reading import DustReading, Factor, Mark


@dataclass(frozen=True)
class Level:
    """One factor over one step: mean, lowest and highest of the `count` readings that count, None where none does.

    `marks` are those other than normal that readings bore; such readings are in no figure.
    """

    mean: float | None
    lowest: float | None
    highest: float | None
    count: int
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Point:
    """All factors over one step that begins `at` (UTC)."""

    at: datetime
    levels: dict[Factor, Level] = field(default_factory=dict)


def downsample(readings: Iterable[DustReading], step_s: int) -> list[Point]:
    """Return a point for each step of `step_s` seconds that holds readings; the readings are in order of time.

    Wind directions are averaged as numbers like everything else, which means little where they pass north.
    """
    step = timedelta(seconds=step_s)
    steps = groupby(readings, key=lambda reading: window_of(reading.measured_at, step))
    return [_point(at, list(group)) for at, group in steps]


def _point(at: datetime, readings: list[DustReading]) -> Point:
    factors = sorted({factor for reading in readings for factor in reading.factors})
    return Point(at, {factor: _level(readings, factor) for factor in factors})


def _level(readings: list[DustReading], factor: Factor) -> Level:
    measured = [reading.factors[factor] for reading in readings if factor in reading.factors]
    good = [each for each in measured if each.counts]
    values = [each.value for each in good if each.value is not None]
    lowest = [value for each in good if (value := each.value if each.lowest is None else each.lowest) is not None]
    highest = [value for each in good if (value := each.value if each.highest is None else each.highest) is not None]
    return Level(
        mean=round(sum(values) / len(values), 6) if values else None,
        lowest=min(lowest, default=None),
        highest=max(highest, default=None),
        count=len(values),
        marks=tuple(sorted({each.mark for each in measured if each.mark is not None and not each.counts})),
    )
