"""Reminders on both databases: before and after the due time, each once, and none that is out of date."""

from datetime import timedelta

import pytest

from service.domain.due import load_due_times
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.reminders import Reminder, ReminderKind, reminders_due
from service.notices.reminding import distances, told_now
from service.storage import reminder_store
from service.storage.case_store import CaseStore
from service.storage.notice_store import NoticeStore
from service.storage.reminder_store import ReminderStore
from tests.service.conftest import NOON

REVIEWER = Actor("王工", Role.REVIEWER)
PARTY = Told(party="某建设集团")


@pytest.fixture
def cases(engine):
    return CaseStore(engine)


@pytest.fixture
def reminders(engine):
    return ReminderStore(engine, load_due_times())


@pytest.fixture
def rectifying(cases, make_finding):
    """A case that the party began to put right at noon."""
    case, _ = cases.add_or_get(make_finding(received_at=NOON))
    for step in (Step.CONFIRM, Step.ASSIGN, Step.ACCEPT):
        case, _ = cases.take_step(case.id, step, REVIEWER, PARTY, at=NOON)
    return case


@pytest.fixture
def written(engine):
    def kinds():
        return [each.notice.kind for each in NoticeStore(engine).after(4, limit=100)]

    return kinds


def test_each_reminder_is_written_once_before_and_after_the_due_time(rectifying, reminders, written):
    due_at = rectifying.due_at
    moment = NOON
    while moment < due_at + timedelta(hours=49):
        reminders.remind(moment)
        moment += timedelta(minutes=30)
    expected = [24, 4] if due_at - NOON > timedelta(hours=24) else [4]
    assert written() == ["due_soon"] * len(expected) + ["overdue"] * 3
    assert reminders.remind(moment) == 0


def test_a_pass_that_comes_late_tells_the_last_reminder_alone(rectifying, reminders, written):
    assert reminders.remind(rectifying.due_at + timedelta(minutes=5)) == 1
    assert written() == ["overdue"]


def test_two_services_write_a_reminder_once(engine, rectifying, reminders, written):
    now = rectifying.due_at
    assert [each.remind(now) for each in (reminders, ReminderStore(engine, load_due_times()))] == [1, 0]
    assert written() == ["overdue"]


def test_more_reminders_than_one_transaction_takes_are_all_written(cases, make_finding, reminders, monkeypatch):
    monkeypatch.setattr(reminder_store, "AT_ONCE", 2)
    found = [cases.add_or_get(make_finding(received_at=NOON))[0] for _ in range(5)]

    assert reminders.remind(found[0].due_at) == 5
    assert reminders.remind(found[0].due_at + timedelta(minutes=1)) == 0


def test_a_service_that_slept_for_hours_looks_through_all_that_it_missed(rectifying, reminders, written):
    reminders.remind(NOON)
    assert reminders.remind(rectifying.due_at + timedelta(hours=1)) == 1
    assert written() == ["overdue"]


def test_every_reminder_falls_one_of_the_distances_from_its_due_time(rectifying):
    due_times, long = load_due_times(), timedelta(days=100)

    found = reminders_due([rectifying], since=NOON - long, until=NOON + long, due_times=due_times)

    assert found
    assert {each.at - each.due_at for each in found} <= distances(due_times)


def test_a_step_ends_the_reminders_of_before(cases, rectifying, reminders, written):
    now = rectifying.due_at - timedelta(hours=5)
    case, _ = cases.take_step(rectifying.id, Step.REPORT, REVIEWER, Told(), at=now)
    assert reminders.remind(now + timedelta(seconds=1)) == 0
    assert reminders.remind(rectifying.due_at) == 0 or case.due_at - rectifying.due_at <= timedelta(hours=24)


def test_a_note_leaves_the_reminders_as_they_are(cases, rectifying, reminders, written):
    now = rectifying.due_at - timedelta(hours=1)
    cases.take_step(rectifying.id, Step.NOTE, REVIEWER, Told(reason="已电话催办"), at=now)
    assert reminders.remind(now) == 1
    assert written() == ["note", "due_soon"]


def test_a_case_that_waits_for_nothing_is_not_reminded_of(cases, rectifying, reminders):
    cases.take_step(rectifying.id, Step.WITHDRAW, REVIEWER, Told(reason="误判"), at=NOON)
    assert reminders.remind(rectifying.due_at) == 0


def test_reminders_from_before_the_due_time_was_set_are_none():
    early, late = (Reminder(1, ReminderKind.BEFORE, NOON + timedelta(hours=h), NOON, "") for h in (0, 20))
    assert told_now([early, late], {1: NOON + timedelta(hours=1)}) == (late,)
    assert told_now([early], {1: NOON}) == ()
    assert told_now([late, early], {1: NOON - timedelta(hours=1)}) == (late,)
