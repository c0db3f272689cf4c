"""A pollution alert brings due times forward while it lasts, and nothing but that."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.office.alert import AlertChange, AlertHistory, AlertRule, AlertSpan, DueTime, due_under_alert
from service.domain.office.levels import AlertLevel
from tests.service.domain.office.shipped_rules import RULES, beijing

RULE = RULES.alert  # yellow: 24 h, orange: 12 h, red: 4 h
YELLOW, ORANGE, RED = AlertLevel
HANDED = beijing("2026-01-10 08:00")
ORDINARY = HANDED + timedelta(hours=72)


def after(hours):
    return HANDED + timedelta(hours=hours)


def history(*changes):
    return AlertHistory([AlertChange(after(hours), level) for hours, level in changes])


def due(*changes):
    found = due_under_alert(HANDED, ORDINARY, history(*changes), RULE)
    return (found.due_at - HANDED) / timedelta(hours=1), found.alert


def test_without_an_alert_the_ordinary_due_time_holds():
    assert due() == (72, None)
    assert due((-100, RED), (-50, None)) == (72, None)


def test_a_case_that_is_handed_over_during_an_alert_has_the_alerts_hours():
    assert due((-10, ORANGE)) == (12, ORANGE)
    assert due((-10, ORANGE), (40, None)) == (12, ORANGE)


def test_an_alert_in_the_middle_of_the_term_counts_from_when_it_was_given():
    assert due((20, YELLOW)) == (44, YELLOW)


def test_an_alert_that_leaves_more_time_than_there_was_changes_nothing():
    assert due((60, YELLOW)) == (72, None)


def test_an_alert_that_is_lifted_before_its_hours_are_over_leaves_the_ordinary_due_time():
    assert due((20, YELLOW), (43, None)) == (72, None)


def test_an_alert_that_is_lifted_after_its_hours_leaves_the_case_overdue():
    assert due((20, YELLOW), (44, None)) == (44, YELLOW)


def test_a_stricter_alert_counts_from_when_it_became_stricter():
    assert due((0, YELLOW), (10, RED)) == (14, RED)
    assert due((0, YELLOW), (22, RED)) == (24, YELLOW)


def test_a_milder_alert_goes_on_as_what_it_also_was_before():
    assert due((0, RED), (3, YELLOW)) == (24, YELLOW)
    assert due((0, RED), (3, YELLOW), (20, None)) == (72, None)


def test_two_alerts_do_not_add_up():
    assert due((0, YELLOW), (20, None), (30, YELLOW)) == (54, YELLOW)


def test_the_level_holds_from_its_change_to_the_next():
    found = history((0, YELLOW), (5, RED), (9, None))
    assert [found.level_at(after(hours)) for hours in (-1, 0, 4, 5, 8, 9, 100)] == [
        None,
        YELLOW,
        YELLOW,
        RED,
        RED,
        None,
        None,
    ]
    assert found.spans_of(YELLOW) == (AlertSpan(after(0), after(9)),)
    assert found.spans_of(RED) == (AlertSpan(after(5), after(9)),)
    assert history((0, RED)).spans_of(ORANGE) == (AlertSpan(after(0), None),)


def test_two_changes_at_one_time_are_refused():
    with pytest.raises(ValueError, match="twice"):
        history((0, RED), (0, None))


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"yellow": (0.5, 24), "red": (0.1, 4)}, "levels are missing: orange"),
        ({"yellow": (0.5, 24), "orange": (0.6, 12), "red": (0.1, 4)}, "orange asks for less than yellow"),
        ({"yellow": (0.5, 24), "orange": (0.5, 12), "red": (0.1, 13)}, "red asks for less than orange"),
    ],
)
def test_levels_that_are_missing_or_not_stricter_are_refused(levels, message):
    measures = {name: {"interval_factor": factor, "due_hours": hours} for name, (factor, hours) in levels.items()}
    with pytest.raises(ValidationError, match=message):
        AlertRule.model_validate({"levels": measures})


changes = st.lists(
    st.builds(AlertChange, st.integers(-50, 120).map(after), st.none() | st.sampled_from(AlertLevel)),
    unique_by=lambda change: change.at,
    max_size=8,
)


def due_of(found):
    return due_under_alert(HANDED, ORDINARY, AlertHistory(found), RULE)


@given(changes)
def test_a_case_is_never_due_later_than_ordinarily_nor_earlier_than_the_strictest_level_allows(found):
    due_at = due_of(found).due_at
    assert after(4) <= due_at <= ORDINARY


@given(changes, st.integers(-50, 120))
def test_what_was_overdue_stays_so_whatever_the_alert_does_later(found, hours):
    known = [change for change in found if change.at <= after(hours)]
    due_then = due_of(known)
    assume(due_then.due_at <= after(hours))
    assert due_of(found) == due_then


@given(changes, st.integers(0, 7))
def test_a_stricter_level_never_gives_more_time(found, index):
    assume(index < len(found))
    raised = [AlertChange(change.at, RED) if number == index else change for number, change in enumerate(found)]
    assert due_of(raised).due_at <= due_of(found).due_at


@given(changes)
def test_who_brought_it_forward_held_at_that_time(found):
    result = due_of(found)
    if result.alert is None:
        assert result == DueTime(ORDINARY, None)
    else:
        level = AlertHistory(found).level_at(result.due_at - timedelta(seconds=1))
        assert level is not None
        assert level.is_at_least(result.alert)
