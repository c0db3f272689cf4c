"""What the tests of cameras share: a good camera next to the faulty one, and a video that lasts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import start_camera
from tests.made_video import make_video
from tests.streams.watched_camera import WatchedCamera


@pytest.fixture(scope="module")
def neighbour(video: Path) -> Iterator[WatchedCamera]:
    """A good camera, read in this process all the while, that the faults of others must not disturb."""
    camera = start_camera(video)
    try:
        with WatchedCamera(camera.url, looks_per_second=5.0, timeout_s=10.0) as watched:
            watched.learn_usual_pace()
            yield watched
    finally:
        camera.kill()


@pytest.fixture(scope="session")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made H.264 video of 40 s, for a server that plays it once."""
    return make_video(tmp_path_factory.mktemp("video") / "long.mp4", frames=1000)
