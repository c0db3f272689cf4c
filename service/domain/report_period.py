"""The days that a report is about, and the moments at which they begin and end in Beijing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from service.domain.office.days import OFFICE_TIME, PeriodLength, period_of


class ReportLength(StrEnum):
    """How long a report's period is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class ReportPeriod:
    """Days of the office from the first to the last, both included."""

    length: ReportLength
    first: date
    last: date

    @property
    def begins_at(self) -> datetime:
        """The moment at which the first day begins, UTC."""
        return midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        """The moment at which the last day is over, UTC; it belongs to the next period."""
        return midnight(self.last + timedelta(days=1))


def report_period(length: ReportLength, day: date) -> ReportPeriod:
    """Return the day, week or month that the office's day lies in."""
    if length is ReportLength.DAY:
        return ReportPeriod(length, day, day)
    if length is ReportLength.WEEK:
        monday = day - timedelta(days=day.weekday())
        return ReportPeriod(length, monday, monday + timedelta(days=6))
    month = period_of(day, PeriodLength.MONTH)
    return ReportPeriod(length, month.first, month.last)


def midnight(day: date) -> datetime:
    """Return the moment at which the office's day begins, UTC."""
    return datetime.combine(day, time(), OFFICE_TIME).astimezone(UTC)
