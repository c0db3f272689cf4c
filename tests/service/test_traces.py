"""One violation of a story is one connected trace, from the look at the edge to the case at the queue."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from service.demo.views import yard_story
from tests.conftest import RtspCamera, free_port, wait_until
from tests.service.edge.running_edge import RunningEdge
from tests.service.otlp_receiver import collector

pytestmark = [pytest.mark.slow]

WAY = ("look", "inspection", "violation", "evidence", "sealing", "post", "intake", "case")
QUICK = {"window_s": 2, "grace_s": 3}


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """A starter of `dustwatch serve`, which logs lines of JSON to `service.log`; ends with the test."""
    processes = []

    def start() -> str:
        port = free_port()
        command = [sys.executable, "-m", "service.cli.main", "serve", "--open", "--log-json"]
        command += ["--data", str(tmp_path / "service"), "--port", str(port)]
        with (tmp_path / "service.log").open("wb") as log:
            processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log))
        address = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                return httpx.get(f"{address}/healthz").status_code == 200
            except httpx.TransportError:
                return False

        wait_until(answers, 180, "the queue")
        return address

    yield start
    for process in processes:
        process.terminate()
        process.wait(30)


def test_a_violation_of_a_story_is_one_connected_trace_over_edge_and_service(
    play: Callable[..., RtspCamera], queue: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = yard_story()
    with collector() as collected:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collected.address)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        address, edge = queue(), RunningEdge(tmp_path)
        url = play(story.clip).url.replace("rtsp://", "rtsp://admin:topsecret@")
        heap = {"url": url, "interval_s": 1, "max_age_s": 2, "zones": {"yard": [list(at) for at in story.zone]}}
        edge.write({"heap": heap}, queue=address, rules={"uncovered_soil": QUICK})
        with edge.running():
            wait_until(lambda: bool(httpx.get(f"{address}/api/cases").json()["items"]), 180, "the case")
            (case,) = httpx.get(f"{address}/api/cases").json()["items"]
            trace = case["key"].replace("-", "")
            wait_until(lambda: set(WAY) <= set(collected.of(trace)), 30, f"the spans, of {WAY}")

    found = collected.of(trace)
    first, *others = (found[name] for name in WAY)
    assert first.parent == ""
    spans = {each.span for each in collected.spans if each.trace == trace}
    assert {each.parent for each in others} <= spans
    assert found["intake"].parent == found["post"].span
    assert found["case"].parent == found["intake"].span
    assert [each.service for each in (first, *others)] == ["dustwatch-edge"] * 6 + ["dustwatch-service"] * 2
    assert all(each.began_ns <= each.ended_ns < time.time_ns() for each in found.values())
    order = [found[name].began_ns for name in WAY]
    assert order == sorted(order)
    told = first.attributes
    assert (told["dustwatch.violation"], told["dustwatch.camera_id"]) == (case["key"], "heap")
    assert told["dustwatch.rule"] == "uncovered_soil"

    assert f"trace_id={trace}" in edge.log
    lines = [json.loads(line) for line in (tmp_path / "service.log").read_text().splitlines() if line[0] == "{"]
    (line,) = (line for line in lines if line["event"] == "case.found")
    assert (line["trace_id"], line["camera"], line["key"]) == (trace, "heap", case["key"])
    assert not any(b"topsecret" in body for body in collected.bodies)
