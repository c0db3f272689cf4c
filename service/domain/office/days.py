"""Days, months and quarters as the office counts them: by Beijing time, whatever the times of the cases are told in."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

OFFICE_TIME = ZoneInfo("Asia/Shanghai")


class PeriodLength(StrEnum):
    """How long a period is; periods begin with the calendar year."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {PeriodLength.MONTH: 1, PeriodLength.QUARTER: 3, PeriodLength.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def day_of(moment: datetime) -> date:
    """Return the office's day at the moment, which is timezone-aware. Raises ValueError for one that is not."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone has no day")
    return moment.astimezone(OFFICE_TIME).date()


def period_of(day: date, length: PeriodLength) -> Period:
    """Return the month, quarter or year that the day lies in."""
    months = _MONTHS[length]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return Period(date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1]))
