"""Averages of dust over windows that begin at whole multiples of their length, with how much of them was measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.dust.reading import DustReading, Factor, Period

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class WindowAverage:
    """One factor over one window of `minutes` from `started_at` (UTC).

    `mean` is in µg/m³, None where nothing counted. `coverage` is the share (0 to 1) of the window that counted: that
    was measured, by an instrument that worked as it should.
    """

    started_at: datetime
    minutes: int
    mean: float | None
    coverage: float

    @property
    def ended_at(self) -> datetime:
        """When the window ended (UTC)."""
        return self.started_at + timedelta(minutes=self.minutes)


def window_of(moment: datetime, length: timedelta) -> datetime:
    """Return the beginning of the window that the time lies in.

    Windows that divide an hour begin with the hour in every time zone that differs from UTC by whole hours.
    """
    return moment - (moment - _EPOCH) % length


def window_averages(
    readings: Iterable[DustReading],
    factor: Factor,
    *,
    minutes: int,
    minutes_per_record: int,
    start: datetime,
    end: datetime,
) -> Iterator[WindowAverage]:
    """Give every window that lies whole between `start` and `end` (UTC), in order, the empty ones too.

    Only minute readings are taken, each for `minutes_per_record` minutes, once, and by the window in which it began;
    those whose mark is not normal do not count.
    """
    length = timedelta(minutes=minutes)
    values: dict[datetime, dict[datetime, float]] = {}
    for reading in readings:
        measured = reading.factors.get(factor)
        if reading.period is not Period.MINUTE or measured is None or not measured.counts or measured.value is None:
            continue
        values.setdefault(window_of(reading.measured_at, length), {})[reading.measured_at] = measured.value
    at = window_of(start - timedelta(microseconds=1), length) + length  # the first one at or after the start
    while at + length <= end:
        found = list(values.get(at, {}).values())
        mean = sum(found) / len(found) if found else None
        yield WindowAverage(at, minutes, mean, min(1.0, len(found) * minutes_per_record / minutes))
        at += length
