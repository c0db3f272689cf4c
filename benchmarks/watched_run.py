"""Runs `dustwatch run` over simulated cameras as a process of its own, and measures all that it costs."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ruamel.yaml import YAML

from benchmarks.camera_figures import fairness
from benchmarks.process_cost import ProcessSample, sample_process
from service.edge.status import STATUS_NAME

LIVE_WITHIN_S = 90.0
CLOSED_QUEUE = "http://127.0.0.1:9"
"""Nothing listens there: evidence stays in the outbox."""


@dataclass(frozen=True)
class RunCost:
    """What a window of watching cost; `inspected` counts by camera in the window, memory is at its end."""

    cameras: int
    seconds: float
    cpu_s_per_camera_s: float
    rss_mb: float
    pss_mb: float
    threads: int
    open_files: int
    inspected: list[int]
    dropped: int

    @property
    def least_to_median(self) -> float:
        """The least inspected camera's share of the median."""
        return fairness(self.inspected)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the whole window."""
        return self.cpu_s_per_camera_s * self.cameras * self.seconds


class WatchedRun:
    """One `dustwatch run` over the given URLs; `camera` is what the configuration says of each camera beside them."""

    def __init__(self, folder: Path, urls: Sequence[str], camera: dict[str, Any]) -> None:
        self.data = folder / "edge"
        self._names = [f"camera-{index}" for index in range(len(urls))]
        self._log = folder / "dustwatch.log"
        self._config = folder / "dustwatch.yaml"
        self.data.mkdir(parents=True)
        write_config(self._config, dict(zip(self._names, urls, strict=True)), camera, self.data)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "service.cli.main", "run", str(self._config)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_live(self) -> None:
        """Wait until every camera sends. Raises RuntimeError when that takes too long or the process ended."""
        deadline = time.monotonic() + LIVE_WITHIN_S
        while not self._all_live():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the cameras are not live: {self._log.read_text(errors='replace')[-1000:]}")
            time.sleep(0.2)

    def sample(self) -> ProcessSample:
        """Read the process as it stands now."""
        return sample_process(self._process.pid)

    def reports(self) -> dict[str, Any]:
        """Return every camera's figures from the status file, by its id; none before it is written."""
        path = self.data / STATUS_NAME
        if not path.exists():
            return {}
        cameras: dict[str, Any] = json.loads(path.read_text())["cameras"]
        return cameras

    def measure(self, seconds: float) -> RunCost:
        """Let `seconds` pass and return what they cost."""
        before, first, began = self.reports(), self.sample(), time.monotonic()
        time.sleep(seconds)
        after, last, passed = self.reports(), self.sample(), time.monotonic() - began
        return RunCost(
            cameras=len(self._names),
            seconds=passed,
            cpu_s_per_camera_s=(last.cpu_s - first.cpu_s) / passed / len(self._names),
            rss_mb=last.rss_mb,
            pss_mb=last.pss_mb,
            threads=last.threads,
            open_files=last.open_files,
            inspected=[after[name]["inspected"] - before[name]["inspected"] for name in self._names],
            dropped=sum(after[name]["status"]["dropped"] - before[name]["status"]["dropped"] for name in self._names),
        )

    def _all_live(self) -> bool:
        reports = self.reports()
        return bool(reports) and all(report["status"]["state"] == "live" for report in reports.values())


def patrol_camera(*, change_gate: bool, every_s: float = 2.0) -> dict[str, Any]:
    """Return what the configuration says of a camera whose keyframes are inspected for vehicles each `every_s`."""
    return {"mode": "patrol", "interval_s": every_s, "change_gate": change_gate, "looks_for": ["vehicles"]}


def write_config(path: Path, urls: dict[str, str], camera: dict[str, Any], data: Path) -> None:
    """Write a configuration of cameras that differ in name and URL alone."""
    document = {
        "sites": [{"id": "bench", "name": "bench"}],
        "cameras": [{"id": name, "site": "bench", "name": name, "url": url, **camera} for name, url in urls.items()],
        "data": str(data),
        "queue": CLOSED_QUEUE,
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
