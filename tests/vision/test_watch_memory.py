"""A rule that goes on from what another one remembered finds what that one would have found."""

from collections.abc import Sequence
from datetime import timedelta
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.vision.soil_looks import EVERY_S, PARAMETERS, START, ZONE_XYXY
from vision.ground_plane import Measured
from vision.missing_hoarding import HoardingObservation, MissingHoardingParameters, MissingHoardingRule
from vision.perimeter import PARTS, Perimeter
from vision.uncovered_soil import SoilObservation, UncoveredSoilParameters, UncoveredSoilRule
from vision.violations import Violation
from vision.watch_memory import WatchMemory

PERIMETER = Perimeter(((0.0, 0.5), (1.0, 0.5)), gates=((0.2, 0.4),))
HOARDING = MissingHoardingParameters(window_s=60, grace_s=100, close_after_s=80)
SOIL = UncoveredSoilParameters(window_s=60, grace_s=100, close_after_s=80)

SOIL_LOOKS = st.lists(
    st.tuples(
        st.sampled_from([0.4, 0.37, 0.1, 0.0, None]),
        st.integers(1, 20),
        st.booleans(),
        st.booleans(),
        st.sampled_from([10.0, 10.0, 10.0, 61.5, 4000.25]),
    ),
    min_size=1,
    max_size=15,
)
GAPS = st.lists(st.tuples(st.integers(0, PARTS - 1), st.integers(1, 40)), max_size=3)
GAP_LOOKS = st.lists(st.tuples(GAPS, GAPS, st.integers(1, 15), st.booleans()), min_size=1, max_size=10)
CUTS = st.sets(st.integers(0, 150), max_size=4)


def soil_rule(memory: WatchMemory, parameters: UncoveredSoilParameters = SOIL) -> UncoveredSoilRule:
    return UncoveredSoilRule("yard", ZONE_XYXY, parameters, longest_gap_s=60, memory=memory.soil)


def hoarding_rule(memory: WatchMemory, parameters: MissingHoardingParameters = HOARDING) -> MissingHoardingRule:
    return MissingHoardingRule("fence", PERIMETER, parameters, longest_gap_s=60, memory=memory.hoarding)


def through_json(memory: WatchMemory) -> WatchMemory:
    return WatchMemory.model_validate_json(memory.model_dump_json())


def judge_soil(looks: Sequence[SoilObservation], cuts: set[int]) -> tuple[list[Violation], tuple[Violation, ...]]:
    rule, found = soil_rule(WatchMemory()), []
    for number, look in enumerate(looks):
        if number in cuts:
            rule = soil_rule(through_json(WatchMemory(soil=rule.memory())))
        found += [violation for violation in [rule.observe(look)] if violation is not None]
    return found, rule.open_violations


def judge_hoarding(
    looks: Sequence[HoardingObservation], cuts: set[int]
) -> tuple[list[Violation], tuple[Violation, ...], list[tuple[float, float]]]:
    rule, found = hoarding_rule(WatchMemory()), []
    for number, look in enumerate(looks):
        if number in cuts:
            rule = hoarding_rule(through_json(WatchMemory(hoarding=rule.memory())))
        found += rule.observe(look)
    return found, rule.open_violations, rule.open_gaps


def soil_looks(spans: list[tuple[float | None, int, bool, bool, float]]) -> list[SoilObservation]:
    at_s, looks = 0.0, []
    for share, count, works, light, every_s in spans:
        for _ in range(count):
            at_s += every_s
            area = None if share is None else Measured(share * 100 / 3, inf if share > 0.38 else 1 / 7)
            looks.append(SoilObservation(START + timedelta(seconds=at_s), share, works, light, area))
    return looks


def gap_looks(
    spans: list[tuple[list[tuple[int, int]], list[tuple[int, int]], int, bool]],
) -> list[HoardingObservation]:
    looks: list[HoardingObservation] = []
    for gaps, hidden, count, light in spans:
        covered = np.ones(PARTS, dtype=np.float32)
        for stretches, value in ((gaps, 0.2), (hidden, np.nan)):
            for start, length in stretches:
                covered[start : start + length] = value
        for _ in range(count):
            looks.append(HoardingObservation(START + timedelta(seconds=len(looks) * EVERY_S), covered, light))
    return looks


@settings(max_examples=60)
@given(SOIL_LOOKS, CUTS)
def test_soil_is_judged_the_same_wherever_the_process_ended(
    spans: list[tuple[float | None, int, bool, bool, float]], cuts: set[int]
) -> None:
    looks = soil_looks(spans)
    cut, whole = judge_soil(looks, cuts), judge_soil(looks, set())
    assert cut == whole
    assert [violation.key for violation in cut[0]] == [violation.key for violation in whole[0]]


@settings(max_examples=60)
@given(GAP_LOOKS, CUTS)
def test_hoarding_is_judged_the_same_wherever_the_process_ended(
    spans: list[tuple[list[tuple[int, int]], list[tuple[int, int]], int, bool]], cuts: set[int]
) -> None:
    looks = gap_looks(spans)
    cut, whole = judge_hoarding(looks, cuts), judge_hoarding(looks, set())
    assert cut == whole
    assert [violation.key for violation in cut[0]] == [violation.key for violation in whole[0]]


def opened_soil() -> WatchMemory:
    rule = soil_rule(WatchMemory())
    for look in soil_looks([(0.4, 20, False, True, EVERY_S)]):
        rule.observe(look)
    return WatchMemory(soil=rule.memory())


def opened_hoarding() -> WatchMemory:
    rule = hoarding_rule(WatchMemory())
    for look in gap_looks([([(120, 20)], [], 20, True)]):
        rule.observe(look)
    return WatchMemory(hoarding=rule.memory())


def test_a_rule_that_judges_otherwise_keeps_what_is_open_and_nothing_else() -> None:
    soil, hoarding = opened_soil().soil, opened_hoarding().hoarding
    assert soil is not None
    assert hoarding is not None
    for memory in (soil, hoarding):
        kept = memory.open_alone()
        assert kept is not None
        assert kept.time.seconds == 0
    later = soil_rule(WatchMemory(soil=soil.open_alone()), PARAMETERS)
    looks = soil_looks([(0.4, 150, False, True, EVERY_S)])
    assert [violation for look in looks if (violation := later.observe(look))] == []
    assert later.open_violations == (soil.violation,)
    fence = hoarding_rule(WatchMemory(hoarding=hoarding.open_alone()))
    seen = gap_looks([([(118, 25)], [], 100, True)])
    assert [violation for look in seen for violation in fence.observe(look)] == []
    assert len(fence.open_violations) == 1


def test_of_what_is_not_open_yet_a_rule_that_judges_otherwise_keeps_nothing() -> None:
    rule, fence = soil_rule(WatchMemory()), hoarding_rule(WatchMemory())
    for look in soil_looks([(0.4, 5, False, True, EVERY_S)]):
        rule.observe(look)
    for seen in gap_looks([([(120, 20)], [], 5, True)]):
        fence.observe(seen)
    assert rule.memory().open_alone() is None
    assert fence.memory().open_alone() is None


def test_a_night_without_the_process_neither_ends_nor_doubles_what_is_open() -> None:
    memory = opened_soil()
    rule = soil_rule(through_json(memory))
    next_day = [
        SoilObservation(START + timedelta(days=1, seconds=number * EVERY_S), share)
        for number, share in enumerate([0.0] * 7 + [0.4] * 60)
    ]
    assert [violation for look in next_day if (violation := rule.observe(look))] == []
    assert {violation.key for violation in rule.open_violations} == memory.open_keys


@pytest.mark.parametrize(
    "wrong", [{"lasting": {"level": "present"}}, {"violation": None}, {"surprise": 1}, {"share": "much"}]
)
def test_a_memory_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    soil = opened_soil().soil
    assert soil is not None
    with pytest.raises(ValidationError):
        WatchMemory.model_validate({"soil": soil.model_dump() | wrong})
