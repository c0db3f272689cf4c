"""At full rate every picture that is due is looked at, and who falls behind looks at fewer."""

from datetime import timedelta

from streams.full_rate import FullRateSampler
from tests.streams.made_scene import START, ground, looks_at, offered, second_of


def test_looks_are_as_many_a_second_as_asked() -> None:
    looks = looks_at(FullRateSampler(5), lambda _: ground(), 8)
    assert [second_of(look) for look in looks] == [number / 5 for number in range(40)]


def test_who_comes_late_looks_at_fewer_pictures_until_it_has_caught_up() -> None:
    sampler = FullRateSampler(10)
    ring = offered(sampler, lambda _: ground(), 6, ring_s=30)
    seconds = []
    while sampler.has_work() and (look := sampler.next_look(ring)) is not None:
        seconds.append(second_of(look))
    late = [second for second in seconds if second < 4]
    soon = [second for second in seconds if second > 5.45]
    assert len(late) == 10
    assert len(soon) == 5
    assert sampler.dropped == 60 - len(seconds)


def test_what_lies_far_back_is_skipped_to_the_newest_keyframe() -> None:
    sampler = FullRateSampler(10)
    ring = offered(sampler, lambda _: ground(), 21, ring_s=60)
    look = sampler.next_look(ring)
    assert look is not None
    assert 20 <= (look.captured_at - START).total_seconds() <= 20.2
    assert sampler.dropped >= 200


def test_packets_that_the_ring_forgot_are_passed_over() -> None:
    looks = looks_at(FullRateSampler(10, start=0), lambda _: ground(), 4)
    sampler = FullRateSampler(10)
    ring = offered(sampler, lambda _: ground(), 12, ring_s=3)
    look = sampler.next_look(ring)
    assert looks
    assert look is not None
    assert second_of(look) >= 8


def test_it_begins_after_a_moment_unless_the_clock_was_set_back_since() -> None:
    soon, long_ago = (FullRateSampler(5, after=START + timedelta(seconds=later)) for later in (2, 300))
    assert second_of(looks_at(soon, lambda _: ground(), 8)[0]) > 2
    assert second_of(looks_at(long_ago, lambda _: ground(), 8)[0]) == 0
