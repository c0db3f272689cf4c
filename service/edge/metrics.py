"""Prometheus metrics of an edge: its status, read whenever somebody asks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from service.edge.status import CameraStatus, EdgeStatus
from service.metrics_server import collector_served
from streams.feed import CameraState
from streams.health.observation import HealthKind
from vision.watched_camera import CameraReport

Family = CounterMetricFamily | GaugeMetricFamily
LABELS = ("camera", "site", "mode")


@dataclass(frozen=True)
class CameraMetric:
    """One metric of every camera; `value` gives None where nothing is known yet."""

    kind: type[CounterMetricFamily] | type[GaugeMetricFamily]
    name: str
    what: str
    value: Callable[[CameraReport, EdgeStatus], float | None]


COUNTER, GAUGE = CounterMetricFamily, GaugeMetricFamily
CAMERA_METRICS = (
    CameraMetric(GAUGE, "up", "1 while every stream of the camera is live.", lambda report, _: _is_up(report)),
    CameraMetric(COUNTER, "packets", "Packets received.", lambda report, _: sum(f.packets for f in report.feeds)),
    CameraMetric(
        COUNTER, "received_bytes", "Bytes received.", lambda report, _: sum(f.received_bytes for f in report.feeds)
    ),
    CameraMetric(COUNTER, "looks", "Looks that took place.", lambda report, _: report.status.frames),
    CameraMetric(COUNTER, "unchanged", "Looks that showed nothing new.", lambda report, _: report.status.unchanged),
    CameraMetric(COUNTER, "inspected", "Pictures that the networks saw.", lambda report, _: report.inspected),
    CameraMetric(COUNTER, "dropped", "Looks left out for want of time.", lambda report, _: report.status.dropped),
    CameraMetric(COUNTER, "damaged", "Pictures that could not be decoded.", lambda report, _: report.status.damaged),
    CameraMetric(
        COUNTER,
        "decoder_deaths",
        "Decoding processes that the camera's pictures ended.",
        lambda report, _: report.status.decoder_deaths,
    ),
    CameraMetric(
        COUNTER, "connections", "Connections made.", lambda report, _: sum(f.connections for f in report.feeds)
    ),
    CameraMetric(GAUGE, "lag_seconds", "Age of the last look when it was judged.", lambda report, _: report.lag_s),
    CameraMetric(
        GAUGE,
        "last_picture_age_seconds",
        "Time since the camera last sent.",
        lambda report, status: _age(report, status),
    ),
    CameraMetric(COUNTER, "cpu_seconds", "Processor time spent on the camera.", lambda report, _: report.cpu_s),
    CameraMetric(GAUGE, "memory_bytes", "Encoded video remembered.", lambda report, _: report.ring_bytes),
    CameraMetric(
        GAUGE,
        "clock_drift_seconds",
        "Time that the camera's clock fell behind during this connection.",
        lambda report, _: report.status.clock_drift_s,
    ),
)
"""What is told of every camera, as `dustwatch_camera_NAME`."""


class EdgeCollector(Collector):
    """Turns the status into metrics; nothing is counted twice, and nothing between two questions."""

    def __init__(self, read: Callable[[], EdgeStatus]) -> None:
        self._read = read

    def collect(self) -> Iterator[Family | InfoMetricFamily]:
        """Yield every metric, one family a name."""
        status = self._read()
        yield InfoMetricFamily("dustwatch_build", "The running version.", {"version": version("dustwatch")})
        yield from _of_edge(status)
        yield from _of_cameras(status)
        yield _trouble(status)


def metrics_served(address: tuple[str, int] | None, read: Callable[[], EdgeStatus]) -> AbstractContextManager[None]:
    """Answer at http://HOST:PORT/metrics while the block runs; without an address, do nothing.

    Raises MetricsAddressTaken.
    """
    return collector_served(address, EdgeCollector(read))


def _of_edge(status: EdgeStatus) -> Iterator[Family]:
    yield GaugeMetricFamily("dustwatch_edge_outbox_waiting", "Packages that wait for delivery.", value=status.waiting)
    yield CounterMetricFamily("dustwatch_edge_delivered", "Packages delivered since the start.", value=status.delivered)
    yield GaugeMetricFamily(
        "dustwatch_edge_superseded",
        "Packages put aside, since another node had taken the camera.",
        value=status.superseded,
    )


def _of_cameras(status: EdgeStatus) -> Iterator[Family]:
    for metric in CAMERA_METRICS:
        family = metric.kind(f"dustwatch_camera_{metric.name}", metric.what, labels=LABELS)
        for name, camera in status.cameras.items():
            value = metric.value(camera.report, status)
            if value is not None:
                family.add_metric(_labels(name, camera), value)
        yield family


def _trouble(status: EdgeStatus) -> GaugeMetricFamily:
    """Tell of every camera and everything that can ail it whether it does now."""
    family = GaugeMetricFamily("dustwatch_camera_trouble", "1 while this ails the camera.", labels=(*LABELS, "kind"))
    for name, camera in status.cameras.items():
        for kind in HealthKind:
            family.add_metric((*_labels(name, camera), kind.value), float(kind in camera.trouble))
    return family


def _labels(name: str, camera: CameraStatus) -> tuple[str, str, str]:
    return name, camera.place.site_id, camera.report.mode


def _is_up(report: CameraReport) -> float:
    return float(all(feed.state is CameraState.LIVE for feed in report.feeds))


def _age(report: CameraReport, status: EdgeStatus) -> float | None:
    at = report.status.last_packet_at
    return None if at is None else max(0.0, (status.at - at).total_seconds())
