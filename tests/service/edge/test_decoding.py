"""A real edge whose decoding processes are killed goes on, and leaves nothing behind when it stops."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge


@pytest.mark.slow
def test_an_edge_outlives_its_decoding_processes_and_ends_them(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    edge = RunningEdge(tmp_path)
    camera = {"url": play(video).url, "interval_s": 1.0, "change_gate": False}
    edge.write({"first": camera, "second": camera})
    killed: set[int] = set()
    with edge.running() as process:
        for _ in range(3):
            _look_on(edge)
            for pid in _decoding(process.pid):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        _look_on(edge)
        left = _decoding(process.pid)
        assert process.poll() is None
    assert len(killed) >= 3
    time.sleep(0.2)
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]


def _look_on(edge: RunningEdge) -> None:
    before = _looks(edge)

    def both_looked() -> bool:
        now = _looks(edge)
        return len(now) == 2 and all(count > before.get(name, 0) for name, count in now.items())

    wait_until(both_looked, 120, "a look at both cameras")


def _looks(edge: RunningEdge) -> dict[str, int]:
    return {name: camera["status"]["frames"] for name, camera in edge.cameras().items()}


def _decoding(edge: int) -> list[int]:
    tasks = (Path(f"/proc/{edge}/task")).iterdir()
    children = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    return [pid for pid in children if b"streams.decoding.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
