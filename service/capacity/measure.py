"""Runs the configured cameras for a while, without delivering anything, and measures what they cost."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from service.capacity.estimate import CameraCost, Machine, Measured, with_all_looks
from service.capacity.machine import MachineSample, sample_machine
from service.config.camera import CameraConfig
from service.config.schema import Config
from service.edge.cameras import RING_SLACK_S
from service.edge.pipeline import Pipeline
from streams.feed import CameraState
from vision.watched_camera import CameraReport

CONNECT_WITHIN_S = 30.0
SETTLE_S = 2.0
"""What was just removed is still ending, and what was just begun is decoding its first pictures."""
FULL_RATE_S = 15.0
POLL_S = 0.5
Progress = Callable[[float, float], None]
"""Is told how many seconds are done, and of how many."""


@dataclass(frozen=True)
class _Window:
    """What was read at the begin and the end of a window, and each camera's worst lag in it."""

    first: MachineSample
    last: MachineSample
    before: Mapping[str, CameraReport]
    after: Mapping[str, CameraReport]
    lag_s: Mapping[str, float]

    @property
    def seconds(self) -> float:
        return self.last.at_s - self.first.at_s

    @property
    def own_cores(self) -> float:
        return (self.last.own_cpu_s - self.first.own_cpu_s) / self.seconds

    @property
    def others_cores(self) -> float:
        return max(0.0, (self.last.busy_s - self.first.busy_s) / self.seconds - self.own_cores)


class Rehearsal:
    """The configured cameras, watched and judged for real in this process; all that they make is thrown away.

    The data folder is a temporary one, and the threads that would post are never started.
    """

    def __init__(self, config: Config, folder: Path, on_progress: Progress) -> None:
        """Load the models. Raises ModelError."""
        self._config = config.model_copy(update={"data": folder, "metrics": None})
        self._on_progress = on_progress
        self._pipeline = Pipeline(self._config, delivers=False)
        self._base_bytes = sample_machine().own_bytes

    def measure(self, seconds: float) -> Measured:
        """Watch for so many seconds, and one gate at full rate for a moment more."""
        full_rate_s = (
            min(FULL_RATE_S, seconds / 2) if any(_is_gated(camera) for camera in self._config.cameras) else 0.0
        )
        total = seconds + full_rate_s
        with _running(self._pipeline) as running:
            self._wait_for(lambda reports: len(reports) == len(self._config.cameras) and _all_look(reports), running)
            window = self._watch(seconds, running, lambda done: self._on_progress(done, total))
            full = None
            gate = self._busiest_gate(window) if full_rate_s else None
            if gate is not None:
                full = self._full_rate_cores(
                    gate, full_rate_s, running, lambda done: self._on_progress(seconds + done, total)
                )
        return self._measured(window, full)

    def _measured(self, window: _Window, full_rate_cores: float | None) -> Measured:
        live = [name for name, report in window.after.items() if _is_live(window.before.get(name)) and _is_live(report)]
        last = window.last
        return Measured(
            seconds=window.seconds,
            machine=Machine(
                cores=last.cores,
                memory_bytes=last.memory_bytes,
                others_cores=window.others_cores,
                others_bytes=max(0, last.memory_bytes - last.available_bytes - last.own_bytes),
            ),
            cores=window.own_cores,
            base_bytes=self._base_bytes,
            own_bytes=last.own_bytes,
            cameras=tuple(_cost(name, window) for name in live),
            offline=tuple(camera.id for camera in self._config.cameras if camera.id not in live),
            full_rate_cores=full_rate_cores,
            memory_seconds=self._config.clip.before_s + self._config.clip.after_s + RING_SLACK_S,
        )

    def _full_rate_cores(
        self, gate: CameraConfig, seconds: float, running: "Future[None]", on_progress: Callable[[float], None]
    ) -> float | None:
        """Return what this gate alone costs while every picture is looked at; None where it sent nothing."""
        # Under a name of its own: the camera that it replaces is still there for a moment, and must not be measured.
        always = gate.model_copy(update={"id": f"{gate.id}-in-motion", "change_gate": False})
        self._pipeline.change(self._config.model_copy(update={"cameras": [always]}))
        self._wait_for(lambda reports: set(reports) == {always.id} and _all_look(reports), running)
        window = self._watch(seconds, running, on_progress)
        if not (_is_live(window.before.get(always.id)) and _is_live(window.after.get(always.id))):
            return None
        cost = _cost(always.id, window)
        return with_all_looks(window.own_cores, (cost,)) if cost.looks else None

    def _busiest_gate(self, window: _Window) -> CameraConfig | None:
        """Return the live gate that sends most: the dearest one to decode."""
        gates = [
            camera for camera in self._config.cameras if _is_gated(camera) and _is_live(window.after.get(camera.id))
        ]
        return max(gates, key=lambda camera: window.after[camera.id].status.received_bytes, default=None)

    def _watch(self, seconds: float, running: "Future[None]", on_progress: Callable[[float], None]) -> _Window:
        before, first = self._reports(), sample_machine()
        lag_s = dict.fromkeys(before, 0.0)
        while (done := time.monotonic() - first.at_s) < seconds and not running.done():
            on_progress(done)
            time.sleep(min(POLL_S, seconds - done))
            for name, report in self._reports().items():
                lag_s[name] = max(lag_s.get(name, 0.0), report.lag_s)
        return _Window(first, sample_machine(), before, self._reports(), lag_s)

    def _wait_for(self, condition: Callable[[Mapping[str, CameraReport]], bool], running: "Future[None]") -> None:
        """Wait until the condition holds, but not for ever: a camera may be offline."""
        deadline = time.monotonic() + CONNECT_WITHIN_S
        while not condition(self._reports()) and time.monotonic() < deadline and not running.done():
            time.sleep(POLL_S)
        time.sleep(SETTLE_S)

    def _reports(self) -> dict[str, CameraReport]:
        return {name: camera.report for name, camera in self._pipeline.status().cameras.items()}


def measure(config: Config, seconds: float, on_progress: Progress) -> Measured:
    """Return what the configured cameras cost over so many seconds. Raises ModelError."""
    with TemporaryDirectory(prefix="dustwatch-capacity-") as folder:
        return Rehearsal(config, Path(folder), on_progress).measure(seconds)


@contextmanager
def _running(pipeline: Pipeline) -> Iterator["Future[None]"]:
    """Run the pipeline while the block does; what ends it early is raised at the end."""
    stop = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="pipeline") as pool:
        running = pool.submit(pipeline.run, stop)
        try:
            yield running
        finally:
            stop.set()
    running.result()


def _cost(name: str, window: _Window) -> CameraCost:
    before, after = window.before[name], window.after[name]
    looks = after.status.frames - before.status.frames
    received = sum(feed.received_bytes for feed in after.feeds) - sum(feed.received_bytes for feed in before.feeds)
    return CameraCost(
        camera=name,
        mode=after.mode,
        cores=max(0.0, after.cpu_s - before.cpu_s) / window.seconds,
        networks_cores=max(0.0, after.networks_cpu_s - before.networks_cpu_s) / window.seconds,
        bits_per_s=received * 8 / window.seconds,
        ring_bytes=after.ring_bytes,
        looks=looks,
        dropped=after.status.dropped - before.status.dropped,
        inspected_share=min(1.0, (after.inspected - before.inspected) / looks) if looks else 0.0,
        lag_s=window.lag_s.get(name, 0.0),
    )


def _is_gated(camera: CameraConfig) -> bool:
    """Tell whether the camera is a gate that costs more while something moves."""
    return camera.zones.exit_line is not None


def _is_live(report: CameraReport | None) -> bool:
    return report is not None and all(feed.state is CameraState.LIVE for feed in report.feeds)


def _all_look(reports: Mapping[str, CameraReport]) -> bool:
    return all(_is_live(report) and report.status.frames > 0 for report in reports.values())
