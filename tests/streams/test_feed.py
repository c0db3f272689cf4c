"""A live camera is read for ever, whatever it does."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.backoff import Backoff
from streams.clips import write_clip
from streams.feed import CameraFeed, CameraState
from streams.frames import decode_all
from streams.full_rate import FrameSampler, FullRateSampler
from streams.looks import RecordOnly, Sampler
from streams.sources import OpenVideo
from streams.steady_clock import SteadyClock
from tests.conftest import RtspCamera, free_port, wait_until


@contextmanager
def _reading(url: str, sampler: Sampler | None = None) -> Iterator[CameraFeed]:
    source, backoff = VideoSource(url, timeout_s=1.0), Backoff(first_s=0.1, longest_s=0.3)
    feed = CameraFeed("gate", source, sampler or FullRateSampler(25.0), backoff=backoff)
    feed.start()
    try:
        yield feed
    finally:
        feed.stop()


def _wait_for_state(feed: CameraFeed, state: CameraState, seconds: float = 15.0) -> None:
    wait_until(lambda: feed.status.state is state, seconds, f"state {state}, now {feed.status}")


def test_a_camera_that_is_killed_and_comes_back_is_read_again(video: Path, play: Callable[..., RtspCamera]) -> None:
    port = free_port()
    camera = play(video, port)
    with _reading(camera.url) as feed:
        _wait_for_state(feed, CameraState.LIVE)
        camera.kill()
        _wait_for_state(feed, CameraState.RECONNECTING)
        play(video, port)
        _wait_for_state(feed, CameraState.LIVE)
        assert feed.status.connections >= 2
        assert feed.status.problem == ""
        assert feed.next_look() is not None


def test_a_camera_that_stops_sending_is_reconnecting(video: Path, play: Callable[..., RtspCamera]) -> None:
    camera = play(video)
    with _reading(camera.url) as feed:
        _wait_for_state(feed, CameraState.LIVE)
        camera.process.send_signal(signal.SIGSTOP)
        _wait_for_state(feed, CameraState.RECONNECTING)
        assert "sent nothing for 1 s" in feed.status.problem
        camera.process.send_signal(signal.SIGCONT)
        _wait_for_state(feed, CameraState.LIVE)


def test_a_camera_that_is_not_there_is_tried_for_ever() -> None:
    with _reading(f"rtsp://admin:s3cret@127.0.0.1:{free_port()}/x") as feed:
        _wait_for_state(feed, CameraState.RECONNECTING)
        assert "s3cret" not in feed.status.problem
        assert "nothing answers" in feed.status.problem
    assert feed.status.state is CameraState.STOPPED


def test_the_memory_holds_a_playable_clip_of_the_last_seconds(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    camera = play(video)
    with _reading(camera.url) as feed:
        wait_until(lambda: feed.status.packets > 100, 20, "100 packets")
        newest = feed.newest_packet_at
        assert newest is not None
        assert abs(datetime.now(UTC) - newest) < timedelta(seconds=2)
        packets = feed.cut(newest - timedelta(seconds=2), newest)
    span = write_clip(packets, tmp_path / "clip.mp4")
    assert span.ends_at - span.starts_at >= timedelta(seconds=1.9)


def test_the_very_first_packets_of_a_connection_make_a_clip(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    camera = play(video)
    with _reading(camera.url) as feed:
        wait_until(lambda: feed.status.packets > 40, 20, "40 packets")
        newest = feed.newest_packet_at
        assert newest is not None
        packets = feed.cut(newest - timedelta(minutes=1), newest)
    write_clip(packets, tmp_path / "clip.mp4")
    with OpenVideo(VideoSource(str(tmp_path / "clip.mp4"))) as clip:
        assert len(list(decode_all(clip.packets()))) == len(packets)


def test_a_slow_reader_is_brought_up_to_date_and_its_loss_is_counted(
    video: Path, play: Callable[..., RtspCamera], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.full_rate.SKIP_BEHIND", timedelta(seconds=2))
    with _reading(play(video).url, FullRateSampler(25.0)) as feed:
        wait_until(lambda: feed.status.packets > 150, 30, "six seconds of packets that nobody looks at")
        look = feed.next_look()
        assert look is not None
        newest = feed.newest_packet_at
        assert newest is not None
        assert newest - look.captured_at < timedelta(seconds=2)
        assert feed.status.dropped > 50


def test_packets_that_were_read_together_are_dated_one_by_one(video: Path, play: Callable[..., RtspCamera]) -> None:
    with _reading(play(video).url, RecordOnly()) as feed:
        wait_until(lambda: feed.status.packets > 120, 30, "120 packets")
        packets = feed.cut(datetime.now(UTC) - timedelta(seconds=2), datetime.now(UTC))
    steps = [(after.captured_at - before.captured_at).total_seconds() for before, after in pairwise(packets)]
    assert len(steps) > 30
    assert sum(steps) == pytest.approx(len(steps) / 25, abs=0.05)
    assert max(steps) < 0.08


def test_the_picture_of_a_moment_is_remembered(video: Path, play: Callable[..., RtspCamera]) -> None:
    with _reading(play(video).url, RecordOnly()) as feed:
        wait_until(lambda: feed.status.packets > 60, 20, "60 packets")
        newest = feed.newest_packet_at
        assert newest is not None
        moment = newest - timedelta(seconds=0.5)
        frame = feed.picture_at(moment)
        assert frame is not None
        assert timedelta(0) <= moment - frame.captured_at < timedelta(seconds=0.1)
        assert feed.picture_at(newest - timedelta(hours=1)) is None
        assert feed.status.frames == 0


def test_a_step_of_the_systems_clock_is_followed_while_nothing_is_urgent_and_held_back_while_something_is(
    video: Path, play: Callable[..., RtspCamera]
) -> None:
    camera = play(video)
    step = [timedelta(0)]

    def read_over_a_step(sampler: Sampler) -> timedelta:
        clock = SteadyClock(lambda: datetime.now(UTC) + step[0])
        feed = CameraFeed("gate", VideoSource(camera.url), sampler)
        feed.clock = clock
        feed.start()
        try:
            _wait_for_state(feed, CameraState.LIVE)
            step[0] = timedelta(minutes=5)
            packets = feed.status.packets
            wait_until(lambda: feed.status.packets > packets + 30, 20, "more packets")
            newest = feed.newest_packet_at
            assert newest is not None
            return newest - datetime.now(UTC)
        finally:
            feed.stop()
            step[0] = timedelta(0)

    assert abs(read_over_a_step(FullRateSampler(5.0))) < timedelta(seconds=3)
    assert abs(read_over_a_step(RecordOnly()) - timedelta(minutes=5)) < timedelta(seconds=3)


def test_no_thread_is_left_behind(video: Path, play: Callable[..., RtspCamera]) -> None:
    camera = play(video)
    before = threading.active_count()
    for _ in range(3):
        with _reading(camera.url) as feed:
            _wait_for_state(feed, CameraState.LIVE)
    assert threading.active_count() == before


@pytest.mark.parametrize(("rate", "wanted", "chosen"), [(25, 12.5, 125), (25, 5, 50), (10, 25, 100), (25, 10, 100)])
def test_frames_are_chosen_evenly(rate: int, wanted: float, chosen: int) -> None:
    sampler = FrameSampler(wanted)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    taken = sum(sampler.wants(start + timedelta(seconds=number / rate)) for number in range(rate * 10))
    assert taken == pytest.approx(chosen, abs=1)


def test_a_clock_that_jumps_does_not_stop_the_choosing() -> None:
    sampler = FrameSampler(5)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert sampler.wants(start)
    assert sampler.wants(start - timedelta(hours=1))
    assert sampler.wants(start + timedelta(hours=1))
