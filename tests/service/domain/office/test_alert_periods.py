"""Alerts as the office gives them become levels in time, without gaps where one follows the other."""

import pytest

from service.domain.office.alert_periods import AlertPeriod, history_of, in_order
from service.domain.office.errors import AlertsOverlap
from service.domain.office.levels import AlertLevel
from tests.service.domain.office.shipped_rules import beijing

YELLOW = AlertPeriod(beijing("2026-12-01 08:00"), beijing("2026-12-02 08:00"), AlertLevel.YELLOW)
RED = AlertPeriod(beijing("2026-12-02 08:00"), None, AlertLevel.RED)


def test_a_level_that_becomes_stricter_goes_on_without_a_break():
    history = history_of(in_order([RED, YELLOW]))
    (span,) = history.spans_of(AlertLevel.YELLOW)
    assert (span.since, span.until) == (YELLOW.starts_at, None)
    assert history.level_at(beijing("2026-12-02 08:00")) is AlertLevel.RED


def test_between_two_alerts_there_is_none():
    later = AlertPeriod(beijing("2026-12-05 08:00"), None, AlertLevel.ORANGE)
    history = history_of(in_order([later, YELLOW]))
    assert history.level_at(beijing("2026-12-03 08:00")) is None
    assert len(history.spans_of(AlertLevel.YELLOW)) == 2


def test_alerts_that_overlap_are_refused():
    with pytest.raises(AlertsOverlap):
        in_order([YELLOW, AlertPeriod(beijing("2026-12-02 07:59"), None, AlertLevel.RED)])
    with pytest.raises(AlertsOverlap):
        in_order([RED, AlertPeriod(beijing("2026-12-09 08:00"), beijing("2026-12-10 08:00"), AlertLevel.RED)])
