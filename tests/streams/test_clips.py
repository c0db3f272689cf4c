"""Clips are cut without encoding: the same packets, playable from the first picture."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.frames import decode_all
from streams.packets import Packet
from streams.sources import OpenVideo
from tests.made_video import make_video, read_number


def _packets(path: Path) -> list[Packet]:
    with OpenVideo(VideoSource(str(path))) as opened:
        return list(opened.packets())


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_cut_plays_the_same_frames(tmp_path: Path, codec: str, b_frames: int) -> None:
    source = make_video(tmp_path / "source.mp4", frames=75, codec=codec, b_frames=b_frames)
    packets = _packets(source)
    keyframe = next(number for number, packet in enumerate(packets) if packet.is_keyframe and number > 0)
    span = write_clip(packets[keyframe:], tmp_path / "clip.mp4")
    numbers = [read_number(frame.image) for frame in decode_all(_packets(tmp_path / "clip.mp4"))]
    assert numbers == list(range(numbers[0], 75))
    assert len(numbers) >= 25
    assert span.ends_at > span.starts_at


def test_the_encoded_pictures_are_not_touched(video: Path, tmp_path: Path) -> None:
    packets = _packets(video)
    write_clip(packets, tmp_path / "clip.mp4")
    slices = [packet.data[-64:] for packet in packets]
    assert [packet.data[-64:] for packet in _packets(tmp_path / "clip.mp4")] == slices


@pytest.mark.parametrize(
    ("changed", "dts"),
    [
        pytest.param(slice(1, 2), lambda dts: 0, id="repeated"),
        pytest.param(slice(40, 100), lambda dts: dts - 400_000, id="jumped back"),
        pytest.param(slice(40, 100), lambda dts: dts + 10**9, id="jumped ahead"),
        pytest.param(slice(40, 100), lambda dts: dts - 2**33, id="wrapped"),
    ],
)
def test_timestamps_that_no_file_may_have_are_mended(
    video: Path, tmp_path: Path, changed: slice, dts: Callable[[int], int]
) -> None:
    packets = _packets(video)
    packets[changed] = [replace(one, dts=dts(one.dts), pts=dts(one.pts)) for one in packets[changed]]
    write_clip(packets, tmp_path / "clip.mp4")
    played = _packets(tmp_path / "clip.mp4")
    assert [read_number(frame.image) for frame in decode_all(played)] == list(range(100))
    lasts = (played[-1].captured_at - played[0].captured_at).total_seconds()
    assert lasts == pytest.approx(99 / 25, abs=0.1)


def test_a_clip_begins_with_a_keyframe(video: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keyframe"):
        write_clip(_packets(video)[3:], tmp_path / "clip.mp4")
    with pytest.raises(ValueError, match="keyframe"):
        write_clip([], tmp_path / "clip.mp4")
