"""A running edge inspects as often as the office's rules ask of its site's level, and more often under an alert."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import RtspCamera, wait_until
from tests.service.edge.running_edge import RunningEdge

pytestmark = [pytest.mark.slow]

SITE = {"name": "堆场", "category": "construction", "district": "滨江区"}


def test_the_level_sets_the_interval_and_an_alert_shortens_it(
    video: Path, play: Callable[..., RtspCamera], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    address = serve(tmp_path / "service")
    httpx.put(f"{address}/api/v1/sites/yard", json={**SITE, "id": "yard", "control_level": "C"}).raise_for_status()
    edge = RunningEdge(tmp_path)
    edge.write({"heap": {"url": play(video).url, "change_gate": False}}, queue=address)

    def looks_in(seconds: float) -> int:
        before = edge.inspected("heap")
        time.sleep(seconds)
        return edge.inspected("heap") - before

    with edge.running():
        wait_until(lambda: "camera.changed" in edge.log, 120, "the interval of level C")
        wait_until(lambda: edge.inspected("heap") == 1, 60, "the first look")
        assert looks_in(20) == 0  # one look a minute

        httpx.put(f"{address}/api/v1/sites/yard", json={**SITE, "id": "yard", "control_level": "A"}).raise_for_status()
        alert = {"starts_at": "2020-01-01T00:00:00Z", "level": "red"}
        httpx.put(f"{address}/api/v1/alerts", json=alert).raise_for_status()
        wait_until(lambda: edge.log.count("camera.changed") == 2, 60, "the interval of level A under red")
        wait_until(lambda: edge.inspected("heap") >= 1, 60, "a look")
        assert 6 <= looks_in(10) <= 12  # one look a second
