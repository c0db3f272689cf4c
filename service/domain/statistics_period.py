"""The days that statistics are about, and how they are put together in the charts. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from service.domain.office.days import OFFICE_TIME
from service.errors import BadDays

MOST_DAYS = 1100
"""Three years and some days."""
DEFAULT_DAYS = 30
WEEKS_FROM = 92
"""From so many days on a chart by days would have more points than anybody can read."""
_DAY = timedelta(days=1)


class Every(StrEnum):
    """How long a point of a trend is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True)
class StatisticsPeriod:
    """Days of the office from the first to the last, both included, and the length of a point."""

    first: date
    last: date
    every: Every

    @property
    def begins_at(self) -> datetime:
        """The moment at which the first day begins, UTC."""
        return datetime.combine(self.first, time(), OFFICE_TIME).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The moment at which the last day is over, UTC; it belongs to the next day."""
        return datetime.combine(self.last + _DAY, time(), OFFICE_TIME).astimezone(UTC)

    def point_of(self, day: date) -> date:
        """Return the first day of the point that the day lies in."""
        return day if self.every is Every.DAY else max(self.first, day - timedelta(days=day.weekday()))

    def points(self) -> Iterator[date]:
        """Give the first day of each point."""
        day = self.first
        while day <= self.last:
            yield day
            day += _DAY if self.every is Every.DAY else timedelta(days=7 - day.weekday())


def statistics_period(
    first: date | None, last: date | None, today: date, every: Every | None = None
) -> StatisticsPeriod:
    """Return the period; without days it is the last 30, up to `today`.

    Raises:
        BadDays: the last day comes before the first, or too long after it.
    """
    last = last or (today if first is None else max(first, today))
    first = first or last - timedelta(days=DEFAULT_DAYS - 1)
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise BadDays(first=first, last=last, most=MOST_DAYS)
    return StatisticsPeriod(first, last, every or (Every.WEEK if days >= WEEKS_FROM else Every.DAY))
