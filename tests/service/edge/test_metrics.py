"""Prometheus metrics: they tell the status as it is, from a real edge too, and no password."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from service.edge.metrics import CAMERA_METRICS, EdgeCollector, metrics_served
from service.edge.status import EdgeStatus
from service.metrics_server import MetricsAddressTaken
from streams.feed import CameraState
from streams.health.observation import HealthKind
from tests.conftest import RtspCamera, free_port, wait_until
from tests.service.edge.statuses import LIVE, NOON, camera, edge

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras:
  - {{id: yard, site: xinghe, name: 堆场, url: "{url}", interval_s: 1}}
  - {{id: far, site: xinghe, name: 远处, url: "rtsp://admin:s3cret@127.0.0.1:{closed}/x?token=t0ken"}}
data: {data}
queue: http://127.0.0.1:{closed}
metrics: 127.0.0.1:{metrics}
"""
Samples = dict[tuple[str, str | None], float]


def samples_in(text: str) -> Samples:
    """Return every sample by its name and its camera."""
    families = text_string_to_metric_families(text)
    return {(one.name, one.labels.get("camera")): one.value for family in families for one in family.samples}


def samples_of(status: EdgeStatus) -> Samples:
    registry = CollectorRegistry()
    registry.register(EdgeCollector(lambda: status))
    return samples_in(generate_latest(registry).decode())


def test_a_camera_is_up_while_all_its_streams_are_live() -> None:
    down = {"state": CameraState.RECONNECTING}
    samples = samples_of(edge(camera("a"), camera("b", feed=down), camera("c", feed=down, recording=LIVE)))
    assert [samples["dustwatch_camera_up", name] for name in "abc"] == [1, 0, 0]


def test_the_bytes_of_both_streams_are_counted() -> None:
    samples = samples_of(edge(camera(feed={"received_bytes": 1000}, recording=LIVE)))
    assert samples["dustwatch_camera_received_bytes_total", "gate"] == 1000
    assert samples["dustwatch_camera_connections_total", "gate"] == 2


def test_the_age_of_the_last_picture_is_left_out_before_the_first() -> None:
    samples = samples_of(edge(camera("a"), camera("b", feed={"last_packet_at": None}), after_s=3))
    assert samples["dustwatch_camera_last_picture_age_seconds", "a"] == 3
    assert ("dustwatch_camera_last_picture_age_seconds", "b") not in samples


def test_what_ails_a_camera_is_told_by_kind() -> None:
    registry = CollectorRegistry()
    registry.register(EdgeCollector(lambda: edge(camera(trouble={HealthKind.MOVED: NOON}))))
    families = text_string_to_metric_families(generate_latest(registry).decode())
    told = {one.labels["kind"]: one.value for family in families for one in family.samples if "kind" in one.labels}
    assert set(told) == set(HealthKind)
    assert [kind for kind, value in told.items() if value] == ["moved"]


def test_an_edge_without_cameras_tells_its_outbox() -> None:
    samples = samples_of(edge(waiting=4, delivered=9))
    assert samples["dustwatch_edge_outbox_waiting", None] == 4
    assert samples["dustwatch_edge_delivered_total", None] == 9


def test_an_address_that_is_taken_is_told() -> None:
    address = ("127.0.0.1", free_port())
    with metrics_served(address, edge):
        assert httpx.get(f"http://127.0.0.1:{address[1]}/metrics").is_success
        with pytest.raises(MetricsAddressTaken, match="set another address"), metrics_served(address, edge):
            pass
    with metrics_served(address, edge):
        pass  # it is free again


@contextmanager
def running_edge(config: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "service.cli.main", "run", str(config)]
    with subprocess.Popen(command, env={**os.environ, "DUSTWATCH_LANG": "en"}, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.slow
def test_a_running_edge_is_measured(video: Path, play: Callable[..., RtspCamera], tmp_path: Path) -> None:
    metrics = free_port()
    url = play(video).url.replace("rtsp://", "rtsp://admin:s3cret@")
    config = tmp_path / "dustwatch.yaml"
    config.write_text(CONFIG.format(url=url, closed=free_port(), metrics=metrics, data=tmp_path / "edge"))

    def text() -> str:
        try:
            return httpx.get(f"http://127.0.0.1:{metrics}/metrics").raise_for_status().text
        except httpx.TransportError:
            return ""

    with running_edge(config):
        wait_until(lambda: samples_in(text()).get(("dustwatch_camera_inspected_total", "yard"), 0) >= 1, 120, "a look")
        told = text()
    samples = samples_in(told)
    assert {f"dustwatch_camera_{metric.name}" for metric in CAMERA_METRICS} <= {
        family.name for family in text_string_to_metric_families(told)
    }
    assert samples["dustwatch_camera_up", "yard"] == 1
    assert samples["dustwatch_camera_up", "far"] == 0
    assert samples["dustwatch_camera_received_bytes_total", "yard"] > 1000
    assert samples["dustwatch_camera_cpu_seconds_total", "yard"] > 0
    assert samples["process_cpu_seconds_total", None] > 0
    assert "dustwatch_build_info" in told
    assert 'camera="yard",mode="patrol",site="xinghe"' in told or 'camera="yard",site="xinghe",mode="patrol"' in told
    assert "s3cret" not in told
    assert "t0ken" not in told
