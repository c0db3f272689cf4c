"""What a camera makes of a rendered picture, and how it is recorded."""

from pathlib import Path

import numpy as np

from benchmarks.judgement.encode import TimedPicture, write_recording
from benchmarks.judgement.pictures import seen
from datasets.render.judged import yard
from streams.addresses import VideoSource
from streams.change import changed_share, thumbnail_of
from streams.sources import OpenVideo

GREY = np.full((360, 640, 3), 120, np.uint8)


def test_a_picture_is_seen_the_same_each_time_and_otherwise_at_another_time() -> None:
    setup = yard.SETUPS[0]
    assert np.array_equal(seen(GREY, setup, 10.0), seen(GREY, setup, 10.0))
    assert not np.array_equal(seen(GREY, setup, 10.0), seen(GREY, setup, 20.0))


def test_light_that_drifts_and_noise_are_no_change_of_the_scene() -> None:
    setup = yard.SETUPS[0]
    first, later = (thumbnail_of(seen(GREY, setup, seconds)[:, :, 1]) for seconds in (0.0, 700.0))
    assert first.mean() != later.mean()
    assert changed_share(first, later) < 0.01


def test_haze_lies_thicker_farther_away() -> None:
    hazy = next(setup for setup in yard.SETUPS if setup.number == 5)
    picture = seen(GREY, hazy, 0.0)
    assert picture[:40].mean() > picture[-40:].mean() + 10


def test_pictures_are_recorded_at_their_times(tmp_path: Path) -> None:
    path = tmp_path / "recording.mp4"
    times = [(0.0, True), (10.0, True), (10.25, False), (10.5, False), (20.0, True)]
    write_recording(path, [TimedPicture(at, GREY, is_keyframe) for at, is_keyframe in times], (640, 360))
    with OpenVideo(VideoSource(str(path))) as video:
        packets = list(video.packets())
    first = packets[0].captured_at
    assert [((p.captured_at - first).total_seconds(), p.is_keyframe) for p in packets] == times
