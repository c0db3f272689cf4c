"""Tells when dust is above its limit, from when to when: averages in, exceedances out. Pure.

The figures are parameters in the manner of DB32/4437-2022; whoever uses them checks them against the standard's text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

from service.dust.averages import WindowAverage
from service.dust.reading import Factor, Instrument


@dataclass(frozen=True)
class LimitParameters:
    """A limit of one factor, and what it takes to exceed it."""

    factor: Factor
    limit_ug_m3: float
    average_minutes: int
    """Minutes that are averaged; each average stands alone, from the full hour on."""
    consecutive: int = 1
    """So many averages in a row have to be above the limit."""
    above_regional: bool = False
    """What is judged is the difference to the region's value of the same time; without that, nothing is said."""
    close_ug_m3: float | None = None
    """An exceedance ends with averages at or below this; None is the limit itself."""
    close_after: int = 1
    """So many of them in a row."""
    least_coverage: float = 0.75
    """Share of the time that has to have been measured for an average to say anything."""
    most_missing: int = 4
    """After so many averages in a row that say nothing, an exceedance is known no longer and ends."""

    @property
    def measure(self) -> str:
        """The name of what is judged, among a case's figures."""
        return f"{self.factor.value}{'_above_region' if self.above_regional else ''}_ug_m3"

    def __post_init__(self) -> None:
        """Refuse what can not work."""
        if self.close_ug_m3 is not None and self.close_ug_m3 > self.limit_ug_m3:
            raise ValueError("an exceedance can not end above its limit")
        if min(self.consecutive, self.close_after, self.most_missing, self.average_minutes) < 1:
            raise ValueError("counts are 1 and more")


TSP_LIMIT = LimitParameters(Factor.TSP, 500.0, 15, close_ug_m3=450.0, close_after=2)
PM10_LIMIT = LimitParameters(Factor.PM10, 80.0, 60, above_regional=True, close_ug_m3=70.0)


class Ending(StrEnum):
    """How an exceedance ended."""

    CLEAN = "clean"
    MISSING = "missing"
    """The instrument fell silent, or did not work as it should: whether the air was clean, nobody knows."""


@dataclass(frozen=True)
class DustExceedance:
    """Dust above its limit, at one instrument. Times are UTC.

    `ended_at` is None while it goes on; it is the end of the last average that was above the limit for closing.
    `highest_ug_m3` is what was judged at most (the difference, with `above_regional`), `averages` how many were above
    the limit, `missing` how many between them said nothing.
    """

    instrument: Instrument
    parameters: LimitParameters
    started_at: datetime
    last_above_at: datetime
    highest_ug_m3: float
    averages: int
    missing: int = 0
    ended_at: datetime | None = None
    ending: Ending | None = None


@dataclass(frozen=True)
class WatchSpan:
    """A site and the time in which to look at its cameras' pictures (UTC)."""

    site_id: str
    start: datetime
    end: datetime


def span_to_watch(exceedance: DustExceedance, now: datetime, margin: timedelta = timedelta(minutes=15)) -> WatchSpan:
    """Return where and when pictures may show what raised the dust, with a margin before and after.

    An exceedance that goes on is looked at up to `now`.
    """
    end = now if exceedance.ended_at is None else min(now, exceedance.ended_at + margin)
    return WatchSpan(exceedance.instrument.site_id, exceedance.started_at - margin, end)


def find_exceedances(
    averages: Iterable[WindowAverage],
    instrument: Instrument,
    parameters: LimitParameters,
    regional_ug_m3: Mapping[datetime, float] | None = None,
) -> tuple[DustExceedance, ...]:
    """Return the exceedances in averages that follow one another without a gap, the last perhaps without an end.

    `regional_ug_m3` holds the region's values by the beginning of the average. What is missing is not clean air: it
    ends nothing by itself, and lets the counts of averages in a row stand, up to `most_missing`.
    """
    judge = _Judge(instrument, parameters)
    for average in averages:
        judge.look(average, _judged(average, parameters, regional_ug_m3 or {}))
    return judge.finish()


class _Level(Enum):
    MISSING = auto()
    CLEAN = auto()
    BETWEEN = auto()
    ABOVE = auto()


class _Judge:
    """Goes through averages and remembers the exceedance that may be beginning, or goes on."""

    def __init__(self, instrument: Instrument, parameters: LimitParameters) -> None:
        self._instrument, self._parameters = instrument, parameters
        self._found: list[DustExceedance] = []
        self._current: DustExceedance | None = None
        self._clean = self._silent = self._missing = 0
        self._dirty_until: datetime | None = None

    def look(self, average: WindowAverage, value: float | None) -> None:
        """Take in the next average, and what is judged of it."""
        level = self._level(value)
        if level is _Level.MISSING or value is None:
            self._silent += 1
            self._missing += 1
            if self._silent >= self._parameters.most_missing:
                self._end(Ending.MISSING)
            return
        if level is _Level.CLEAN:
            self._clean += 1
            if not self._is_open() or self._clean >= self._parameters.close_after:
                self._end(Ending.CLEAN)
        elif level is _Level.ABOVE:
            self._add(average, value)
        elif not self._is_open():
            self._end(Ending.CLEAN)  # not above the limit, so not in a row
        if level in {_Level.ABOVE, _Level.BETWEEN}:
            self._clean = 0
            self._dirty_until = average.ended_at
        self._silent = 0

    def finish(self) -> tuple[DustExceedance, ...]:
        """Return what was found, with the one that goes on."""
        if self._current is not None and self._is_open():
            return (*self._found, self._current)
        return tuple(self._found)

    def _level(self, value: float | None) -> _Level:
        if value is None:
            return _Level.MISSING
        if value > self._parameters.limit_ug_m3:
            return _Level.ABOVE
        close = self._parameters.close_ug_m3
        return _Level.CLEAN if value <= (self._parameters.limit_ug_m3 if close is None else close) else _Level.BETWEEN

    def _is_open(self) -> bool:
        return self._current is not None and self._current.averages >= self._parameters.consecutive

    def _add(self, average: WindowAverage, value: float) -> None:
        if self._current is None:
            self._current = DustExceedance(
                self._instrument, self._parameters, average.started_at, average.ended_at, value, averages=1
            )
            self._missing = 0
            return
        self._current = replace(
            self._current,
            last_above_at=average.ended_at,
            highest_ug_m3=max(value, self._current.highest_ug_m3),
            averages=self._current.averages + 1,
            missing=self._missing,
        )

    def _end(self, ending: Ending) -> None:
        if self._current is not None and self._is_open():
            self._found.append(replace(self._current, ended_at=self._dirty_until, ending=ending))
        self._current = None
        self._clean = 0


def _judged(
    average: WindowAverage, parameters: LimitParameters, regional_ug_m3: Mapping[datetime, float]
) -> float | None:
    if average.mean is None or average.coverage < parameters.least_coverage:
        return None
    if not parameters.above_regional:
        return average.mean
    regional = regional_ug_m3.get(average.started_at)
    return None if regional is None else average.mean - regional
