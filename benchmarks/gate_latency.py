"""How long after a truck crossed the exit line its violation lies in the outbox, at gates that play the rendered story.

The simulated cameras tell when each began its film, and the story's truth tells when its trucks cross in it.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.camera_figures import percentile
from benchmarks.camera_footage import Footage, make_footage
from benchmarks.camera_servers import CameraServers
from benchmarks.watched_run import WatchedRun
from datasets.stories import gate_story
from vision.evidence.sealing import DRAFT_NAME

SEEN_BEFORE_S = 8.0
"""A truck counts only if its camera was live for this long before it crossed: it has to be seen coming."""
LATEST_S = 10.0
EARLIEST_S = -1.5
"""A violation belongs to a crossing from this long before (the truth's line is the axle's) to `LATEST_S` after it."""
POLL_S = 0.02


@dataclass(frozen=True)
class Arrival:
    """A violation's folder appeared in the outbox at `at` (Unix time)."""

    camera: str
    at: float


@dataclass(frozen=True)
class GateLatency:
    """Seconds from crossing to outbox of every violation found; `missed` crossings had none, `unexpected` no truck."""

    cameras: int
    latencies_s: list[float]
    missed: int
    unexpected: int
    dropped: int

    @property
    def p95_s(self) -> float | None:
        """The 95th percentile; None where nothing was found."""
        return percentile(self.latencies_s, 0.95)


def measure_gate_latency(footage: Footage, count: int, seconds: float, folder: Path, films: Path) -> GateLatency:
    """Watch `count` gates for `seconds` and compare the outbox with the story."""
    story = gate_story()
    line = {"points": [list(point) for point in story.exit_line.points], "outward": list(story.exit_line.outward)}
    zones = {"exit_line": line, "wash_bay": [list(point) for point in story.wash_bay]}
    camera: dict[str, Any] = {"mode": "gate", "zones": zones}
    film, phase_s = make_footage(footage, films), footage.loop_s / count
    with (
        CameraServers(film, count, folder / "cameras", phase_s=phase_s) as servers,
        WatchedRun(folder, servers.urls, camera) as run,
    ):
        run.wait_until_live()
        live_at = time.time()
        arrivals = _watch_outbox(run.data, live_at + seconds)
        dropped = sum(report["status"]["dropped"] for report in run.reports().values())
        began = {f"camera-{index}": times[-1] for index, times in servers.film_began_at().items()}
    leaves = [truck.leaves_at for truck in story.trucks if truck.violation and truck.leaves_at is not None]
    leaves = [at for at in leaves if at < footage.seconds]
    crossings = crossings_between((live_at, live_at + seconds), began, leaves, footage.loop_s)
    delays, unexpected = match(crossings, arrivals)
    # The first trucks were not seen coming; the last may still be on their way to the outbox.
    counted = [
        delay_s
        for crossing, delay_s in zip(crossings, delays, strict=True)
        if live_at + SEEN_BEFORE_S <= crossing.at <= live_at + seconds - LATEST_S
    ]
    found = [delay_s for delay_s in counted if delay_s is not None]
    return GateLatency(count, found, len(counted) - len(found), unexpected, dropped)


def crossings_between(
    window: tuple[float, float], began: Mapping[str, float], leaves: Sequence[float], loop_s: float
) -> list[Arrival]:
    """Return when trucks cross (Unix times within `window`) at cameras whose films of `loop_s` began at `began`."""
    crossings = []
    for camera, film_began in began.items():
        first_loop, last_loop = (int((at - film_began) // loop_s) for at in window)
        for loop in range(first_loop, last_loop + 1):
            times = [film_began + loop * loop_s + at for at in leaves]
            crossings += [Arrival(camera, at) for at in times if window[0] <= at <= window[1]]
    return sorted(crossings, key=lambda crossing: crossing.at)


def match(crossings: Sequence[Arrival], arrivals: Sequence[Arrival]) -> tuple[list[float | None], int]:
    """Return each crossing's delay until its camera's first unclaimed arrival or None, and how many stay unclaimed."""
    unclaimed = sorted(arrivals, key=lambda arrival: arrival.at)
    delays: list[float | None] = []
    for crossing in crossings:
        own = (
            arrival
            for arrival in unclaimed
            if arrival.camera == crossing.camera and EARLIEST_S <= arrival.at - crossing.at <= LATEST_S
        )
        arrival = next(own, None)
        delays.append(arrival.at - crossing.at if arrival else None)
        if arrival:
            unclaimed.remove(arrival)
    return delays, len(unclaimed)


def _watch_outbox(data: Path, until: float) -> list[Arrival]:
    """Collect the packages that appear; each first lies whole in `staged`."""
    staged = data / "staged"
    arrivals: dict[str, Arrival] = {}
    while (now := time.time()) < until:
        for package in staged.iterdir():
            if package.name.startswith(".") or package.name in arrivals:
                continue
            draft = package / DRAFT_NAME
            if draft.exists():
                camera = json.loads(draft.read_text())["place"]["camera_id"]
                arrivals[package.name] = Arrival(camera, now)
        time.sleep(POLL_S)
    return list(arrivals.values())
