"""How a case went, read from its steps, and what the rules advise about it."""

from datetime import timedelta

from service.domain.lifecycle import Step
from service.domain.office.advice import Course, DatedStep, advice_of, course_of
from service.domain.office.levels import AlertLevel
from service.domain.office.offences import Offence
from tests.service.domain.office.shipped_rules import RULES, beijing

NOW = beijing("2026-03-10 12:00")
DAY = timedelta(days=1)


def steps(*told):
    """Steps, each `(name, day)` or `(name, day, day on which it was due)` of March 2026."""
    found = []
    for name, day, *due in told:
        was_due = beijing(f"2026-03-{due[0]:02d} 18:00") if due else None
        found.append(DatedStep(Step(name), beijing(f"2026-03-{day:02d} 09:00"), was_due))
    return found


def days(course):
    return [(each.handed_at.day, each.due_at.day) for each in course.handovers]


def test_a_case_that_was_handed_over_to_nobody_has_no_handovers():
    assert course_of(steps(("confirm", 1)), NOW) == Course()


def test_an_open_handover_is_due_when_the_case_is():
    assert days(course_of(steps(("confirm", 1), ("assign", 2)), NOW)) == [(2, 10)]


def test_a_handover_that_was_declined_is_none():
    assert days(course_of(steps(("assign", 2), ("decline", 3), ("assign", 4)), NOW)) == [(4, 10)]


def test_a_reported_handover_was_due_when_its_rectification_was():
    course = course_of(steps(("assign", 2), ("accept", 3, 3), ("report", 5, 6)), NOW)
    assert days(course) == [(2, 6)]
    assert course.rectified_at is None


def test_a_rectification_stands_once_verified_and_until_it_is_opened_again():
    told = [("assign", 2), ("accept", 3, 3), ("report", 5, 6), ("verify", 6, 8)]
    assert course_of(steps(*told), NOW).rectified_at == beijing("2026-03-05 09:00")
    reopened = course_of(steps(*told, ("close", 7, 9), ("reopen", 8)), NOW)
    assert (days(reopened), reopened.rectified_at) == ([(2, 6)], None)


def test_a_case_that_is_returned_was_handed_over_twice():
    told = [("assign", 2), ("accept", 3, 3), ("report", 5, 4), ("return", 6, 8), ("accept", 7, 7)]
    assert days(course_of(steps(*told), NOW)) == [(2, 4), (6, 10)]


def test_a_handover_that_is_returned_before_anything_was_reported_was_due_with_the_return():
    assert days(course_of(steps(("assign", 2), ("accept", 3, 3), ("return", 6, 5)), NOW)) == [(2, 5), (6, 10)]


def test_a_first_minor_offence_is_advised_guidance_with_the_version_of_the_rules():
    offence = Offence(9, "xinghe", "unwashed_truck", NOW)
    advice = advice_of(offence, (), Course(), None, NOW, RULES)
    assert (advice.version, advice.leniency.guidance_first, advice.escalation.is_escalated) == (
        "default-1",
        True,
        False,
    )
    assert not advice_of(offence, (), Course(), AlertLevel.RED, NOW, RULES).leniency.guidance_first


def test_a_second_offence_of_the_year_and_two_missed_handovers_are_both_told():
    offence, earlier = (
        Offence(9, "xinghe", "unwashed_truck", NOW),
        Offence(3, "xinghe", "unwashed_truck", NOW - 9 * DAY),
    )
    told = [("assign", 2), ("accept", 3, 3), ("report", 5, 4), ("return", 6, 8)]
    course = course_of(steps(*told), beijing("2026-03-08 18:00"))
    advice = advice_of(offence, (earlier,), course, None, NOW, RULES)
    assert not advice.leniency.guidance_first
    assert len(advice.escalation.reasons) == 2
