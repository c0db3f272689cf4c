"""Cases are held against what was shown, though the edge's clock jumped."""

from benchmarks.chaos.matching import ClockOffset, FoundCase, match, true_time
from benchmarks.chaos.truth import Interval, Shown

RUN = Interval(0, 1000)
CLOCK = [ClockOffset(0, 0), ClockOffset(400, 300), ClockOffset(600, -150)]
BARE = Shown("yard-0", "yard", Interval(450, 540), Interval(450, 570), is_violation=True)
WASHED = Shown("gate-0", "gate", Interval(450, 540), Interval(530, 540), is_violation=False)


def _case(opened_at: float, seen_at: float | None, key: str = "a", camera: str = "yard-0") -> FoundCase:
    rule = "uncovered_soil" if camera.startswith("yard") else "unwashed_truck"
    return FoundCase(key, camera, rule, opened_at, seen_at)


def test_a_case_is_dated_by_the_setting_of_the_clock_that_explains_it() -> None:
    assert true_time(_case(300, 301), CLOCK) == 300
    assert true_time(_case(760, 461), CLOCK) == 460
    assert true_time(_case(460, 461), CLOCK) == 460  # the step was not followed yet
    assert true_time(_case(550, 702), CLOCK) == 700
    assert true_time(_case(5000, 702), CLOCK) is None
    assert true_time(_case(300, None), CLOCK) is None


def test_what_is_a_case_once_is_found() -> None:
    found = match([BARE, WASHED], [_case(760, 461)], CLOCK, RUN)
    assert (found.due, found.found, found.lost, found.doubled, found.other) == (1, 1, (), (), ())


def test_what_is_no_case_is_lost_and_what_is_two_is_doubled() -> None:
    assert match([BARE], [], CLOCK, RUN).lost == ("yard-0 450-540",)
    twice = [_case(760, 461), _case(790, 491, "b")]
    assert match([BARE], twice, CLOCK, RUN).doubled == ("yard-0 450-540",)


def test_a_case_of_nothing_unlawful_is_another() -> None:
    cases = [_case(300, 301), _case(835, 536, "b", "gate-0"), _case(1100, None, "c")]
    assert len(match([BARE, WASHED], cases, CLOCK, RUN).other) == 3


def test_what_need_not_be_a_case_may_be_one() -> None:
    optional = Shown("yard-0", "yard", BARE.when, BARE.told, is_violation=True, why="not watchable")
    found = match([optional], [_case(760, 461)], CLOCK, RUN)
    assert (found.due, found.optional_found, found.other) == (0, 1, ())
    assert match([optional], [], CLOCK, RUN).lost == ()
