"""The dust that was measured around a violation at its site, and when it was above a limit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.dust.averages import window_averages
from service.dust.downsampling import Point, downsample
from service.dust.exceedance import PM10_LIMIT, TSP_LIMIT, DustExceedance, find_exceedances, span_to_watch
from service.dust.reading import DustReading, Instrument

MARGIN = timedelta(hours=2)
"""Shown before a violation began, and after it was last seen."""
LONGEST = timedelta(days=2)
"""Of a violation that lasts longer, its beginning is shown."""
STEP_S = 300
"""Seconds that become one point."""
LIMITS = (TSP_LIMIT, PM10_LIMIT)


@dataclass(frozen=True)
class Joined:
    """An exceedance, and whether the violation was found in the time in which pictures may show its cause."""

    exceedance: DustExceedance
    shows_cause: bool


@dataclass(frozen=True)
class DustBeside:
    """What one instrument measured, as points of `STEP_S` seconds in order, and the exceedances among them."""

    instrument: Instrument
    points: tuple[Point, ...]
    exceedances: tuple[Joined, ...]


def span_beside(opened_at: datetime, last_seen_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when (UTC) dust is shown beside a violation."""
    start = opened_at - MARGIN
    return start, min(last_seen_at + MARGIN, start + LONGEST, max(now, opened_at))


def dust_beside(
    instrument: Instrument,
    readings: Sequence[DustReading],
    span: tuple[datetime, datetime],
    opened_at: datetime,
    regional_ug_m3: Mapping[datetime, float] | None = None,
) -> DustBeside:
    """Return what is shown of an instrument's minute readings, which are in order of time and lie in the span.

    Without the region's values of the time, by the hour, nothing is said of PM10.
    """
    start, end = span
    found: list[Joined] = []
    for limit in LIMITS:
        averages = window_averages(
            readings,
            limit.factor,
            minutes=limit.average_minutes,
            minutes_per_record=instrument.minutes_per_record,
            start=start,
            end=end,
        )
        for exceedance in find_exceedances(averages, instrument, limit, regional_ug_m3):
            watch = span_to_watch(exceedance, end)
            found.append(Joined(exceedance, watch.start <= opened_at <= watch.end))
    return DustBeside(instrument, tuple(downsample(readings, STEP_S)), tuple(found))
