"""Reminders: before the due time, after it, each of them once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.cases import Case, CaseState
from service.domain.due import load_due_times
from service.domain.reminders import ReminderKind, reminders_due

TIMES = load_due_times()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_case(number, due_at):
    case = Case("k", "r", "s", "s", "c", "c", NOON, NOON, {}, (), "k", "0", number, CaseState.RECTIFYING)
    return replace(case, assigned_to="甲", due_at=due_at)


def asked(cases, since, until):
    return reminders_due(cases, since=since, until=until, due_times=TIMES)


def test_a_day_and_four_hours_before_then_daily():
    found = asked([a_case(1, NOON)], NOON - 30 * HOUR, NOON + 50 * HOUR)
    assert [(each.at - NOON) / HOUR for each in found] == [-24, -4, 0, 24, 48]
    assert [each.kind for each in found] == [ReminderKind.BEFORE] * 2 + [ReminderKind.OVERDUE] * 3
    assert {(each.case_id, each.party, each.due_at) for each in found} == {(1, "甲", NOON)}


def test_it_ends_at_last():
    assert len(asked([a_case(1, NOON)], NOON - HOUR, NOON + timedelta(days=999))) == 10


def test_what_is_not_due_reminds_of_nothing():
    assert asked([a_case(1, None)], NOON - 99 * HOUR, NOON + 99 * HOUR) == ()


@given(
    st.lists(st.integers(-100, 100), max_size=5),
    st.lists(st.integers(-300, 300), min_size=2, max_size=8).map(sorted),
)
def test_who_asks_again_and_again_gets_each_reminder_once(dues, asks):
    cases = [a_case(number, NOON + HOUR * offset) for number, offset in enumerate(dues)]
    times = [NOON + HOUR * offset for offset in asks]
    parts = [each for since, until in pairwise(times) for each in asked(cases, since, until)]
    assert parts == list(asked(cases, times[0], times[-1]))
