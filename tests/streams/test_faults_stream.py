"""A camera whose stream is broken, changed or misdated is read on, and disturbs no other camera."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.frames import decode_all
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, free_port, wait_until
from tests.made_video import join_videos, make_video
from tests.streams.faulty_camera import FaultyCamera
from tests.streams.watched_camera import WatchedCamera

pytestmark = pytest.mark.slow
Play = Callable[..., RtspCamera]
TICKS = 90_000
"""A second of RTP time."""


def _clip_is_whole(watched: WatchedCamera, path: Path) -> None:
    newest = watched.feed.newest_packet_at
    assert newest is not None
    packets = watched.feed.cut(newest - timedelta(minutes=1), newest)
    write_clip(packets, path)
    with OpenVideo(VideoSource(str(path))) as clip:
        frames = list(decode_all(clip.packets()))
    assert len(frames) == len(packets)
    assert len({frame.image.shape for frame in frames}) == 1


def _wait_for_damage(watched: WatchedCamera, fault: Callable[[], None]) -> None:
    before = watched.feed.status.damaged
    fault()
    wait_until(lambda: watched.feed.status.damaged > before, 15, "damaged pictures are noticed")


def test_half_of_the_packets_lost_over_udp(long_video: Path, play_guarded: Play, neighbour: WatchedCamera) -> None:
    camera = play_guarded(long_video, "admin", "s3cret")
    with (
        neighbour.undisturbed(),
        FaultyCamera(camera.url) as faulty,
        WatchedCamera(faulty.url, transport="udp") as watched,
    ):
        watched.wait_live()
        watched.wait_for_true_pictures(loop=1000)
        _wait_for_damage(watched, lambda: faulty.drop_udp(0.5))
        faulty.drop_udp(0.0)
        watched.wait_for_true_pictures(loop=1000)
        assert "s3cret" not in watched.feed.status.problem


def test_garbage_between_the_packets(video: Path, play: Play, neighbour: WatchedCamera) -> None:
    with neighbour.undisturbed(), FaultyCamera(play(video).url) as faulty, WatchedCamera(faulty.url) as watched:
        watched.wait_live()
        watched.wait_for_true_pictures()
        faulty.garbage(64 * 1024)
        watched.wait_for_true_pictures()


def test_garbage_within_the_packets_is_counted_as_damage(video: Path, play: Play, neighbour: WatchedCamera) -> None:
    with neighbour.undisturbed(), FaultyCamera(play(video).url) as faulty, WatchedCamera(faulty.url) as watched:
        watched.wait_live()
        watched.wait_for_true_pictures()
        _wait_for_damage(watched, lambda: faulty.scramble(packets=50))
        watched.wait_for_true_pictures()


@pytest.mark.parametrize(("encoder", "ending"), [("libx264", ".h264.ts"), ("libx265", ".h265.ts")])
def test_a_size_that_changes_within_one_connection(
    tmp_path: Path, play_guarded: Play, neighbour: WatchedCamera, encoder: str, ending: str
) -> None:
    sizes = [(320, 240), (640, 480), (320, 240)]
    parts = [
        make_video(tmp_path / f"{place}.mp4", frames=75, codec=encoder, width=width, height=height)
        for place, (width, height) in enumerate(sizes)
    ]
    camera = play_guarded(join_videos(parts, tmp_path / f"changing{ending}"), "admin", "s3cret")
    with neighbour.undisturbed(), WatchedCamera(camera.url) as watched:
        wait_until(lambda: len({one.size for one in watched.seen}) == 2, 15, "the size changes")
        wait_until(lambda: watched.seen[-1].size == (240, 320), 15, "the size changes back")
        assert watched.feed.status.connections == 1
        assert watched.feed.status.damaged == 0
        _clip_is_whole(watched, tmp_path / "clip.mp4")


def test_a_codec_that_is_changed(tmp_path: Path, play: Play, neighbour: WatchedCamera) -> None:
    port, path = free_port(), tmp_path / "camera.mp4"
    camera = play(make_video(path), port)
    with neighbour.undisturbed(), WatchedCamera(camera.url) as watched:
        watched.wait_live()
        camera.kill()
        play(make_video(path, codec="libx265", width=640, height=480), port)
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()
        assert watched.seen[-1].size == (480, 640)
        _clip_is_whole(watched, tmp_path / "clip.mp4")


def _times_flow(watched: WatchedCamera) -> None:
    for before, after in pairwise(one.captured_at for one in list(watched.seen)):
        assert timedelta(seconds=-0.05) < after - before < timedelta(seconds=2)


def test_timestamps_that_wrap(video: Path, play: Play, neighbour: WatchedCamera, tmp_path: Path) -> None:
    with neighbour.undisturbed(), FaultyCamera(play(video).url) as faulty:
        faulty.begin_timestamps_at(2**32 - 2 * TICKS)
        with WatchedCamera(faulty.url) as watched:
            wait_until(lambda: len(watched.seen) > 100, 20, "pictures after the wrap")
            watched.wait_for_true_pictures()
            assert watched.feed.status.connections == 1
            _times_flow(watched)
            _clip_is_whole(watched, tmp_path / "clip.mp4")


@pytest.mark.parametrize("seconds", [-3, -3600, 3, 3600])
def test_timestamps_that_jump(video: Path, play: Play, neighbour: WatchedCamera, tmp_path: Path, seconds: int) -> None:
    with neighbour.undisturbed(), FaultyCamera(play(video).url) as faulty, WatchedCamera(faulty.url) as watched:
        watched.wait_live()
        watched.wait_for_true_pictures()
        faulty.jump_timestamps(seconds * TICKS)
        watched.wait_for_true_pictures(count=40)
        assert watched.feed.status.connections == 1
        _times_flow(watched)
        _clip_is_whole(watched, tmp_path / "clip.mp4")
