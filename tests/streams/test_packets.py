"""The ring remembers whole groups of pictures, within its bounds."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from streams.packets import Packet, PacketRing, StreamFormat

START = datetime(2026, 3, 1, tzinfo=UTC)
FORMAT = StreamFormat("h264", 640, 360, b"", Fraction(1, 90000), 25.0)


def _packet(seconds: float, *, key: bool, size: int = 100, stream_format: StreamFormat = FORMAT) -> Packet:
    ticks = round(seconds * 90000)
    return Packet(b"x" * size, ticks, ticks, key, START + timedelta(seconds=seconds), stream_format)


def _filled(ring: PacketRing, seconds: int, gop_s: int = 2) -> PacketRing:
    for number in range(seconds * 5):
        ring.append(_packet(number / 5, key=number % (gop_s * 5) == 0))
    return ring


def test_begins_with_a_keyframe_and_reaches_back_as_far_as_promised() -> None:
    ring = _filled(PacketRing(seconds=10), seconds=60)
    kept = ring.cut(START, START + timedelta(hours=1))
    assert kept[0].is_keyframe
    assert timedelta(seconds=10) <= kept[-1].captured_at - kept[0].captured_at <= timedelta(seconds=12)


def test_ignores_what_comes_before_the_first_keyframe() -> None:
    ring = PacketRing(seconds=10)
    ring.append(_packet(0, key=False))
    assert len(ring) == 0


def test_a_cut_begins_at_the_keyframe_before_its_start() -> None:
    ring = _filled(PacketRing(seconds=30), seconds=20)
    cut = ring.cut(START + timedelta(seconds=5), START + timedelta(seconds=7))
    assert cut[0].is_keyframe
    assert cut[0].captured_at == START + timedelta(seconds=4)
    assert cut[-1].captured_at == START + timedelta(seconds=7)


def test_a_cut_never_mixes_two_formats() -> None:
    ring = _filled(PacketRing(seconds=30), seconds=4)
    other = StreamFormat("hevc", 1920, 1080, b"", Fraction(1, 90000), 25.0)
    ring.append(_packet(4.2, key=True, stream_format=other))
    ring.append(_packet(4.4, key=False, stream_format=other))
    cut = ring.cut(START, START + timedelta(seconds=5))
    assert {packet.format.codec for packet in cut} == {"hevc"}


def test_an_empty_ring_gives_nothing() -> None:
    assert PacketRing(seconds=5).cut(START, START) == []


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4000)), max_size=200))
def test_the_bytes_never_exceed_the_bound(packets: list[tuple[bool, int]]) -> None:
    ring = PacketRing(seconds=3, max_bytes=20_000)
    for number, (key, size) in enumerate(packets):
        ring.append(_packet(number / 5, key=key, size=size))
        assert ring.size_bytes <= 20_000
        kept = ring.cut(START, START + timedelta(hours=1))
        assert ring.size_bytes >= sum(len(packet.data) for packet in kept)
        assert not kept or kept[0].is_keyframe


def test_a_cut_keeps_a_picture_that_earlier_ones_are_built_on() -> None:
    ring = PacketRing(seconds=10)
    for seconds in (0.0, 0.12, 0.04, 0.08):  # a keyframe, a P-picture, and two B-pictures that refer to both
        ring.append(_packet(seconds, key=seconds == 0.0))
    cut = ring.cut(START, START + timedelta(seconds=0.09))
    assert [(packet.captured_at - START).total_seconds() for packet in cut] == [0.0, 0.12, 0.04, 0.08]


def test_times_step_from_a_group_on_and_no_earlier() -> None:
    ring = _filled(PacketRing(60), 10)
    before = [packet.captured_at for packet in ring.cut(START, START + timedelta(seconds=20))]
    middle = ring.keyframe_of(len(before) // 2)
    ring.shift(len(before) // 2, timedelta(minutes=5))
    number, after = 0, []
    while packets := ring.since(number)[1]:
        after += [packet.captured_at for packet in packets]
        number += len(packets)
    assert after[:middle] == before[:middle]
    assert after[middle:] == [at + timedelta(minutes=5) for at in before[middle:]]
