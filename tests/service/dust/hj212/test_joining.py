"""Parts of split messages are joined, in any order, and do not pile up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.dust.hj212.joining import PartJoiner
from service.dust.hj212.packet import Part
from tests.service.dust.dust_packets import NOON, make_packet


def part(number, count=2, **changes):
    return make_packet(content=f"part{number}=1", part=Part(number, count), **changes)


@given(st.permutations([1, 2, 3, 4]))
def test_parts_in_any_order_make_the_whole(order):
    joiner = PartJoiner()
    *first, last = [joiner.add(part(number, 4), NOON) for number in order]
    assert first == [None] * 3
    assert last == make_packet(content="part1=1;part2=1;part3=1;part4=1")


def test_a_packet_that_is_no_part_is_whole():
    assert PartJoiner().add(make_packet(), NOON) == make_packet()


def test_a_part_sent_again_gives_the_whole_again():
    joiner = PartJoiner()
    joiner.add(part(1), NOON)
    whole = joiner.add(part(2), NOON)
    assert joiner.add(part(2), NOON) == joiner.add(part(1), NOON) == whole is not None


def test_instruments_and_requests_are_kept_apart():
    joiner = PartJoiner()
    joiner.add(part(1), NOON)
    assert joiner.add(part(2, instrument="OTHER"), NOON) is None
    assert joiner.add(part(2, request="20250601120200123"), NOON) is None
    assert joiner.add(part(2), NOON) is not None


def test_parts_that_never_come_are_given_up_and_counted():
    joiner = PartJoiner()
    joiner.add(part(1), NOON)
    later = NOON + timedelta(minutes=11)
    assert joiner.add(part(2), later) is None
    assert joiner.incomplete == 1


def test_a_flood_of_parts_is_bounded():
    joiner = PartJoiner(most_characters=100)
    for number in range(500):
        joiner.add(part(1, request=f"{number:017d}"), NOON)
    assert joiner.incomplete > 480
    joiner.add(part(1), NOON)
    assert joiner.add(part(2), NOON) is not None


def test_another_count_of_parts_begins_anew():
    joiner = PartJoiner()
    joiner.add(part(1, 3), NOON)
    assert joiner.add(part(1, 2), NOON) is None
    assert joiner.add(part(2, 2), NOON) is not None
