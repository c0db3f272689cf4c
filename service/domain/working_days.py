"""The calendar of working days: weekends, public holidays, and weekend days that are worked to make up for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.domain.office_data import read_data

WORKING_DAYS_FILE = "working_days.yaml"
_SATURDAY = 5


class Holiday(BaseModel):
    """Days off in a row, both ends included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    first: date
    last: date

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not timedelta(0) <= self.last - self.first <= timedelta(days=31):
            message = f"{self.name}: last is not within a month after first"
            raise ValueError(message)
        return self


class Year(BaseModel):
    """What the notice of one year says: the holidays, and the weekend days that are worked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    year: Annotated[int, Field(ge=1970, le=2200)]
    holidays: tuple[Holiday, ...]
    worked: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _is_of_this_year(self) -> Self:
        for day in self.worked:
            if day.weekday() < _SATURDAY:
                message = f"{day} is worked anyhow: it is no weekend day"
                raise ValueError(message)
            if day.year != self.year:
                message = f"{day} is not in {self.year}"
                raise ValueError(message)
        off = {day for holiday in self.holidays for day in _days(holiday.first, holiday.last)}
        if both := off & set(self.worked):
            message = f"{min(both)} is both a holiday and worked"
            raise ValueError(message)
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    years: tuple[Year, ...]


@dataclass(frozen=True)
class WorkingDays:
    """Tells working days; in a year that is not known only the weekends are off."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, years: Iterable[Year]) -> Self:
        """Put the years' notices together; a holiday may reach into the year before or after."""
        years = tuple(years)
        off = {day for year in years for holiday in year.holidays for day in _days(holiday.first, holiday.last)}
        worked = {day for year in years for day in year.worked}
        return cls(frozenset(off), frozenset(worked - off), frozenset(year.year for year in years))

    def is_working(self, day: date) -> bool:
        """Return whether the office works on this day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def at_or_after(self, day: date) -> date:
        """Return the day itself when it is a working day, else the next one that is."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after the day, which itself does not count."""
        for _ in range(count):
            day = self.at_or_after(day + timedelta(days=1))
        return day


def load_working_days(folder: Path | None = None) -> WorkingDays:
    """Return the calendar in the office's folder, or the one that comes along.

    Raises:
        BadOfficeData: the file can't be used.
    """
    return WorkingDays.of(read_data(_File, WORKING_DAYS_FILE, folder).years)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
