"""What the chaos run's cameras showed, and how much of it could be watched."""

from benchmarks.chaos.films import CYCLE_S, LAWFUL_S, Film, films, passes
from benchmarks.chaos.truth import (
    CUT,
    NEEDED_S,
    NOT_APART,
    NOT_LONG_ENOUGH,
    NOT_WATCHABLE,
    Interval,
    Shown,
    longest_watchable,
    shown,
    total_s,
)

YARD, _, GATE = films()


def _shown(film: Film, run: Interval, *outages: Interval) -> list[Shown]:
    return [one for one in shown("camera", film, 0.0, run, outages) if one.is_violation]


def test_each_cycle_of_a_yard_is_bare_once() -> None:
    found = _shown(YARD, Interval(0, 3 * CYCLE_S))
    assert [one.when.begins for one in found] == [LAWFUL_S, CYCLE_S + LAWFUL_S, 2 * CYCLE_S + LAWFUL_S]
    assert all(one.is_due for one in found)


def test_a_film_that_began_earlier_shows_everything_earlier() -> None:
    (first, *_) = shown("camera", YARD, 30.0, Interval(0, CYCLE_S), [])
    assert first.when.begins == LAWFUL_S - 30


def test_what_the_run_cuts_through_need_not_be_a_case() -> None:
    (found,) = _shown(YARD, Interval(LAWFUL_S + 1, CYCLE_S))
    assert found.why == CUT


def test_three_trucks_of_a_cycle_break_the_rule_and_one_does_not() -> None:
    assert [span.is_violation for span in passes()] == [True, True, False, True]
    assert len(_shown(GATE, Interval(0, GATE.length_s))) == 3


def test_a_pass_during_an_outage_is_told_apart() -> None:
    first = _shown(GATE, Interval(0, GATE.length_s))[0]
    outage = Interval(first.when.begins + 1, first.when.begins + 2)
    assert [one.why for one in _shown(GATE, Interval(0, GATE.length_s), outage)] == [NOT_WATCHABLE, "", ""]


def test_soil_has_to_be_watchable_without_a_break_and_so_has_what_is_lawful_before_it() -> None:
    run = Interval(0, CYCLE_S)
    middle = LAWFUL_S + NEEDED_S - 1
    assert _shown(YARD, run, Interval(middle, CYCLE_S))[0].why == NOT_LONG_ENOUGH
    assert _shown(YARD, run, Interval(middle + 2, CYCLE_S))[0].is_due
    assert _shown(YARD, run, Interval(1, LAWFUL_S - 1))[0].why == NOT_APART


def test_the_longest_watchable_time_lies_between_outages_that_may_overlap() -> None:
    outages = [Interval(10, 40), Interval(20, 30), Interval(70, 80)]
    assert longest_watchable(Interval(0, 100), outages) == 30
    assert longest_watchable(Interval(0, 100), []) == 100
    assert longest_watchable(Interval(25, 35), outages) == 0
    assert total_s({"one": outages, "two": []}, Interval(0, 75)) == 35
