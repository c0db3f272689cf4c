"""When the next step of a case is due: terms by step, rule and control level, dated, reckoned in China's time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.domain.lifecycle import Step
from service.domain.office.days import OFFICE_TIME, day_of
from service.domain.office.levels import ControlLevel
from service.domain.office_data import read_data
from service.domain.working_days import WorkingDays, load_working_days

DUE_TERMS_FILE = "due_terms.yaml"
DEFAULT = "default"
"""The name under which the terms of all rules stand that are not named."""
_TERM = re.compile(r"([1-9][0-9]{0,3})(h|d|wd)")


class Awaited(StrEnum):
    """What a case waits for."""

    REVIEW = "review"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RECTIFY = "rectify"
    VERIFY = "verify"
    CLOSE = "close"
    LOOK_BACK = "look_back"


AWAITED_AFTER: Mapping[Step, Awaited | None] = {
    Step.CONFIRM: Awaited.ASSIGN,
    Step.REJECT: None,
    Step.DOUBT: Awaited.REVIEW,
    Step.UNDO: Awaited.REVIEW,
    Step.ASSIGN: Awaited.ACCEPT,
    Step.DECLINE: Awaited.ASSIGN,
    Step.ACCEPT: Awaited.RECTIFY,
    Step.REPORT: Awaited.VERIFY,
    Step.RETURN: Awaited.ACCEPT,
    Step.VERIFY: Awaited.CLOSE,
    Step.CLOSE: Awaited.LOOK_BACK,
    Step.PASS: None,
    Step.REOPEN: Awaited.ASSIGN,
    Step.WITHDRAW: None,
    Step.MERGE: None,
}
"""What is due once a step was taken; a note is not here, since it leaves what is due as it was."""


class Term(BaseModel):
    """How long something may take, written `12h`, `7d` (days) or `3wd` (working days)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: int
    unit: Literal["h", "d", "wd"]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        found = _TERM.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            message = f"write a term like 12h, 7d or 3wd, not {value!r}"
            raise ValueError(message)
        return {"amount": int(found[1]), "unit": found[2]}


class ReminderPlan(BaseModel):
    """When somebody is reminded: this long before the due time, and then again and again once it is over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: tuple[Term, ...]
    overdue_every: Term
    overdue_times: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _counts_hours(self) -> Self:
        if any(term.unit != "h" for term in (*self.before, self.overdue_every)):
            message = "reminders are counted in hours, like 24h"
            raise ValueError(message)
        return self


class DueSet(BaseModel):
    """The terms that hold from a day on, until the next set does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: date
    office_closes: time
    level_of_unknown_sites: ControlLevel
    terms: Mapping[Awaited, Mapping[str, Mapping[ControlLevel, Term]]]
    reminders: ReminderPlan
    look_back_tried_h: Annotated[int, Field(ge=1, le=30 * 24)] = 24
    """Hours for which a camera tries to see a place that it looks back at."""

    @property
    def look_back_tried(self) -> timedelta:
        """How long a camera tries to see a place that it looks back at."""
        return timedelta(hours=self.look_back_tried_h)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for awaited in Awaited:
            by_rule = self.terms.get(awaited, {})
            if DEFAULT not in by_rule:
                message = f"terms.{awaited} has no {DEFAULT}"
                raise ValueError(message)
            for rule, by_level in by_rule.items():
                if missing := [level.value for level in ControlLevel if level not in by_level]:
                    message = f"terms.{awaited}.{rule} lacks the control level {missing[0]}"
                    raise ValueError(message)
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: Annotated[tuple[DueSet, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _begins_once_a_day(self) -> Self:
        days = [each.valid_from for each in self.sets]
        if len(set(days)) < len(days):
            message = "two sets have the same valid_from"
            raise ValueError(message)
        return self


@dataclass(frozen=True)
class DueTimes:
    """Reckons due times; `sets` are in the order of their days."""

    sets: tuple[DueSet, ...]
    calendar: WorkingDays

    def set_of(self, at: datetime) -> DueSet:
        """Return the set that held at the time; the first one also before its own day."""
        day = day_of(at)
        held = [each for each in self.sets if each.valid_from <= day]
        return held[-1] if held else self.sets[0]

    def due(self, awaited: Awaited, *, rule: str, level: ControlLevel | None, at: datetime) -> datetime:
        """Return when what is awaited since `at` is due, UTC; `level` is None where the site is not known."""
        held = self.set_of(at)
        by_rule = held.terms[awaited]
        term = by_rule.get(rule, by_rule[DEFAULT])[level or held.level_of_unknown_sites]
        if term.unit == "h":
            return at.astimezone(UTC) + timedelta(hours=term.amount)
        day = day_of(at)
        if term.unit == "wd":
            last = self.calendar.after(day, term.amount)
        else:
            last = self.calendar.at_or_after(day + timedelta(days=term.amount))
        return datetime.combine(last, held.office_closes, OFFICE_TIME).astimezone(UTC)

    def after_step(
        self, step: Step, was_due: datetime | None, *, rule: str, level: ControlLevel | None, at: datetime
    ) -> datetime | None:
        """Return when the case is due once the step was taken at `at`, UTC; None when nothing is awaited any more."""
        if step not in AWAITED_AFTER:
            return was_due
        awaited = AWAITED_AFTER[step]
        return None if awaited is None else self.due(awaited, rule=rule, level=level, at=at)


def load_due_times(folder: Path | None = None) -> DueTimes:
    """Return the terms and the calendar in the office's folder, or those that come along.

    Raises:
        BadOfficeData: a file can't be used.
    """
    sets = sorted(read_data(_File, DUE_TERMS_FILE, folder).sets, key=lambda each: each.valid_from)
    return DueTimes(tuple(sets), load_working_days(folder))
