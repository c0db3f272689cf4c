"""Packets come out of a stream as they went in, however it is cut and whatever is between them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dust.hj212.checksum import checksum
from service.dust.hj212.packet import Fault, Packet, Part
from service.dust.hj212.stream import PacketStream, encode
from tests.service.dust.dust_packets import PASSWORD, make_packet

WORDS = st.text(string.ascii_letters + string.digits + "-=.,;:/ ", max_size=120)
PARTS = st.none() | st.integers(1, 64).flatmap(
    lambda count: st.builds(Part, number=st.integers(1, count), count=st.just(count))
)
PACKETS = st.builds(
    Packet,
    request=st.text(string.digits, min_size=17, max_size=17),
    system=st.sampled_from(["22", "39", "91"]),
    command=st.sampled_from(["2011", "2051", "9014"]),
    password=st.text(string.ascii_letters + string.digits + "!#$%", min_size=1, max_size=32).filter(
        lambda text: "##" not in text
    ),
    instrument=st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=24),
    content=WORDS,
    wants_answer=st.booleans(),
    part=PARTS,
    version=st.integers(0, 63),
)
GARBAGE = st.binary(max_size=60).filter(lambda noise: b"#" not in noise)


def feed_all(data: bytes) -> list[Packet | Fault]:
    return PacketStream().feed(data)


def with_segment(segment: bytes) -> bytes:
    return b"##%04d%s%04X\r\n" % (len(segment), segment, checksum(segment))


@given(PACKETS)
def test_a_packet_comes_out_as_it_went_in(packet):
    assert feed_all(encode(packet)) == [packet]


@given(st.lists(PACKETS, min_size=1, max_size=4), st.data())
def test_any_cutting_gives_the_same_packets(packets, data):
    sent = b"".join(map(encode, packets))
    stream, found, at = PacketStream(), [], 0
    while at < len(sent):
        step = data.draw(st.integers(1, 90))
        found += stream.feed(sent[at : at + step])
        at += step
    assert found == packets
    assert stream.skipped_bytes == 0


@given(PACKETS, st.data())
def test_a_changed_byte_never_gives_another_packet(packet, data):
    sent = bytearray(encode(packet))
    sent[data.draw(st.integers(0, len(sent) - 1))] ^= data.draw(st.integers(1, 255))
    # What may come out is the packet itself, where the case of a checksum's letter changed.
    assert [found for found in feed_all(bytes(sent)) if isinstance(found, Packet)] in ([], [packet])


@given(PACKETS, PACKETS, st.data())
def test_a_broken_packet_loses_none_that_follows(broken, following, data):
    sent = bytearray(encode(broken))
    sent[data.draw(st.integers(0, len(sent) - 1))] ^= data.draw(st.integers(1, 255))
    sent = sent[: data.draw(st.integers(0, len(sent)))]
    # Two more, since a length that grew has to be seen to be wrong.
    found = feed_all(bytes(sent) + encode(following) * 3)
    assert found[-1] == following
    assert found.count(following) >= 3


@given(st.lists(st.tuples(GARBAGE, PACKETS), min_size=1, max_size=4))
def test_garbage_between_packets_is_skipped(mixed):
    stream = PacketStream()
    found = stream.feed(b"".join(noise + encode(packet) for noise, packet in mixed))
    assert found == [packet for _, packet in mixed]
    assert stream.skipped_bytes == sum(len(noise) for noise, _ in mixed)


@given(st.lists(st.binary(max_size=300) | st.just(b"##0") | st.just(b"##0010") | st.just(b"\r\n"), max_size=30))
def test_nothing_that_comes_in_is_an_exception_and_little_is_remembered(pieces):
    stream = PacketStream()
    for piece in pieces:
        stream.feed(piece)
    assert len(stream._buffer) <= 2 + 4 + 1024 + 4 + 2


def test_a_beginning_with_one_hash_too_many_is_found():
    assert feed_all(b"#" + encode(make_packet()))[-1] == make_packet()
    assert feed_all(b"###" + encode(make_packet()))[-1] == make_packet()


def test_a_checksum_may_be_written_in_small_letters():
    sent = encode(make_packet(content="DataTime=1"))
    assert feed_all(sent[:-6] + sent[-6:].lower()) == [make_packet(content="DataTime=1")]


def test_a_length_that_is_too_large_is_seen_when_the_packet_ends():
    stream = PacketStream()
    assert stream.feed(b"##0999" + encode(make_packet())[6:]) == [Fault.LENGTH]
    assert stream.feed(encode(make_packet())) == [make_packet()]


def test_faults_tell_what_is_wrong():
    good = encode(make_packet())
    assert feed_all(b"##00x1") == [Fault.LENGTH]
    assert feed_all(b"##1025") == [Fault.LENGTH]
    assert feed_all(good[:-6] + b"%04X\r\n" % (int(good[-6:-2], 16) ^ 1)) == [Fault.CHECKSUM]
    assert feed_all(good[:-6] + b"WXYZ\r\n") == [Fault.CHECKSUM]
    assert feed_all(good[:-2] + b"..") == [Fault.LENGTH]
    assert feed_all(with_segment("QN=扬尘".encode("gb2312"))) == [Fault.SEGMENT]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("QN=", "XX="),
        ("QN=2025", "QN=25"),
        ("Flag=5", "Flag=256"),
        ("Flag=5", "Flag=-5"),
        ("Flag=5", "Flag=7"),
        ("Flag=5", "Flag=7;PNUM=2;PNO=3"),
        ("Flag=5", "Flag=7;PNUM=2;PNO=0"),
        ("Flag=5", "Flag=7;PNUM=9999;PNO=1"),
        ("ST=39;", ""),
        (f"PW={PASSWORD}", "PW="),
        ("MN=3201", "MN=32 01"),
        ("CP=&&", "CP=&"),
        ("LA-Flag=N&&", "LA-Flag=N&&;More=1"),
    ],
)
def test_a_segment_unlike_the_standards_is_a_fault(old, new):
    segment = encode(make_packet())[6:-6].decode()
    assert old in segment
    assert feed_all(with_segment(segment.replace(old, new).encode())) == [Fault.SEGMENT]


def test_a_packet_that_is_too_long_is_not_sent():
    with pytest.raises(ValueError, match="split it"):
        encode(make_packet(content="x" * 1000))


def test_a_packet_does_not_show_its_password():
    assert PASSWORD not in repr(make_packet())
