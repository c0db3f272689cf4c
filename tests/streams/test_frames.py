"""Packets become frames with the right times, in both modes and after damage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.frames import DecodeMode, FrameDecoder, decode_all
from streams.packets import Packet
from streams.sources import OpenVideo
from tests.made_video import make_video, read_number

START = datetime(2026, 3, 1, tzinfo=UTC)


def _packets(path: Path) -> list[Packet]:
    with OpenVideo(VideoSource(str(path)), started_at=START) as opened:
        return list(opened.packets())


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_every_frame_comes_once_in_order_with_its_own_time(tmp_path: Path, codec: str, b_frames: int) -> None:
    path = make_video(tmp_path / "video.mp4", frames=60, codec=codec, b_frames=b_frames)
    frames = list(decode_all(_packets(path)))
    assert [read_number(frame.image) for frame in frames] == list(range(60))
    seconds = [(frame.captured_at - frames[0].captured_at).total_seconds() for frame in frames]
    assert seconds == pytest.approx([number / 25 for number in range(60)], abs=0.001)


@pytest.mark.parametrize("b_frames", [0, 2])
def test_keyframe_mode_gives_keyframes_alone(tmp_path: Path, b_frames: int) -> None:
    path = make_video(tmp_path / "video.mp4", frames=100, gop=25, b_frames=b_frames)
    frames = list(decode_all(_packets(path), DecodeMode.KEYFRAMES))
    assert [read_number(frame.image) for frame in frames] == [0, 25, 50, 75]
    assert all(frame.is_keyframe for frame in frames)


def test_a_stream_joined_in_the_middle_waits_for_its_keyframe(video: Path) -> None:
    frames = list(decode_all(_packets(video)[10:]))
    assert read_number(frames[0].image) == 25


def test_damaged_packets_do_not_stop_the_decoding(video: Path) -> None:
    packets = _packets(video)
    packets[30:40] = [replace(packet, data=b"\0\0\0\1\x65" + bytes(50)) for packet in packets[30:40]]
    frames = list(decode_all(packets))
    assert read_number(frames[-1].image) == 99


def test_a_new_format_begins_anew(tmp_path: Path, video: Path) -> None:
    larger = make_video(tmp_path / "larger.mp4", frames=30, width=640, height=480)
    decoder = FrameDecoder()
    shapes = [
        picture.to_frame().image.shape
        for packet in [*_packets(video)[:30], *_packets(larger)]
        for picture in decoder.decode(packet)
    ]
    assert {shape[:2] for shape in shapes} == {(240, 320), (480, 640)}


def test_times_of_a_file_begin_where_the_caller_says(video: Path) -> None:
    frames = list(decode_all(_packets(video)))
    assert frames[0].captured_at == START
    assert frames[50].captured_at == START + timedelta(seconds=2)


def test_what_was_trimmed_from_a_file_is_decoded_and_not_shown(video: Path) -> None:
    packets = [replace(packet, is_shown=number >= 10) for number, packet in enumerate(_packets(video))]
    numbers = [read_number(frame.image) for frame in decode_all(packets)]
    assert numbers == list(range(10, 100))


@pytest.mark.parametrize("mode", DecodeMode)
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_keyframe_that_is_cut_off_is_counted_and_not_shown(tmp_path: Path, codec: str, mode: DecodeMode) -> None:
    packets = _packets(make_video(tmp_path / "video.mp4", codec=codec))
    packets[25] = replace(packets[25], data=packets[25].data[: len(packets[25].data) // 2])
    decoder = FrameDecoder(mode)
    shown = [picture.captured_at for packet in packets for picture in decoder.decode(packet)]
    assert packets[25].captured_at not in shown
    assert packets[50].captured_at in shown
    assert decoder.damaged >= 1


def test_nothing_is_called_damaged_in_a_whole_video(tmp_path: Path) -> None:
    for codec in ("libx264", "libx265"):
        decoder = FrameDecoder()
        for packet in _packets(make_video(tmp_path / f"{codec}.mp4", codec=codec, b_frames=2)):
            decoder.decode(packet)
        assert decoder.damaged == 0
