"""Who is to be reminded of what: cases and a stretch of time in, reminders out; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.cases import Case
from service.domain.due import DueTimes, ReminderPlan


class ReminderKind(StrEnum):
    """Whether the due time is still ahead."""

    BEFORE = "before"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Reminder:
    """One reminder; `at` is when it is due to be sent, UTC, and `party` to whom the case was handed over, if to any."""

    case_id: int
    kind: ReminderKind
    at: datetime
    due_at: datetime
    party: str


def reminders_due(
    cases: Iterable[Case], *, since: datetime, until: datetime, due_times: DueTimes
) -> tuple[Reminder, ...]:
    """Return the reminders that fall after `since`, up to and including `until`, the earliest first.

    Who asks again and again, each time from where it last ended, gets each reminder once.
    """
    found = []
    for case in cases:
        if case.due_at is None:
            continue
        plan = due_times.set_of(case.due_at).reminders
        for kind, at in _moments(case.due_at, plan):
            if since < at <= until:
                found.append(Reminder(case.id, kind, at, case.due_at, case.assigned_to))
    return tuple(sorted(found, key=lambda reminder: (reminder.at, reminder.case_id)))


def _moments(due_at: datetime, plan: ReminderPlan) -> Iterator[tuple[ReminderKind, datetime]]:
    for term in sorted(plan.before, key=lambda term: -term.amount):
        yield ReminderKind.BEFORE, due_at - timedelta(hours=term.amount)
    for number in range(plan.overdue_times):
        yield ReminderKind.OVERDUE, due_at + timedelta(hours=plan.overdue_every.amount * number)
