"""At a gate keyframes are tested for motion, and motion opens a burst that begins before it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from streams.change import THUMBNAIL_SHAPE
from streams.gate import GatePlan, GateSampler
from streams.packets import PacketRing
from tests.streams.made_scene import START, ground, looks_at, scene_packets, second_of, seconds_with_picture, with_box

APPEARS, LEAVES = 10.5, 16.0


def _drives_past(second: float) -> np.ndarray:
    """A box comes in at the left and goes out at the right."""
    if not APPEARS <= second < LEAVES:
        return ground()
    return with_box((second - APPEARS) / (LEAVES - APPEARS))


def test_while_nothing_moves_keyframes_are_tested_and_none_is_inspected() -> None:
    looks = looks_at(GateSampler(GatePlan()), lambda _: ground(), 20)
    assert [second_of(look) for look in looks] == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert seconds_with_picture(looks) == [0]


def test_a_burst_begins_before_the_motion_and_ends_after_it() -> None:
    sampler = GateSampler(GatePlan(frames_per_second=10, quiet_s=3))
    burst = seconds_with_picture(looks_at(sampler, _drives_past, 40))[1:]
    assert 10.0 < burst[0] <= 10.5  # right after the last keyframe that showed nothing, before the box appears
    assert LEAVES + 3 <= burst[-1] <= LEAVES + 5
    assert not sampler.is_bursting
    assert sampler.dropped + len(burst) >= (burst[-1] - burst[0]) * 10
    assert len(burst) >= 0.8 * (burst[-1] - burst[0]) * 10


def test_after_a_burst_what_it_left_behind_is_no_motion() -> None:
    def parks(second: float) -> np.ndarray:
        return with_box(min(0.4, max(-0.3, (second - 6) * 0.2)))

    looks = looks_at(GateSampler(GatePlan(quiet_s=2)), parks, 40)
    assert max(seconds_with_picture(looks)) < 15


def test_a_second_truck_right_after_the_first_burst_is_seen_coming() -> None:
    def two(second: float) -> np.ndarray:
        return _drives_past(second if second < 20 else second - 9)

    seconds = seconds_with_picture(looks_at(GateSampler(GatePlan(quiet_s=2)), two, 40))
    comes, goes = APPEARS + 9, LEAVES + 9
    assert sum(comes <= second <= goes for second in seconds) >= 0.9 * (goes - comes) * 10


def test_motion_outside_the_zone_opens_no_burst() -> None:
    mask = np.zeros(THUMBNAIL_SHAPE, dtype=np.bool_)
    mask[70:] = True  # the box drives above it
    assert seconds_with_picture(looks_at(GateSampler(GatePlan(), mask=mask), _drives_past, 30)) == [0]


def test_a_still_picture_is_inspected_again_when_it_is_old() -> None:
    looks = looks_at(GateSampler(GatePlan(max_age_s=8)), lambda _: ground(), 20)
    assert seconds_with_picture(looks) == [0, 8, 16]


def test_a_new_connection_is_inspected_at_once() -> None:
    sampler = GateSampler(GatePlan())
    looks_at(sampler, lambda _: ground(), 4)
    again = looks_at(sampler, lambda _: ground(), 4)  # a new format object, as a new connection brings
    assert seconds_with_picture(again) == [0]


def test_times_may_step_right_after_a_quiet_keyframe_alone() -> None:
    sampler, ring, may = GateSampler(GatePlan()), PacketRing(30.0), []
    for packet in scene_packets(_drives_past, 14):
        number = ring.append(packet)
        assert number is not None
        sampler.offer(packet, number)
        while sampler.has_work():
            assert not sampler.may_step()
            sampler.next_look(ring)
        if sampler.may_step():
            may.append((packet.captured_at - START).total_seconds())
    assert may == [pytest.approx(keyframe + later) for keyframe in range(0, 12, 2) for later in np.arange(0, 1, 0.1)]


@pytest.mark.parametrize("step_s", [450, -450])
def test_a_truck_that_comes_right_after_a_step_of_the_clock_is_seen_coming(step_s: int) -> None:
    sampler, ring, looks = GateSampler(GatePlan(quiet_s=3)), PacketRing(30.0), []
    by = timedelta(0)
    for packet in scene_packets(_drives_past, 24):
        moved = replace(packet, captured_at=packet.captured_at + by)
        number = ring.append(moved)
        assert number is not None
        sampler.offer(moved, number)
        while sampler.has_work():
            looks.append(sampler.next_look(ring))
        if (packet.captured_at - START).total_seconds() >= APPEARS - 0.4 and not by and sampler.may_step():
            by = timedelta(seconds=step_s)
            since = sampler.step(by)
            assert since is not None
            ring.shift(since, by)
    after = [look for look in looks if look is not None and abs(second_of(look) - step_s) < 100]
    assert by
    assert after[0].is_unchanged  # what is watched begins anew with a look at nothing, and goes by one clock from there
    assert 10.0 <= second_of(after[0]) - step_s < APPEARS
    seconds = [second - step_s for second in seconds_with_picture(after)]
    assert seconds == sorted(seconds)
    assert sum(APPEARS <= second <= LEAVES for second in seconds) >= 0.85 * (LEAVES - APPEARS) * 10
