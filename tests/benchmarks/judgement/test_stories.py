"""The stories that the rules are judged by: enough of each kind, and what they say of themselves is true."""

from collections import Counter
from itertools import pairwise

import pytest

from benchmarks.judgement.cameras import configured
from benchmarks.judgement.gate_stories import gate_recordings, lawful, leaves_at, look_alikes, whole
from benchmarks.judgement.recordings import all_stories
from benchmarks.judgement.stories import BEFORE_MIN, INTERVAL_S, PatrolStory, patrol_stories
from datasets.render.judged import gate, wall, yard
from datasets.render.scenes.palette import is_test
from vision.violations import RuleName

ENOUGH = 12


def test_there_are_twelve_violations_and_twelve_look_alikes_of_each_rule() -> None:
    violations, alike = Counter[RuleName](), Counter[RuleName]()
    for story in all_stories():
        violations[story.rule] += len(story.expected)
        alike[story.rule] += isinstance(story, PatrolStory) and bool(story.look_alike)
    alike[RuleName.UNWASHED_TRUCK] = sum(len(look_alikes(record.gate)) for record in gate_recordings()[::2])
    for rule in RuleName:
        assert violations[rule] >= ENOUGH
        assert alike[rule] >= ENOUGH


def test_lawful_stories_of_each_rule_last_four_hours_in_all() -> None:
    hours = Counter[RuleName]()
    for story in all_stories():
        hours[story.rule] += 0 if story.expected else round(story.seconds)
    assert min(hours[rule] for rule in RuleName) >= 3.99 * 3600


def test_colours_come_from_seeds_that_nothing_was_trained_on() -> None:
    setups = [*yard.SETUPS, *wall.SETUPS, *gate.SETUPS]
    assert all(is_test(setup.seed) for setup in setups)
    assert len({setup.seed for setup in setups}) == len(setups)


def test_every_picture_of_a_story_is_one_that_is_rendered() -> None:
    rendered = {setup.name: {still.name for still in yard.stills(setup)} for setup in yard.SETUPS}
    rendered |= {setup.name: {still.name for still in wall.stills(setup)} for setup in wall.SETUPS}
    for story in patrol_stories():
        assert set(story.looks) <= rendered[story.setup.name], story.name


def test_what_a_story_says_is_bare_is_what_its_picture_lays_bare() -> None:
    stills = {(setup.name, still.name): still for setup in yard.SETUPS for still in yard.stills(setup)}
    for story in patrol_stories():
        if story.rule is RuleName.UNCOVERED_SOIL and story.expected:
            first = story.looks[round(BEFORE_MIN * 60 / INTERVAL_S)]
            assert story.expected[0].amount == yard.bare_m2(stills[story.setup.name, first]) > 0.15 * yard.ZONE_AREA_M2


def test_gaps_are_as_wide_as_the_panels_that_are_missing() -> None:
    setup = wall.SETUPS[1]
    still = next(still for still in wall.stills(setup) if still.name == "gap-a")
    assert wall.gaps_m(still, wall.LINES_X[1]) == [pytest.approx((17.1, 22.1))]


def test_a_cut_panel_leaves_a_gap_beside_what_stands_of_it() -> None:
    still = next(still for still in wall.stills(wall.SETUPS[0]) if still.name == "gap-b")
    assert wall.gaps_m(still, wall.LINES_X[0]) == [pytest.approx((18.35, 19.6))]


def test_a_whole_perimeter_with_its_gate_open_has_no_gap() -> None:
    still = next(still for still in wall.stills(wall.SETUPS[0]) if still.name == "gate-open")
    assert wall.gaps_m(still, wall.LINES_X[0]) == []


@pytest.mark.parametrize("number", range(len(gate.SETUPS)))
def test_unlawful_trucks_leave_seconds_apart_and_within_the_recording(number: int) -> None:
    record = whole(number)
    times = sorted(one.since_s for one in record.expected)
    assert all(later - earlier > 8 for earlier, later in pairwise(times))
    assert times[0] > 0
    assert times[-1] < record.seconds


def test_no_unlawful_truck_is_seen_in_an_hour_of_lawful_passes() -> None:
    record = lawful(0)
    shown = {frame.frame for frame in record.frames}
    for passing in record.gate.passings:
        if passing.order.is_violation:
            seen = round(leaves_at(record.gate, passing) * gate.FRAMES_PER_SECOND)
            assert seen not in shown


def test_recordings_run_forwards() -> None:
    for record in gate_recordings():
        times = [frame.seconds for frame in record.frames]
        assert all(earlier < later for earlier, later in pairwise(times))
        assert record.frames[0].is_keyframe


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.name)
def test_every_camera_is_judged_by_the_rule_of_its_story_with_default_parameters(story: PatrolStory) -> None:
    order, config = configured(story)
    assert order.is_judged
    assert config.rules == type(config.rules)()
