"""Strictly dealt with is who was handed a case twice in vain, or offended twice within a year on one project."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.escalation import EscalationReason, Handover, escalation_of, missed
from service.domain.office.offences import Offence
from tests.service.domain.office.shipped_rules import RULES, beijing

RULE = RULES.escalation
FOUND = Offence(9, "xinghe", "unwashed_truck", beijing("2026-03-01 12:00"))
FIRST = Handover(beijing("2026-03-02 09:00"), beijing("2026-03-05 18:00"))
SECOND = Handover(beijing("2026-03-06 09:00"), beijing("2026-03-08 18:00"))
CALENDAR = RULE.model_copy(update={"counting": RULE.counting.model_copy(update={"window": "calendar_year"})})


def judged(now, rectified_at=None, handovers=(FIRST, SECOND), others=(), rule=RULE):
    rectified = beijing(rectified_at) if rectified_at else None
    return escalation_of(FOUND, others, handovers, rectified, beijing(now), rule)


def earlier(day, **changes):
    return Offence(3, "xinghe", "uncovered_soil", beijing(f"{day} 08:00"), **changes)


def test_twice_handed_over_and_not_rectified_is_escalated_once_the_second_is_overdue():
    assert not judged("2026-03-08 18:00").is_escalated
    late = judged("2026-03-08 18:01")
    assert late.is_escalated
    assert late.reasons[0].text() == (
        "handed over 2 times and not rectified in time; the last was due on 2026-03-08 18:00"
    )


@pytest.mark.parametrize("rectified_at", ["2026-03-03 08:00", "2026-03-07 08:00", "2026-03-08 18:00"])
def test_who_rectifies_by_the_second_due_time_is_not_escalated(rectified_at):
    assert not judged("2026-04-01 08:00", rectified_at).is_escalated


def test_a_rectification_after_both_due_times_does_not_take_it_back():
    assert judged("2026-04-01 08:00", "2026-03-09 08:00").is_escalated


def test_one_handover_is_not_enough_however_late():
    assert not judged("2027-01-01 08:00", handovers=(FIRST,)).is_escalated


def test_a_handover_that_is_due_before_it_was_made_is_refused():
    with pytest.raises(ValueError, match="after it was made"):
        Handover(FIRST.due_at, FIRST.handed_at)


@pytest.mark.parametrize(
    ("day", "within_365_days", "in_calendar_year"),
    [
        ("2025-02-28", False, False),
        ("2025-03-01", True, False),
        ("2025-12-31", True, False),
        ("2026-01-01", True, True),
        ("2026-03-01", False, False),  # the same day counts once
    ],
)
def test_two_offences_within_a_year(day, within_365_days, in_calendar_year):
    others = [earlier(day)]
    assert judged("2026-03-01 12:00", handovers=(), others=others).is_escalated is within_365_days
    assert judged("2026-03-01 12:00", handovers=(), others=others, rule=CALENDAR).is_escalated is in_calendar_year


def test_the_grounds_name_the_earlier_cases():
    reasons = judged("2026-03-09 08:00", others=[earlier("2026-01-05")]).reasons
    assert [each.kind for each in reasons] == [EscalationReason.NOT_RECTIFIED, EscalationReason.REPEATED_IN_DAYS]
    assert reasons[1].text() == "offence 2 on this project within 365 days; the earlier ones: 3 (2026-01-05)"
    in_year = judged("2026-03-02 08:00", others=[earlier("2026-01-05")], rule=CALENDAR).reasons
    assert in_year[0].text() == "offence 2 on this project in the year 2026; the earlier ones: 3 (2026-01-05)"


def test_offences_that_were_guided_count_unless_the_office_says_otherwise():
    others = [earlier("2026-01-05", was_guided=True)]
    lenient = RULE.model_copy(update={"guided_offences_count": False})
    assert judged("2026-03-02 08:00", others=others).is_escalated
    assert not judged("2026-03-02 08:00", others=others, rule=lenient).is_escalated


def test_another_project_does_not_count():
    other = Offence(3, "other", "unwashed_truck", beijing("2026-01-05 08:00"))
    assert not judged("2026-03-02 08:00", others=[other]).is_escalated


hours = st.integers(0, 1000).map(lambda number: timedelta(hours=number))
handovers = st.lists(
    st.builds(
        lambda start, term: Handover(FOUND.found_at + start, FOUND.found_at + start + term + timedelta(hours=1)),
        hours,
        hours,
    ),
    max_size=4,
)


@given(handovers, st.none() | hours, hours, hours)
def test_once_escalated_stays_so_and_every_missed_handover_was_due_before_the_end(handed, rectified, now, later):
    rectified_at = None if rectified is None else FOUND.found_at + rectified
    then, after = FOUND.found_at + now, FOUND.found_at + now + later
    if escalation_of(FOUND, [], handed, rectified_at, then, RULE).is_escalated:
        assert escalation_of(FOUND, [], handed, rectified_at, after, RULE).is_escalated
    assert all(each.due_at < min(then, rectified_at or then) for each in missed(handed, rectified_at, then))
