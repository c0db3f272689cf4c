"""The unwashed-truck rule, told by stories."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.truck_stories import (
    AT_LINE,
    BAY,
    GATE,
    START,
    STREET,
    WARM_UP_S,
    YARD,
    drive,
    frames_of,
    judge,
    sight,
    without,
)
from vision.unwashed_truck import UnwashedTruckParameters, UnwashedTruckRule


def test_a_truck_that_leaves_without_washing_is_reported_when_it_crosses_the_line() -> None:
    violations, rule = judge(drive(1, [(0, YARD), (5, STREET)]))
    assert len(violations) == 1
    crossing_s = (violations[0].opened_at - START).total_seconds() - WARM_UP_S
    assert crossing_s == pytest.approx(5 * (0.6 - 0.1) / 0.8, abs=0.3)
    assert rule.counts.left == rule.counts.unwashed == 1


def test_a_truck_that_washed_long_enough_is_not() -> None:
    violations, rule = judge(drive(1, [(0, YARD), (2, BAY), (23, BAY), (26, STREET)]))
    assert violations == []
    assert rule.counts.washed == 1


def test_a_wash_that_was_too_short_is_reported_with_its_length() -> None:
    violations, _ = judge(drive(1, [(0, YARD), (2, BAY), (12, BAY), (15, STREET)]))
    assert violations[0].measures["wash_seconds"] == pytest.approx(11, abs=1)


@pytest.mark.parametrize(("needed_s", "reported"), [(5, 0), (60, 1)])
def test_the_office_sets_how_long_is_enough(needed_s: float, reported: int) -> None:
    story = drive(1, [(0, YARD), (2, BAY), (22, BAY), (25, STREET)])
    violations, _ = judge(story, parameters=UnwashedTruckParameters(wash_seconds=needed_s))
    assert len(violations) == reported


def test_washing_too_long_ago_does_not_count() -> None:
    story = drive(1, [(0, YARD), (2, BAY), (25, BAY), (27, YARD), (100, YARD), (104, STREET)])
    violations, _ = judge(story, parameters=UnwashedTruckParameters(within_seconds=60))
    assert len(violations) == 1
    violations, _ = judge(story, parameters=UnwashedTruckParameters(within_seconds=600))
    assert violations == []


def test_a_truck_that_stops_on_the_line_is_reported_once() -> None:
    there_and_stays = [*drive(1, [(0, YARD), (4, AT_LINE)]), *drive(1, [(4, AT_LINE), (60, AT_LINE), (62, STREET)])]
    violations, rule = judge(there_and_stays)
    assert len(violations) == 1
    assert rule.counts.left == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-0.009, 0.009), min_size=50, max_size=150))
def test_jitter_on_the_line_is_no_crossing(offsets: list[float]) -> None:
    standing = [sight(1, number / 10, (0.5, 0.6 + offset)) for number, offset in enumerate(offsets)]
    violations, rule = judge(standing)
    assert violations == []
    assert rule.counts.left == rule.counts.entered == 0


def test_a_truck_that_turns_back_and_leaves_again_is_reported_once() -> None:
    violations, rule = judge(drive(1, [(0, YARD), (3, STREET), (6, YARD), (9, STREET), (12, YARD), (15, STREET)]))
    assert len(violations) == 1
    assert rule.counts.left == 1


def test_a_truck_that_only_comes_in_is_not_reported() -> None:
    violations, rule = judge(drive(1, [(0, STREET), (5, YARD)]))
    assert violations == []
    assert rule.counts.entered == 1


def test_a_truck_that_comes_in_and_leaves_unwashed_is_reported() -> None:
    violations, rule = judge(drive(1, [(0, STREET), (5, YARD), (30, YARD), (34, STREET)]))
    assert len(violations) == 1
    assert (rule.counts.entered, rule.counts.left) == (1, 1)


def test_a_truck_that_passes_beside_the_line_does_not_leave_through_it() -> None:
    violations, _ = judge(drive(1, [(0, (0.02, 0.1)), (5, (0.02, 0.9))]))
    assert violations == []


def test_losing_sight_of_a_truck_in_the_bay_does_not_shorten_its_wash() -> None:
    story = without(drive(1, [(0, YARD), (2, BAY), (23, BAY), (26, STREET)]), 8, 18)
    violations, _ = judge(story)
    assert violations == []


def test_a_foot_that_leaves_the_bay_for_a_picture_does_not_shorten_the_wash() -> None:
    story = drive(1, [(0, YARD), (2, BAY), (23, BAY), (26, STREET)])
    spray = [
        replace(one, bbox_xyxy=(*one.bbox_xyxy[:3], 0.46)) if one.foot == BAY and number % 4 == 0 else one
        for number, one in enumerate(story)
    ]
    assert judge(spray)[0] == []
    (violation,), _ = judge(spray, parameters=UnwashedTruckParameters(bay_gap_seconds=0))
    assert violation.measures["wash_seconds"] < 15


def test_who_leaves_the_bay_for_longer_washes_in_two_pieces() -> None:
    story = drive(1, [(0, YARD), (1, BAY), (8, BAY), (9, YARD), (14, YARD), (15, BAY), (22, BAY), (25, STREET)])
    (violation,), _ = judge(story)
    assert violation.measures["wash_seconds"] == pytest.approx(16, abs=1.5)


def test_driving_through_the_bay_twice_adds_up() -> None:
    story = drive(1, [(0, YARD), (1, BAY), (13, BAY), (14, YARD), (20, YARD), (21, BAY), (33, BAY), (36, STREET)])
    assert judge(story)[0] == []


def test_two_trucks_side_by_side_are_judged_each_for_itself() -> None:
    washed = drive(1, [(0, YARD), (2, BAY), (25, BAY), (28, STREET)])
    unwashed = drive(2, [(20, (0.3, 0.1)), (27, (0.3, 0.9))])
    violations, rule = judge([*washed, *unwashed])
    assert [violation.track_id for violation in violations] == [2]
    assert (rule.counts.washed, rule.counts.unwashed) == (1, 1)


def test_a_truck_that_was_there_when_watching_began_may_have_washed_unseen() -> None:
    early = [
        replace(one, captured_at=one.captured_at - timedelta(seconds=WARM_UP_S))
        for one in drive(1, [(0, YARD), (5, STREET)])
    ]
    violations, rule = judge(early)
    assert violations == []
    assert rule.counts.unknown == 1


def test_after_a_gap_watching_begins_anew() -> None:
    rule = UnwashedTruckRule("gate", GATE, UnwashedTruckParameters())
    story = drive(1, [(0, YARD), (60, YARD), (64, STREET)])
    frames = [(at, trucks) for at, trucks in frames_of(story) if not 20 <= (at - START).total_seconds() < 30]
    violations = [violation for at, trucks in frames for violation in rule.observe(at, trucks)]
    assert violations == []
    assert rule.counts.unknown == 1


def test_a_vehicle_recognised_as_a_truck_only_after_the_line_is_still_judged() -> None:
    story = drive(1, [(0, YARD), (5, STREET), (20, STREET)])
    late = [replace(one, is_truck=(one.captured_at - START).total_seconds() - WARM_UP_S > 4) for one in story]
    assert len(judge(late)[0]) == 1
    too_late = [replace(one, is_truck=(one.captured_at - START).total_seconds() - WARM_UP_S > 15) for one in story]
    assert judge(too_late)[0] == []


def test_a_car_is_nobodys_business() -> None:
    violations, rule = judge([replace(one, is_truck=False) for one in drive(1, [(0, YARD), (5, STREET)])])
    assert violations == []
    assert rule.counts.left == 0


def test_a_cab_and_its_trailer_under_two_tracks_are_one_truck() -> None:
    whole = drive(1, [(0, YARD), (5, STREET)])
    cab = [replace(one, track_id=2, bbox_xyxy=(0.45, one.foot[1] - 0.1, 0.55, one.foot[1] + 0.005)) for one in whole]
    violations, rule = judge([*whole, *cab])
    assert len(violations) == 1
    assert rule.counts.left == 1


def test_the_truck_behind_is_judged_for_itself() -> None:
    first, second = drive(1, [(0, YARD), (5, STREET)]), drive(2, [(4, YARD), (9, STREET)])
    assert len(judge([*first, *second])[0]) == 2


def test_without_a_wash_bay_trucks_are_counted_and_not_judged() -> None:
    violations, rule = judge(drive(1, [(0, YARD), (5, STREET)]), gate=replace(GATE, wash_bay=None))
    assert violations == []
    assert (rule.counts.left, rule.counts.unwashed) == (1, 0)


place = st.tuples(st.floats(0.15, 0.85), st.floats(0.05, 0.95))
way = st.lists(st.tuples(st.floats(0.5, 30), place), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(way)
def test_whatever_way_a_truck_takes_it_is_reported_at_most_once(legs: list[tuple[float, tuple[float, float]]]) -> None:
    seconds, stops = 0.0, []
    for lasts, at in legs:
        seconds += lasts
        stops.append((seconds, at))
    violations, rule = judge(drive(1, stops))
    assert len(violations) <= 1
    assert rule.counts.left <= 1
    assert rule.counts.washed + rule.counts.unwashed + rule.counts.unknown == rule.counts.left


@settings(max_examples=30, deadline=None)
@given(way, st.booleans())
def test_the_direction_in_which_the_line_was_drawn_does_not_matter(
    legs: list[tuple[float, tuple[float, float]]], other_way: bool
) -> None:
    stops = [(float(number * 3), at) for number, (_, at) in enumerate(legs)]
    line = GATE.exit_line
    turned = replace(GATE, exit_line=replace(line, start=line.end, end=line.start)) if other_way else GATE
    assert judge(drive(1, stops), gate=turned)[0] == judge(drive(1, stops))[0]


STAND_S = 40


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, STAND_S * 10)), st.sets(st.integers(0, STAND_S * 10)), st.sets(st.integers(0, 400)))
def test_each_sighting_more_in_the_bay_makes_the_wash_no_shorter(
    inside: set[int], more: set[int], outside: set[int]
) -> None:
    """Of a truck that is before the bay in some pictures, in it in others, and not seen in the rest."""

    def washed_s(in_bay: set[int]) -> float:
        before = [sight(1, tenth / 10, YARD) for tenth in outside - in_bay - more]
        standing = [sight(1, tenth / 10, BAY) for tenth in in_bay]
        way = sorted([sight(1, -1, YARD), *before, *standing], key=lambda one: one.captured_at)
        leaving = drive(1, [(STAND_S + 1, YARD), (STAND_S + 1.5, STREET)])
        (violation,), _ = judge([*way, *leaving], parameters=UnwashedTruckParameters(wash_seconds=3600))
        return violation.measures["wash_seconds"]

    assert washed_s(inside) <= washed_s(inside | more)


def test_the_same_violation_has_the_same_key_and_another_one_another() -> None:
    story = drive(1, [(0, YARD), (5, STREET)])
    once, again = judge(story)[0][0], judge(story)[0][0]
    assert once.key == again.key
    assert once.key != replace(once, opened_at=once.opened_at + timedelta(seconds=1)).key
    assert once.key != replace(once, camera_id="other").key
