"""The uncovered-soil rule, told by stories."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.vision.soil_looks import EVERY_S, PARAMETERS, START, ZONE_XYXY, judge, looks, seconds
from vision.ground_plane import Measured
from vision.uncovered_soil import UncoveredSoilParameters
from vision.violations import RuleName

BARE, BETWEEN, COVERED = 0.4, 0.1, 0.0


def test_soil_that_lies_bare_longer_than_the_grace_time_is_one_violation() -> None:
    violations, rule = judge(looks([COVERED] * 30 + [BARE] * 200))
    (violation,) = violations
    assert violation.rule is RuleName.UNCOVERED_SOIL
    assert violation.bbox_xyxy == ZONE_XYXY
    assert 600 <= seconds(violation) <= 600 + PARAMETERS.window_s
    told = {"bare_soil_share": 0.4, "lasted_s": 300.0, "earthworks": 0.0, "looks": 7.0, "by_ground_area": 0.0}
    assert violation.measures == told
    assert rule.is_open


def test_soil_that_is_covered_within_the_grace_time_is_none() -> None:
    violations, _ = judge(looks(([BARE] * 25 + [COVERED] * 10) * 5))
    assert violations == []


def test_a_share_below_the_limit_is_none_however_long() -> None:
    violations, rule = judge(looks([0.14] * 1000))
    assert violations == []
    assert rule.share == 0.14


def test_after_it_was_covered_for_long_enough_bare_soil_is_a_new_violation_with_a_new_key() -> None:
    violations, _ = judge(looks([BARE] * 50 + [COVERED] * 30 + [BARE] * 50))
    assert len({violation.key for violation in violations}) == 2


@pytest.mark.parametrize("lull", [[COVERED] * 15, [BETWEEN] * 500])
def test_a_short_or_a_half_covering_does_not_end_it(lull: list[float]) -> None:
    violations, rule = judge(looks([BARE] * 50 + lull + [BARE] * 100))
    assert len(violations) == 1
    assert rule.is_open


def test_single_wrong_looks_change_nothing() -> None:
    one_in_four = [COVERED if number % 4 == 3 else BARE for number in range(60)]
    violations, _ = judge(looks(one_in_four))
    assert len(violations) == 1
    violations, _ = judge(looks([BARE - share for share in one_in_four] * 5))
    assert violations == []


@pytest.mark.parametrize(("factor", "opens_at_s"), [(1.0, 300), (4.0, 1200)])
def test_earthworks_lengthen_the_grace_time(factor: float, opens_at_s: float) -> None:
    parameters = PARAMETERS.model_copy(update={"earthworks_factor": factor})
    (violation,), _ = judge(looks([BARE] * 200, has_earthworks=True), parameters)
    assert seconds(violation) == pytest.approx(opens_at_s, abs=EVERY_S)
    assert violation.measures["earthworks"] == 1.0


def test_when_the_earthworks_end_the_grace_time_is_short_again() -> None:
    working, idle = looks([BARE] * 40, has_earthworks=True), looks([BARE] * 100, after_s=400)
    (violation,), _ = judge([*working, *idle])
    assert seconds(violation) == pytest.approx(400 + PARAMETERS.window_s + 300 - (400 + 60) / 4, abs=2 * EVERY_S)
    assert violation.measures["earthworks"] == 0.0


def test_at_night_no_time_runs() -> None:
    evening, night = looks([BARE] * 20), looks([COVERED, BARE] * 2000, after_s=200, is_light=False)
    morning = looks([BARE] * 30, after_s=40_200)
    (violation,), _ = judge([*evening, *night, *morning])
    assert seconds(violation) == pytest.approx(40_200 + 300 - 190, abs=EVERY_S)
    assert violation.measures["lasted_s"] == pytest.approx(300, abs=EVERY_S)


def test_a_moment_without_light_takes_no_time() -> None:
    flickering = [
        look
        for number in range(0, 400, 2)
        for look in (
            *looks([BARE], after_s=number * EVERY_S),
            *looks([BARE], after_s=(number + 1) * EVERY_S, is_light=False),
        )
    ]
    assert judge(flickering)[0] == []


def test_no_time_runs_while_nobody_watched() -> None:
    violations, _ = judge([*looks([BARE] * 20), *looks([BARE] * 5, after_s=5000)])
    assert violations == []


def test_while_the_zone_is_hidden_what_was_seen_before_still_holds() -> None:
    (violation,), _ = judge(looks([BARE, BARE, None, None] * 40))
    assert seconds(violation) == pytest.approx(300, abs=4 * EVERY_S)


def test_the_area_is_told_where_it_is_known() -> None:
    (violation,), _ = judge(looks([BARE] * 50, bare_soil_m2=Measured(123.45, 6.78)))
    assert violation.measures["bare_soil_m2"] == pytest.approx(123.45, abs=0.1)
    assert violation.measures["bare_soil_m2_error"] == pytest.approx(6.78, abs=0.1)
    assert violation.measures["by_ground_area"] == 1.0


SPANS = st.lists(
    st.tuples(st.sampled_from([BARE, BETWEEN, COVERED, None]), st.integers(1, 60), st.booleans(), st.booleans()),
    min_size=1,
    max_size=25,
)


@given(SPANS)
def test_no_story_opens_two_for_one_problem(spans: list[tuple[float | None, int, bool, bool]]) -> None:
    """Between two violations the zone was seen covered by daylight for the whole closing time."""
    story = [(share, works, light) for share, length, works, light in spans for _ in range(length)]
    observations = [
        look for number, (share, works, light) in enumerate(story)
        for look in looks([share], after_s=number * EVERY_S, has_earthworks=works, is_light=light)
    ]  # fmt: skip
    violations, _ = judge(observations)
    opened = [violation.opened_at for violation in violations]
    assert len({violation.key for violation in violations}) == len(violations)
    for first, second in pairwise(opened):
        covered = [
            look
            for look in observations
            if first < look.captured_at < second and look.is_light and look.bare_soil_share == COVERED
        ]
        assert len(covered) * EVERY_S >= PARAMETERS.close_after_s / 2
        assert second - first >= timedelta(seconds=PARAMETERS.close_after_s + PARAMETERS.grace_s)
    for at in opened:
        assert at - START >= timedelta(seconds=PARAMETERS.grace_s)


def test_limits_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="close_share has to be less"):
        UncoveredSoilParameters(open_share=0.1, close_share=0.1)


def test_a_clock_that_was_set_back_takes_nothing_from_how_long_it_lasted() -> None:
    (violation,), rule = judge(looks([BARE] * 50))
    now = rule.measured_now(violation, violation.opened_at - timedelta(minutes=10))
    assert now.measures["lasted_s"] == violation.measures["lasted_s"]
