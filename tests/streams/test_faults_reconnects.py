"""A camera that connects anew hundreds of times leaves nothing behind in the process."""

import gc
import os
import threading
from pathlib import Path

import pytest

from tests.conftest import start_camera, wait_until
from tests.made_video import make_video
from tests.streams.faulty_camera import FaultyCamera
from tests.streams.watched_camera import WatchedCamera

RECONNECTS = 200
WARM_UP = 20
MOST_MIB_MORE = 6.0
"""What the process may grow by, of which the packet ring takes half a MiB; 35 KiB left behind each time is too much."""


def _resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _threads_and_files() -> tuple[int, int]:
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.slow
def test_two_hundred_reconnects_leave_nothing_behind(tmp_path: Path) -> None:
    camera = start_camera(make_video(tmp_path / "quick.mp4", frames=200, rate=100, gop=10, width=192, height=64))
    try:
        with FaultyCamera(camera.url) as faulty, WatchedCamera(faulty.url, first_wait_s=0.01) as watched:
            for number in range(1, RECONNECTS + 1):
                wait_until(lambda number=number: watched.feed.status.connections >= number, 20, f"connection {number}")
                if number == WARM_UP:
                    watched.wait_live(number)
                    memory, counts = _resident_mib(), _threads_and_files()
                faulty.reset_now()
            watched.wait_live(RECONNECTS + 1)
            wait_until(lambda: _threads_and_files() == counts, 15, f"{counts}, now {_threads_and_files()}")
            assert _resident_mib() - memory < MOST_MIB_MORE
    finally:
        camera.kill()
