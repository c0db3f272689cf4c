"""Probing tells what a camera sends and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.errors import StreamError
from streams.probe import probe
from tests.conftest import RtspCamera
from tests.made_video import make_video


def test_a_camera_is_described(video: Path, play: Callable[..., RtspCamera]) -> None:
    camera = play(video)
    report, frame = probe(VideoSource(camera.url), seconds=3)
    assert (report.codec, report.width, report.height) == ("h264", 320, 240)
    assert report.frame_rate == pytest.approx(25, rel=0.1)
    assert report.gop_frames == pytest.approx(25, rel=0.1)
    assert report.bit_rate > 10_000
    assert frame is not None
    assert any("narrower" in problem for problem in report.problems)


def test_a_long_keyframe_interval_and_a_low_rate_are_reported(tmp_path: Path) -> None:
    path = make_video(tmp_path / "slow.mp4", frames=100, rate=4, gop=60, width=640, height=480)
    report, _ = probe(VideoSource(str(path)), seconds=20)
    assert any("set the interval to 2 s" in problem for problem in report.problems)
    assert any("pictures a second" in problem for problem in report.problems)


def test_a_sound_file_has_nothing_wrong(tmp_path: Path) -> None:
    path = make_video(tmp_path / "good.mp4", frames=150, width=640, height=480)
    report, _ = probe(VideoSource(str(path)))
    assert report.problems == []


def test_a_failure_is_one_of_the_stream_errors(tmp_path: Path) -> None:
    with pytest.raises(StreamError):
        probe(VideoSource(str(tmp_path / "none.mp4")))
