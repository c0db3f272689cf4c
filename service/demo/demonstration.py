"""Runs the demonstration: starts the processes, waits, reports the cases that arrive."""

import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from service.cli.queue_folder import sqlite_url
from service.config.file import load_config
from service.delivery.sending import authorization
from service.demo.access import DemoAccess, make_access
from service.demo.processes import ChildProcesses
from service.demo.views import PATROL, RULES, DemoView
from service.edge.status import STATUS_NAME
from service.errors import ServiceError
from service.simulated_camera import camera_url, check_playable

START_WITHIN_S = 60.0
TOKEN_VARIABLE = "DUSTWATCH_QUEUE_TOKEN"  # noqa: S105 - its name, not what it holds


class DemoFailed(ServiceError):
    """A part of the demonstration did not start."""

    template = "the demonstration's {part} did not start: {detail}"


@dataclass(frozen=True)
class DemoPlan:
    """What to show (the gate first), and where everything goes."""

    views: tuple[DemoView, ...]
    folder: Path
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
class DemoCamera:
    """What came of one camera; one that is not `judged` is watched and remembered only."""

    id: str
    rtsp_url: str
    codec: str
    judged: bool
    frames_received: int
    frames_inspected: int
    tracks: int


@dataclass(frozen=True)
class DemoResult:
    """What the demonstration saw and made: the gate's figures, the cases, and every camera's figures."""

    rtsp_url: str
    codec: str
    frames_received: int
    frames_inspected: int
    tracks: int
    cases: list[DemoCase]
    cameras: list[DemoCamera]

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Demonstration:
    """The cameras, the queue and the pipeline, started one after another and watched until the end."""

    def __init__(self, plan: DemoPlan) -> None:
        """Check the clips and write the configuration. Raises StreamError, NotPlayable, ConfigError."""
        self._plan = plan
        self._codecs = {view.camera_id: check_playable(view.clip).codec for view in plan.views}
        self.rtsp_urls = {view.camera_id: camera_url(view.clip, plan.rtsp_port) for view in plan.views}
        self.page_url = f"http://127.0.0.1:{plan.page_port}/"
        self._evidence = (plan.folder / "service" / "evidence").resolve()
        self._config = plan.folder / "dustwatch.yaml"
        self._children = ChildProcesses(plan.folder / "logs")
        _write_config(plan, self.rtsp_urls, self._config)
        self._database = sqlite_url(plan.folder / "service")
        self.access: DemoAccess = make_access(self._database)
        self._secrets = {TOKEN_VARIABLE: self.access.edge_token}
        load_config(self._config, {**os.environ, **self._secrets})

    def run(
        self, seconds: float | None, on_case: Callable[[DemoCase], None], on_ready: Callable[[], None]
    ) -> DemoResult:
        """Run for `seconds` after the pipeline started, or until KeyboardInterrupt. Raises DemoFailed."""
        plan = self._plan
        try:
            clips = [str(view.clip) for view in plan.views]
            self._children.start("camera", ["camera", "simulate", *clips, "--port", str(plan.rtsp_port)])
            # Its own database, whatever the environment says: the office's must not get our accounts and cases.
            queue = ["serve", "--data", str(plan.folder / "service"), "--database", self._database]
            self._children.start("queue", [*queue, "--port", str(plan.page_port)])
            self._wait_for("camera", lambda: _is_open(plan.rtsp_port))
            self._wait_for("queue", self._queue_is_up)
            self._children.start("pipeline", ["run", str(self._config)], self._secrets)
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
                    f"{self.page_url}api/cases",
                    params={"limit": 100} | ({"cursor": cursor} if cursor else {}),
                    headers=authorization(self.access.reader_token),
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
        status = json.loads((self._plan.folder / "edge" / STATUS_NAME).read_text())["cameras"]
        cameras = [self._camera(view, status[view.camera_id]) for view in self._plan.views]
        gate = cameras[0]
        return DemoResult(
            rtsp_url=gate.rtsp_url,
            codec=gate.codec,
            frames_received=gate.frames_received,
            frames_inspected=gate.frames_inspected,
            tracks=gate.tracks,
            cases=self._cases(),
            cameras=cameras,
        )

    def _camera(self, view: DemoView, report: dict[str, Any]) -> DemoCamera:
        return DemoCamera(
            id=view.camera_id,
            rtsp_url=self.rtsp_urls[view.camera_id],
            codec=self._codecs[view.camera_id],
            judged=bool(view.zones),
            frames_received=report["status"]["packets"],
            frames_inspected=report["inspected"],
            tracks=report["figures"].get("tracks", 0),
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


def _write_config(plan: DemoPlan, rtsp_urls: dict[str, str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cameras = [
        {
            "id": view.camera_id,
            "site": "demo",
            "name": view.name,
            "url": rtsp_urls[view.camera_id],
            "frames_per_second": plan.frames_per_second,
            "zones": view.zones,
            **({} if view.gate else PATROL),
        }
        for view in plan.views
    ]
    document = {
        "sites": [{"id": "demo", "name": "演示工地"}],
        "cameras": cameras,
        "rules": {name: dict(times) for name, times in RULES.items()},
        "data": str(plan.folder / "edge"),
        "queue": f"http://127.0.0.1:{plan.page_port}",
        "queue_token": f"${{{TOKEN_VARIABLE}}}",
    }
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
