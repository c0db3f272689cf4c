"""Patrol looks at a keyframe now and then, and hands over what is new."""

import pytest

from streams.patrol import PatrolPlan, PatrolSampler
from tests.streams.made_scene import ground, looks_at, offered, second_of, seconds_with_picture, with_box


def test_a_picture_in_which_nothing_changes_is_inspected_once() -> None:
    looks = looks_at(PatrolSampler(PatrolPlan(interval_s=4)), lambda _: ground(), 20)
    assert [second_of(look) for look in looks] == [0, 4, 8, 12, 16]
    assert seconds_with_picture(looks) == [0]


def test_what_changed_is_inspected_again_and_only_once() -> None:
    looks = looks_at(PatrolSampler(PatrolPlan(interval_s=2)), lambda s: with_box(0.2 if s < 9 else 0.6), 20)
    assert seconds_with_picture(looks) == [0, 10]


def test_a_picture_too_old_is_inspected_although_nothing_changed() -> None:
    looks = looks_at(PatrolSampler(PatrolPlan(interval_s=2, max_age_s=6)), lambda _: ground(), 20)
    assert seconds_with_picture(looks) == [0, 6, 12, 18]


def test_without_the_change_gate_every_look_is_inspected() -> None:
    looks = looks_at(PatrolSampler(PatrolPlan(interval_s=2, change_gate=False)), lambda _: ground(), 20)
    assert len(seconds_with_picture(looks)) == 10


def test_light_that_changes_as_a_whole_is_no_change() -> None:
    looks = looks_at(PatrolSampler(PatrolPlan(interval_s=2)), lambda s: ground() + (0 if s < 9 else 30), 20)
    assert seconds_with_picture(looks) == [0]


@pytest.mark.parametrize(("interval_s", "looks"), [(0.2, 10), (3, 7), (10, 2)])
def test_looks_are_no_more_frequent_than_asked_nor_than_keyframes(interval_s: float, looks: int) -> None:
    sampler = PatrolSampler(PatrolPlan(interval_s=interval_s, change_gate=False))
    assert len(looks_at(sampler, lambda _: ground(), 20)) == looks


def test_a_keyframe_that_nobody_looked_at_is_dropped_for_the_next_and_counted() -> None:
    sampler = PatrolSampler(PatrolPlan(interval_s=2))
    ring = offered(sampler, lambda _: ground(), 9, ring_s=30)
    look = sampler.next_look(ring)
    assert look is not None
    assert second_of(look) == 8
    assert sampler.dropped == 4
    assert not sampler.has_work()
