"""The configuration of a running edge may change: what it does not touch is not disturbed."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge


@pytest.mark.slow
def test_cameras_are_added_changed_and_removed_without_touching_the_others(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url = play(video).url
    stays, changes = {"url": url, "interval_s": 1}, {"url": url, "interval_s": 2}
    edge = RunningEdge(tmp_path)
    edge.write({"stays": stays, "changes": changes, "goes": stays})
    with edge.running():
        wait_until(lambda: min(map(edge.inspected, ("stays", "changes", "goes"))) > 0, 60, "all three inspected")
        before = edge.cameras()["stays"]["status"]

        edge.write({"stays": stays, "changes": changes | {"interval_s": 1, "looks_for": ["vehicles"]}, "comes": stays})
        wait_until(lambda: set(edge.cameras()) == {"stays", "changes", "comes"}, 30, "the new set of cameras")
        wait_until(lambda: edge.inspected("comes") > 0, 60, "the new camera inspected")
        wait_until(lambda: "vehicles" in edge.cameras()["changes"]["figures"], 60, "the changed camera, as changed")

        after = edge.cameras()["stays"]["status"]
        assert after["connections"] == before["connections"] == 1
        assert after["frames"] > before["frames"]
        assert "config.taken" in edge.log


@pytest.mark.slow
def test_a_broken_configuration_is_told_and_not_taken(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    edge = RunningEdge(tmp_path)
    edge.write({"yard": {"url": play(video).url, "interval_s": 1}})
    with edge.running() as process:
        wait_until(lambda: edge.inspected("yard") > 0, 60, "the camera inspected")
        whole = edge.config.read_text(encoding="utf-8")

        edge.config.write_text(whole.replace("rtsp://", "rtsp://admin:s3cret@").replace("site: yard", "site: nowhere"))
        wait_until(lambda: "config.refused" in edge.log, 30, "the refusal")
        now = edge.inspected("yard")
        wait_until(lambda: edge.inspected("yard") > now, 30, "the camera still inspected")
        assert "nowhere" in edge.log
        assert "s3cret" not in edge.log

        edge.config.write_text(whole + "workers: 1\n", encoding="utf-8")
        wait_until(lambda: "config.needs_restart" in edge.log, 30, "the warning about a setting that needs a restart")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: edge.log.count("config.taken") >= 2, 30, "the file read again when asked")
        assert edge.cameras()["yard"]["status"]["connections"] == 1
