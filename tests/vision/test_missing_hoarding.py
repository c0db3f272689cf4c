"""The missing-hoarding rule, told by stories."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.ground_plane import Measured
from vision.missing_hoarding import HoardingObservation, LengthM, MissingHoardingParameters, MissingHoardingRule
from vision.perimeter import PARTS, Perimeter
from vision.violations import RuleName, Violation

START = datetime(2026, 3, 1, tzinfo=UTC)
EVERY_S = 10.0
PARAMETERS = MissingHoardingParameters(window_s=60, grace_s=300, close_after_s=200)
PERIMETER = Perimeter(((0.0, 0.5), (1.0, 0.5)), gates=((0.2, 0.4),))
Gaps = list[tuple[float, float]]
PANEL: Gaps = [(0.6, 0.7)]


def look(number: int, gaps: Gaps, hidden: Gaps = [], *, is_light: bool = True) -> HoardingObservation:  # noqa: B006
    """Return the look of this number, at a line with gaps and parts hidden (fractions)."""
    covered = np.ones(PARTS, dtype=np.float32)
    for stretches, value in ((gaps, 0.0), (hidden, np.nan)):
        for start, end in stretches:
            covered[round(start * PARTS) : round(end * PARTS)] = value
    return HoardingObservation(START + timedelta(seconds=number * EVERY_S), covered, is_light)


def judge(
    observations: Iterable[HoardingObservation], length_m: LengthM | None = None
) -> tuple[list[Violation], MissingHoardingRule]:
    rule = MissingHoardingRule("fence", PERIMETER, PARAMETERS, longest_gap_s=60, length_m=length_m)
    return [violation for each in observations for violation in rule.observe(each)], rule


def story(*spans: tuple[int, Gaps]) -> list[HoardingObservation]:
    """Return looks: for each span its number of looks, and the gaps."""
    return [look(number, gaps) for number, gaps in enumerate(gaps for length, gaps in spans for _ in range(length))]


def test_a_panel_that_is_missing_longer_than_the_grace_time_is_one_violation() -> None:
    (violation,), rule = judge(story((30, []), (200, PANEL)))
    assert violation.rule is RuleName.MISSING_HOARDING
    assert violation.measures == {"gap_share": 0.1, "at_share": 0.65, "lasted_s": 300.0, "looks": 7.0}
    assert violation.bbox_xyxy == pytest.approx((0.6, 0.44, 0.7, 0.5))
    assert 600 <= (violation.opened_at - START).total_seconds() <= 600 + PARAMETERS.window_s
    assert rule.open_gaps == [(0.6, 0.7)]


def test_a_gate_that_stands_open_is_none() -> None:
    violations, rule = judge(story((200, [(0.2, 0.4)])))
    assert violations == []
    assert rule.uncovered_share == 0


def test_a_gap_beside_an_open_gate_is_one() -> None:
    (violation,), _ = judge(story((200, [(0.2, 0.5)])))
    assert violation.measures["at_share"] == pytest.approx(0.45)


def test_a_gap_that_is_too_small_is_none() -> None:
    violations, _ = judge(story((200, [(0.6, 0.63)])))
    assert violations == []


def test_a_gap_that_is_closed_within_the_grace_time_is_none() -> None:
    violations, _ = judge(story(*[(25, PANEL), (10, [])] * 5))
    assert violations == []


def test_two_gaps_are_two_violations_with_two_keys_though_they_open_together() -> None:
    violations, _ = judge(story((100, [(0.5, 0.6), (0.8, 0.9)])))
    assert len({violation.key for violation in violations}) == 2


def test_a_gap_that_grows_shifts_or_splits_is_still_the_same() -> None:
    split: Gaps = [(0.6, 0.65), (0.75, 0.8)]
    violations, _ = judge(story((100, PANEL), (100, [(0.65, 0.8)]), (100, split), (100, [(0.75, 0.8)])))
    assert len(violations) == 1


def test_two_gaps_that_grow_together_go_on_as_one() -> None:
    apart: Gaps = [(0.5, 0.6), (0.7, 0.8)]
    violations, rule = judge(story((60, [(0.5, 0.6)]), (10, apart), (100, [(0.5, 0.8)]), (100, apart)))
    assert len(violations) == 1
    assert rule.open_gaps == [(0.5, 0.8)]


def test_after_it_was_closed_for_long_enough_a_gap_there_is_a_new_violation() -> None:
    violations, _ = judge(story((60, PANEL), (15, []), (60, PANEL)))
    assert len(violations) == 1
    violations, _ = judge(story((60, PANEL), (40, []), (60, PANEL)))
    assert len({violation.key for violation in violations}) == 2


def test_people_who_walk_past_are_no_gap() -> None:
    walking = [look(number, [((number * 0.03) % 0.9, (number * 0.03) % 0.9 + 0.1)]) for number in range(500)]
    violations, _ = judge(walking)
    assert violations == []


def test_what_a_lorry_hides_stays_as_it_was() -> None:
    hidden: Gaps = [(0.5, 1.0)]
    closed = [look(number, [], hidden) for number in range(200)]
    assert judge(closed)[0] == []
    before = [look(number, PANEL) for number in range(10)]
    parked = [look(number, [], hidden) for number in range(10, 200)]
    (violation,), _ = judge([*before, *parked])
    assert violation.measures["gap_share"] == pytest.approx(0.1)


def test_at_night_no_time_runs() -> None:
    evening = [look(number, PANEL) for number in range(20)]
    night = [look(number, PANEL, is_light=False) for number in range(20, 4000)]
    assert judge([*evening, *night])[0] == []
    morning = [look(number, PANEL) for number in range(4000, 4030)]
    assert len(judge([*evening, *night, *morning])[0]) == 1


def test_a_moment_without_light_takes_no_time() -> None:
    assert judge(look(number, PANEL, is_light=number % 2 == 0) for number in range(400))[0] == []


def test_where_the_camera_is_calibrated_metres_decide() -> None:
    def length_m(start: float, end: float) -> Measured:
        return Measured(10 * (end - start), 0.1)

    assert judge(story((100, [(0.6, 0.68)])), length_m)[0] == []
    (violation,), _ = judge(story((100, [(0.6, 0.75)])), length_m)
    assert violation.measures["gap_m"] == pytest.approx(1.5)
    assert violation.measures["gap_m_error"] == pytest.approx(0.1)


GAP = st.tuples(st.integers(0, 18), st.integers(1, 4)).map(lambda at: (at[0] / 20, min(1.0, (at[0] + at[1]) / 20)))
SPAN = st.tuples(st.integers(1, 60), st.lists(GAP, max_size=3), st.lists(GAP, max_size=2), st.booleans())


@settings(max_examples=60)
@given(st.lists(SPAN, min_size=1, max_size=12))
def test_no_story_opens_two_for_one_gap(spans: list[tuple[int, Gaps, Gaps, bool]]) -> None:
    """Violations never overlap one that lasts, and gates are never reported."""
    observations = [(gaps, hidden, light) for length, gaps, hidden, light in spans for _ in range(length)]
    rule = MissingHoardingRule("fence", PERIMETER, PARAMETERS, longest_gap_s=60)
    keys: list[str] = []
    for number, (gaps, hidden, light) in enumerate(observations):
        open_before = rule.open_gaps
        for violation in rule.observe(look(number, gaps, hidden, is_light=light)):
            at = violation.measures["at_share"]
            half = violation.measures["gap_share"] / 2 - 1e-6
            assert all(at + half <= start or at - half >= end for start, end in open_before)
            assert at + half <= 0.2 or at - half >= 0.4
            assert violation.measures["lasted_s"] >= PARAMETERS.grace_s
            keys.append(violation.key)
        lasting = sorted(rule.open_gaps)
        assert all(end <= start for (_, end), (start, _) in pairwise(lasting))
    assert len(set(keys)) == len(keys)


NOISY = st.lists(
    st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.sets(st.integers(100, 139), max_size=3)), min_size=1
)


@settings(max_examples=60)
@given(NOISY)
def test_no_order_of_looks_at_one_gap_opens_two(looks: list[tuple[int, int, set[int]]]) -> None:
    """Edges that waver and parts that are mistaken for hoarding are still the same gap."""
    rule = MissingHoardingRule("fence", PERIMETER, PARAMETERS, longest_gap_s=60)
    opened: list[Violation] = []
    for number in range(150):
        left, right, mistaken = looks[number % len(looks)]
        covered = np.ones(PARTS, dtype=np.float32)
        covered[100 + left : 140 + right] = 0.0
        covered[list(mistaken)] = 1.0
        opened += rule.observe(HoardingObservation(START + timedelta(seconds=number * EVERY_S), covered))
    assert len(opened) <= 1


def test_a_post_within_a_gap_does_not_make_it_two() -> None:
    (violation,), rule = judge(story((100, [(0.6, 0.65), (0.66, 0.7)])))
    assert violation.measures["gap_share"] == pytest.approx(0.1)
    violations, _ = judge(story((100, [(0.18, 0.2), (0.4, 0.42)])))
    assert violations == []
    assert rule.open_violations == (violation,)


def test_when_two_open_gaps_meet_both_violations_go_on_until_the_whole_is_closed() -> None:
    apart: Gaps = [(0.5, 0.6), (0.7, 0.8)]
    violations, rule = judge(story((60, apart), (20, [(0.5, 0.8)]), (20, [(0.5, 0.6)])))
    assert len(violations) == 2
    assert {each.key for each in rule.open_violations} == {each.key for each in violations}
    _, closed = judge(story((60, apart), (20, [(0.5, 0.8)]), (40, [])))
    assert closed.open_violations == ()


SPELLS = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), min_size=1, max_size=20)


@settings(max_examples=60)
@given(SPELLS)
def test_a_gap_closes_and_opens_again_only_after_the_stated_times(spells: list[tuple[bool, int]]) -> None:
    seen = [is_gap for is_gap, count in spells for _ in range(count)]
    violations, _ = judge(look(number, PANEL if is_gap else []) for number, is_gap in enumerate(seen))
    for first, second in pairwise(violation.opened_at for violation in violations):
        between = seen[
            round((first - START).total_seconds() / EVERY_S) : round((second - START).total_seconds() / EVERY_S)
        ]
        assert (second - first).total_seconds() >= PARAMETERS.close_after_s + PARAMETERS.grace_s
        assert between.count(False) * EVERY_S >= PARAMETERS.close_after_s - PARAMETERS.window_s


def test_a_clock_that_was_set_back_takes_nothing_from_how_long_it_lasted() -> None:
    (violation,), rule = judge(story((60, PANEL)))
    now = rule.measured_now(violation, violation.opened_at - timedelta(minutes=10))
    assert now.measures["lasted_s"] == violation.measures["lasted_s"]
