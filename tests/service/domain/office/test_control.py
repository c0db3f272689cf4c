"""A site's control level and the alert set how often its cameras are inspected."""

from itertools import pairwise

import pytest
from pydantic import ValidationError

from service.domain.office.control import ControlRule, inspection_interval_s, site_intervals
from service.domain.office.levels import AlertLevel, ControlLevel
from tests.service.domain.office.shipped_rules import RULES


def interval_s(level, alert):
    return inspection_interval_s(level, alert, RULES.control, RULES.alert)


@pytest.mark.parametrize(
    ("level", "alert", "seconds"),
    [
        (ControlLevel.A, None, 10),
        (ControlLevel.C, None, 60),
        (None, None, 10),
        (ControlLevel.C, AlertLevel.YELLOW, 30),
        (ControlLevel.C, AlertLevel.ORANGE, 15),
        (ControlLevel.A, AlertLevel.RED, 1),
    ],
)
def test_the_interval_of_a_level_under_an_alert(level, alert, seconds):
    assert interval_s(level, alert) == seconds


@pytest.mark.parametrize("level", [None, *ControlLevel])
def test_a_stricter_alert_never_inspects_less_and_none_goes_below_the_least(level):
    intervals = [interval_s(level, alert) for alert in (None, *AlertLevel)]
    assert all(before >= after for before, after in pairwise(intervals))
    assert min(intervals) >= RULES.control.least_interval_s


def test_no_alert_goes_below_the_least_interval():
    control = RULES.control.model_copy(update={"least_interval_s": 7})
    assert inspection_interval_s(ControlLevel.A, AlertLevel.RED, control, RULES.alert) == 7
    assert inspection_interval_s(ControlLevel.C, AlertLevel.ORANGE, control, RULES.alert) == 15


def test_every_site_has_the_interval_of_its_level():
    found = site_intervals(
        ["xinghe", "binjiang", "new"],
        {"xinghe": ControlLevel.B, "binjiang": ControlLevel.C},
        AlertLevel.YELLOW,
        RULES.control,
        RULES.alert,
    )
    assert {each.site_id: each.interval_s for each in found} == {"xinghe": 15, "binjiang": 30, "new": 5}
    assert [each.level for each in found] == [ControlLevel.B, ControlLevel.C, None]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"interval_s": {"A": 10, "B": 30}}, "levels are missing: C"),
        ({"least_interval_s": 11}, "longer than the interval"),
        ({"without_level_s": 3601}, "less than or equal to 3600"),
    ],
)
def test_intervals_that_no_camera_can_follow_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        ControlRule.model_validate(RULES.control.model_dump() | changes)
