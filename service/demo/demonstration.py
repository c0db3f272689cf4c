"""Runs the demonstration: starts the processes, waits, reports the cases that arrive."""

import json
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from service.config.file import load_config
from service.demo.processes import ChildProcesses
from service.errors import ServiceError
from service.pipeline import STATUS_NAME
from service.simulated_camera import camera_url, check_playable

CAMERA_ID = "demo-gate"
START_WITHIN_S = 60.0


class DemoFailed(ServiceError):
    """A part of the demonstration did not start."""

    template = "the demonstration's {part} did not start: {detail}"


@dataclass(frozen=True)
class DemoPlan:
    """What to show: the clip, what is drawn on it (relative coordinates), and where everything goes."""

    clip: Path
    folder: Path
    exit_line: list[tuple[float, float]]
    outward: tuple[float, float]
    wash_bay: list[tuple[float, float]]
    page_port: int
    rtsp_port: int
    frames_per_second: float


@dataclass(frozen=True)
class DemoCase:
    """One case that the demonstration made; `evidence` is the package's folder."""

    id: int
    rule: str
    camera: str
    opened_at: str
    evidence: str


@dataclass(frozen=True)
class DemoResult:
    """What the demonstration saw and made."""

    rtsp_url: str
    codec: str
    frames_received: int
    frames_inspected: int
    tracks: int
    cases: list[DemoCase]

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Demonstration:
    """The camera, the queue and the pipeline, started one after another and watched until the end."""

    def __init__(self, plan: DemoPlan) -> None:
        """Check the clip and write the configuration. Raises StreamError, NotPlayable, ConfigError."""
        self._plan = plan
        self.codec = check_playable(plan.clip).codec
        self.rtsp_url = camera_url(plan.clip, plan.rtsp_port)
        self.page_url = f"http://127.0.0.1:{plan.page_port}/"
        self._evidence = (plan.folder / "service" / "evidence").resolve()
        self._config = plan.folder / "dustwatch.yaml"
        self._children = ChildProcesses(plan.folder / "logs")
        _write_config(plan, self.rtsp_url, self._config)
        load_config(self._config)

    def run(
        self, seconds: float | None, on_case: Callable[[DemoCase], None], on_ready: Callable[[], None]
    ) -> DemoResult:
        """Run for `seconds` after the pipeline started, or until KeyboardInterrupt. Raises DemoFailed."""
        plan = self._plan
        try:
            self._children.start("camera", ["camera", "simulate", str(plan.clip), "--port", str(plan.rtsp_port)])
            self._children.start(
                "queue", ["serve", "--data", str(plan.folder / "service"), "--port", str(plan.page_port)]
            )
            self._wait_for("camera", lambda: _is_open(plan.rtsp_port))
            self._wait_for("queue", self._queue_is_up)
            self._children.start("pipeline", ["run", str(self._config)])
            on_ready()
            self._watch(seconds, on_case)
            self._children.stop("pipeline")
            return self._result()
        finally:
            self._children.stop_all()

    def _watch(self, seconds: float | None, on_case: Callable[[DemoCase], None]) -> None:
        shown: set[int] = set()
        deadline = None if seconds is None else time.monotonic() + seconds
        try:
            while deadline is None or time.monotonic() < deadline:
                for case in self._cases():
                    if case.id not in shown:
                        shown.add(case.id)
                        on_case(case)
                self._children.start_again_what_died()
                time.sleep(0.5)
        except KeyboardInterrupt:
            return

    def _wait_for(self, part: str, is_up: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while not is_up():
            if self._children.has_ended(part) or time.monotonic() > deadline:
                raise DemoFailed(part=part, detail=self._children.log_tail(part) or "it gave no answer")
            time.sleep(0.1)

    def _queue_is_up(self) -> bool:
        try:
            return httpx.get(f"{self.page_url}healthz", timeout=2).is_success
        except httpx.TransportError:
            return False

    def _cases(self) -> list[DemoCase]:
        """Return the cases in the queue, oldest first; none while the queue is down."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        try:
            while True:
                answer = httpx.get(
                    f"{self.page_url}api/cases", params={"limit": 100} | ({"cursor": cursor} if cursor else {})
                )
                answer.raise_for_status()
                page = answer.json()
                items += page["items"]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
        except httpx.HTTPError:
            return []
        return [
            DemoCase(
                id=item["id"],
                rule=item["rule"],
                camera=item["camera"]["id"],
                opened_at=item["opened_at"],
                evidence=str(self._evidence / item["key"]),
            )
            for item in sorted(items, key=lambda item: item["id"])
        ]

    def _result(self) -> DemoResult:
        camera = json.loads((self._plan.folder / "edge" / STATUS_NAME).read_text())["cameras"][CAMERA_ID]
        return DemoResult(
            rtsp_url=self.rtsp_url,
            codec=self.codec,
            frames_received=camera["status"]["packets"],
            frames_inspected=camera["inspected"],
            tracks=camera["tracks"],
            cases=self._cases(),
        )


def free_port(wanted: int) -> int:
    """Return `wanted`, or a port that is free where that one is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoFailed(part="network", detail="no port is free")


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write_config(plan: DemoPlan, rtsp_url: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "sites": [{"id": "demo", "name": "演示工地"}],
        "cameras": [
            {
                "id": CAMERA_ID,
                "site": "demo",
                "name": "演示大门",
                "url": rtsp_url,
                "frames_per_second": plan.frames_per_second,
                "zones": {
                    "exit_line": {"points": [list(point) for point in plan.exit_line], "outward": list(plan.outward)},
                    "wash_bay": [list(point) for point in plan.wash_bay],
                },
            }
        ],
        "data": str(plan.folder / "edge"),
        "queue": f"http://127.0.0.1:{plan.page_port}",
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
