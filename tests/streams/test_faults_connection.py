"""A camera whose connection fails is noticed, named, read again when it is back, and disturbs no other camera."""

from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from streams.feed import CameraState
from tests.conftest import RtspCamera, free_port
from tests.streams.faulty_camera import FaultyCamera
from tests.streams.watched_camera import WatchedCamera

pytestmark = pytest.mark.slow
Play = Callable[..., RtspCamera]


def test_a_camera_that_is_killed_and_started_again(video: Path, play: Play, neighbour: WatchedCamera) -> None:
    port = free_port()
    camera = play(video, port)
    with neighbour.undisturbed(), WatchedCamera(camera.url) as watched:
        watched.wait_live()
        camera.kill()
        watched.wait_for(CameraState.RECONNECTING, "nothing answers")
        play(video, port)
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()
        assert watched.feed.status.problem == ""


def test_a_connection_that_is_reset_in_the_middle_of_a_picture(
    video: Path, play: Play, neighbour: WatchedCamera
) -> None:
    with (
        neighbour.undisturbed(),
        capture_logs() as logs,
        FaultyCamera(play(video).url) as faulty,
        WatchedCamera(faulty.url) as watched,
    ):
        watched.wait_live()
        faulty.reset()
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()
    assert [entry["problem"] for entry in logs if entry["event"] == "camera.reconnecting"] == [
        f"{faulty.url}: the camera ended the stream"
    ]


def test_a_camera_that_accepts_and_never_says_a_word(video: Path, play: Play, neighbour: WatchedCamera) -> None:
    with (
        neighbour.undisturbed(),
        FaultyCamera(play(video).url) as faulty,
        WatchedCamera(faulty.url, timeout_s=1.0) as watched,
    ):
        watched.wait_live()
        faulty.mute()
        faulty.reset_now()
        watched.wait_for(CameraState.RECONNECTING, "sent nothing for 1 s")
        faulty.mute(False)
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()


def test_a_camera_that_stops_in_the_middle_and_goes_on(video: Path, play: Play, neighbour: WatchedCamera) -> None:
    with (
        neighbour.undisturbed(),
        FaultyCamera(play(video).url) as faulty,
        WatchedCamera(faulty.url, timeout_s=1.0) as watched,
    ):
        watched.wait_live()
        faulty.stall(4.0)
        watched.wait_for(CameraState.RECONNECTING, "sent nothing for 1 s")
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()


def test_a_password_that_is_changed_and_put_right_again(
    video: Path, play_guarded: Play, neighbour: WatchedCamera
) -> None:
    port = free_port()
    camera = play_guarded(video, "admin", "s3cret", port)
    with neighbour.undisturbed(), WatchedCamera(camera.url) as watched:
        watched.wait_live()
        camera.kill()
        changed = play_guarded(video, "admin", "0ther", port)
        problem = watched.wait_for(CameraState.RECONNECTING, "refused the user name or the password")
        assert "s3cret" not in problem
        assert "rtsp://admin:***@" in problem
        changed.kill()
        play_guarded(video, "admin", "s3cret", port)
        watched.wait_live(connections=2)
        watched.wait_for_true_pictures()


def test_a_name_that_is_not_known_is_asked_for_again_and_again(neighbour: WatchedCamera) -> None:
    with neighbour.undisturbed(), WatchedCamera("rtsp://admin:s3cret@camera-7.invalid/live") as watched:
        problem = watched.wait_for(CameraState.RECONNECTING, "the host camera-7.invalid is unknown")
        assert "s3cret" not in problem
    assert watched.feed.status.state is CameraState.STOPPED
