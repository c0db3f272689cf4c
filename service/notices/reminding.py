"""Which reminders are worth telling now: pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from service.domain.due import DueTimes
from service.domain.reminders import Reminder

LOOKS_BACK = timedelta(days=1)
"""A reminder that fell while the service did not run is told when it runs again within this time."""


def told_now(reminders: Iterable[Reminder], set_at: Mapping[int, datetime]) -> tuple[Reminder, ...]:
    """Return the last reminder of each case, the earlier ones being out of date.

    `set_at` tells when the case got its due time: what fell before, of 24 h ahead where 4 h are given, is none.
    """
    last: dict[int, Reminder] = {}
    for reminder in sorted(reminders, key=lambda each: each.at):
        if reminder.at > set_at[reminder.case_id]:
            last[reminder.case_id] = reminder
    return tuple(last.values())


def distances(due_times: DueTimes) -> frozenset[timedelta]:
    """Return how long after a due time reminders fall; before it, that is less than nothing."""
    plans = [each.reminders for each in due_times.sets]
    before = {timedelta(hours=-term.amount) for plan in plans for term in plan.before}
    after = {timedelta(hours=plan.overdue_every.amount * n) for plan in plans for n in range(plan.overdue_times)}
    return frozenset(before | after)
