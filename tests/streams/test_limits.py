"""A camera can't use up the machine by what it sends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from streams import codecs, sources
from streams.addresses import VideoSource
from streams.errors import TooMuchSent, UnsupportedCodec
from streams.frames import FrameDecoder
from streams.limits import MOST_PARAMETER_BYTES, MOST_UNITS
from streams.packets import Packet, PacketRing, StreamFormat
from streams.parameter_sets import parameter_sets
from streams.sources import OpenVideo

START = datetime(2026, 3, 1, tzinfo=UTC)
FORMAT = StreamFormat("h264", 640, 360, b"", Fraction(1, 90000), 25.0)


def _packets(path: Path) -> list[Packet]:
    with OpenVideo(VideoSource(str(path)), started_at=START) as opened:
        return list(opened.packets())


def test_very_many_tiny_packets_do_not_fill_the_memory() -> None:
    ring = PacketRing(seconds=30, max_bytes=1_000_000)
    for number in range(10_000):
        ring.append(Packet(b"x", number, number, number % 100 == 0, START + timedelta(microseconds=number), FORMAT))
    assert 0 < len(ring) < 2_000


def test_a_packet_of_too_many_slices_is_not_decoded_and_counted(video: Path) -> None:
    first, *_ = _packets(video)
    decoder = FrameDecoder()
    assert decoder.decode(replace(first, data=first.data + b"\0\0\1\x41\x9a" * MOST_UNITS)) == []
    assert decoder.damaged == 1


def test_a_picture_that_is_too_large_is_not_decoded(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codecs, "MOST_PIXELS", 320 * 240 // 2)
    decoder = FrameDecoder()
    assert [picture for packet in _packets(video) for picture in decoder.decode(packet)] == []


def test_a_stream_of_too_large_pictures_is_refused(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_PIXELS", 320 * 240 - 1)
    with pytest.raises(TooMuchSent, match="320 x 240"):
        _packets(video)


def test_a_packet_that_is_too_large_ends_the_connection(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_PACKET_BYTES", 100)
    with pytest.raises(TooMuchSent, match="a packet"):
        _packets(video)


def test_no_more_is_looked_through_for_parameters_than_they_may_be_long() -> None:
    assert len(parameter_sets(b"\0\0\1\x67abc" * MOST_PARAMETER_BYTES, "h264")) <= 2 * MOST_PARAMETER_BYTES


def test_a_file_whose_codec_nobody_knows_is_refused_as_such(video: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.mp4"
    strange.write_bytes(video.read_bytes().replace(b"avc1", b"zzz1"))
    with pytest.raises(UnsupportedCodec):
        _packets(strange)
