"""Which trouble opens a maintenance case, and what a report of trouble may hold."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.health import HealthReport
from service.domain.maintenance import OPENS_AFTER, MaintenanceCase, MaintenanceRule, MaintenanceState, healthy_since
from streams.health.observation import HealthKind
from tests.service.health_reports import NOON, make_report, minutes

RULE = MaintenanceRule()
DAY = 24 * 60
moments = st.integers(0, 10 * DAY).map(minutes)


def test_every_kind_has_its_time():
    assert set(OPENS_AFTER) == set(HealthKind)


@pytest.mark.parametrize(("kind", "after"), OPENS_AFTER.items())
def test_an_observation_opens_a_case_once_it_has_lasted_and_not_before(kind, after):
    report = make_report(kind=kind)
    assert RULE.opens_case(report, NOON + after)
    assert not RULE.opens_case(report, NOON + after - timedelta(seconds=1))


def test_what_ended_in_time_never_opens_a_case():
    assert not any(RULE.opens_case(make_report(0, 29), minutes(later)) for later in (29, 30, 300, 3 * DAY))


def test_what_lasted_and_ended_while_the_edge_was_cut_off_opens_a_case_for_a_day():
    report = make_report(0, 40)
    assert RULE.opens_case(report, minutes(40 + DAY - 1))
    assert not RULE.opens_case(report, minutes(40 + DAY))


@given(moments, st.none() | st.integers(0, 5 * DAY), moments, moments, st.sampled_from(HealthKind))
def test_what_goes_on_stays_due_and_no_case_both_opens_and_closes(start, lasts, now, later, kind):
    end = None if lasts is None else start + timedelta(minutes=lasts)
    report = make_report(kind=kind, started_at=start, ended_at=end)
    if end is None and RULE.opens_case(report, now):
        assert RULE.opens_case(report, max(now, later))
    assert not (RULE.opens_case(report, now) and RULE.closes_case(end, now))


@given(st.lists(st.none() | moments))
def test_a_camera_is_healthy_from_the_last_end_and_only_when_all_ended(ends):
    since = healthy_since(ends)
    if not ends or None in ends:
        assert since is None
    else:
        assert since == max(ends)


def case_since(start):
    kind, state = HealthKind.OFFLINE, MaintenanceState.OPEN
    return MaintenanceCase(
        1, "k", "s-01", "s", "s-01-gate", "c", kind, minutes(start), minutes(start + 30), None, state
    )


def test_a_new_observation_of_the_same_camera_and_kind_joins_however_short():
    case = case_since(0)
    assert RULE.joins_case(make_report(200, 201), case)
    assert RULE.joins_case(make_report(200), case)
    assert not RULE.joins_case(make_report(200, camera_id="other"), case)
    assert not RULE.joins_case(make_report(200, kind=HealthKind.BLACK), case)
    assert not RULE.joins_case(make_report(-20, -10), case)


def report_json(**changes):
    return {**make_report().model_dump(mode="json"), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "../../etc/passwd"},
        {"key": "5B0F9A52-8C1E-5D0A-9F43-2F6F0F6D1C11"},
        {"kind": "sleepy"},
        {"camera_id": ""},
        {"camera_id": "x" * 201},
        {"camera_name": "a\x00b"},
        {"started_at": "2025-06-01T04:00:00"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"started_at": "9999-12-31T23:59:59-14:00"},
        {"ended_at": "2025-06-01T03:59:59Z"},
        {"figures": {"x": math.nan}},
        {"figures": {"x": math.inf}},
        {"figures": {"X y": 1}},
        {"figures": {f"x{number}": 1 for number in range(21)}},
        {"extra": 1},
    ],
)
def test_a_report_that_is_none_is_refused(changes):
    with pytest.raises(ValidationError):
        HealthReport.model_validate(report_json(**changes))


def test_times_become_utc():
    report = HealthReport.model_validate(report_json(started_at="2025-06-01T12:00:00+08:00"))
    assert report.started_at == datetime(2025, 6, 1, 4, tzinfo=UTC)
    assert report.started_at.tzinfo is UTC
