"""What ails a camera is told by the edge's status, by its log and to the queue."""

import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge

QUICK = {"silence_s": 2, "release_s": 1, "hold_s": {"offline": 1}}


@pytest.mark.slow
def test_a_camera_that_falls_silent_is_reported_and_its_recovery_too(
    video: Path, play: Callable[..., RtspCamera], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    camera, queue_server = play(video), serve(tmp_path / "queue")
    edge = RunningEdge(tmp_path)
    edge.write({"yard": {"url": camera.url, "interval_s": 1}}, queue=queue_server, health=QUICK)

    def told(ongoing: str) -> list[dict[str, object]]:
        answer = httpx.get(f"{queue_server}/api/v1/health-observations", params={"ongoing": ongoing})
        return [one for one in answer.json()["items"] if one["kind"] == "offline"]

    with edge.running():
        wait_until(lambda: edge.inspected("yard") > 0, 60, "the camera inspected")
        camera.process.send_signal(signal.SIGSTOP)
        wait_until(lambda: "offline" in edge.cameras()["yard"]["trouble"], 60, "the silence noticed")
        wait_until(lambda: bool(told("true")), 30, "the queue to know")
        camera.process.send_signal(signal.SIGCONT)
        wait_until(lambda: edge.cameras()["yard"]["trouble"] == {}, 60, "the recovery noticed")
        wait_until(lambda: not told("true") and bool(told("false")), 30, "the queue to know")
    assert "camera.ails" in edge.log
    assert "camera.recovered" in edge.log
