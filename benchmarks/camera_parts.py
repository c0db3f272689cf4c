"""The parts of the measurement of cameras; each returns plain figures and can be run again alone."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks.camera_figures import percentile
from benchmarks.camera_floor import measure_floor
from benchmarks.camera_footage import RATE, bit_rate_of, main_stream, make_footage, substream
from benchmarks.camera_servers import CameraServers
from benchmarks.gate_latency import measure_gate_latency
from benchmarks.watched_run import RunCost, WatchedRun, patrol_camera
from streams.patrol import PatrolPlan

WEIGHTS_VARIABLE = "DUSTWATCH_YOLO_WEIGHTS"
FILM_S = 20.0
INSPECT_EVERY_S = 2.0
SCALE_EVERY_S = 4.0
DAY_STORIES = ("gate", "yard", "perimeter")
DAY_MOVING_S, DAY_STILL_S = 30.0, 90.0
"""A quarter of the day something moves: the beginning of a story (two trucks leave the gate in it), then quiet."""
Figures = dict[str, Any]


class PeerMissing(Exception):
    """The peer can't be measured, since its weights are not there."""


@dataclass(frozen=True)
class Plan:
    """How much is measured: windows and waits in seconds, and how many cameras."""

    work: Path
    rounds: int = 5
    warm_up_s: float = 10.0
    window_s: float = 60.0
    cameras: int = 8
    peer_cameras: int = 4
    cameras_a_story: int = 3
    day_window_s: float = 120.0
    scale: tuple[int, ...] = (1, 8, 32, 64)
    scale_window_s: float = 40.0
    ring_full_s: float = 45.0
    gates: int = 8
    gate_s: float = 150.0

    @property
    def films(self) -> Path:
        """Where the footage is kept from run to run."""
        return self.work / "films"

    def new_folder(self, part: str) -> Path:
        """Return an empty folder for one run."""
        self.work.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=f"{part}-", dir=self.work))


def quick_plan(work: Path) -> Plan:
    """Return a plan that shows that everything runs; its figures are rough."""
    return Plan(
        work=work,
        rounds=1,
        warm_up_s=4.0,
        window_s=10.0,
        cameras=2,
        peer_cameras=2,
        cameras_a_story=1,
        day_window_s=10.0,
        scale=(1, 2, 4),
        scale_window_s=4.0,
        ring_full_s=4.0,
        gates=1,
        gate_s=40.0,
    )


def floor(plan: Plan) -> Figures:
    """Measure one keyframe's decoding and one inference alone."""
    film = make_footage(main_stream("gate", FILM_S), plan.films)
    measured = measure_floor(film, plan.rounds)
    return asdict(measured) | {"inspection_s": measured.inspection_s, "film_bit_rate": round(bit_rate_of(film))}


def cost(plan: Plan) -> Figures:
    """Watch main streams, one inspection each 2 s, without the change gate."""
    film = make_footage(main_stream("gate", FILM_S), plan.films)
    return _run_figures(_watch(plan, "cost", film, plan.cameras, plan.warm_up_s, plan.window_s))


def ultralytics(plan: Plan) -> Figures:
    """Let the peer inspect the same streams as often, as it comes."""
    film = make_footage(main_stream("gate", FILM_S), plan.films)
    folder = plan.new_folder("ultralytics")
    with CameraServers(film, plan.peer_cameras, folder / "cameras") as servers:
        streams = folder / "cameras.streams"
        streams.write_text("\n".join(servers.urls))
        stride = round(INSPECT_EVERY_S * RATE)
        numbers = [str(stride), str(plan.warm_up_s), str(plan.window_s)]
        command = [sys.executable, "-m", "benchmarks.peer_ultralytics", str(streams), str(_weights()), *numbers]
        environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
        answer = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    measured: Figures = json.loads(answer.splitlines()[-1])
    camera_seconds = measured["cameras"] * measured["seconds"]
    return measured | {
        "cpu_s_per_camera_s": measured["cpu_s"] / camera_seconds,
        "inspections_per_camera_s": measured["inspections"] / camera_seconds,
    }


def gated(plan: Plan) -> Figures:
    """Watch a day's stories, mostly still, with the change gate, looking as often as the peer."""
    return _day(plan, "gated", INSPECT_EVERY_S)


def patrol(plan: Plan) -> Figures:
    """Watch the same day as the product does unless told otherwise: a look each 10 s."""
    return _day(plan, "patrol", PatrolPlan().interval_s)


def _day(plan: Plan, part: str, every_s: float) -> Figures:
    films = [make_footage(main_stream(story, DAY_MOVING_S, DAY_STILL_S), plan.films) for story in DAY_STORIES]
    folder = plan.new_folder(part)
    with ExitStack() as stack:
        servers = [stack.enter_context(CameraServers(film, plan.cameras_a_story, folder / film.stem)) for film in films]
        urls = [url for server in servers for url in server.urls]
        run = stack.enter_context(WatchedRun(folder, urls, patrol_camera(change_gate=True, every_s=every_s)))
        run.wait_until_live()
        time.sleep(plan.warm_up_s)
        return {"films": [film.name for film in films]} | _run_figures(run.measure(plan.day_window_s))


def scale(plan: Plan) -> Figures:
    """Watch ever more substreams, at a pace that the machine can keep with all of them."""
    film = make_footage(substream("gate", FILM_S), plan.films)
    runs = []
    for count in plan.scale:
        _say(f"{count} substreams")
        run = _watch(plan, "scale", film, count, plan.warm_up_s, plan.scale_window_s, every_s=SCALE_EVERY_S)
        runs.append(_run_figures(run))
    return {"runs": runs}


def memory(plan: Plan) -> Figures:
    """Watch one and several main streams until the packet rings are full, and compare the memory."""
    film = make_footage(main_stream("gate", FILM_S), plan.films)
    one, several = (
        _watch(plan, "memory", film, count, plan.ring_full_s, plan.warm_up_s) for count in (1, plan.cameras)
    )
    return {
        "one": _run_figures(one),
        "several": _run_figures(several),
        "mb_per_camera": (several.rss_mb - one.rss_mb) / (several.cameras - one.cameras),
    }


def gate(plan: Plan) -> Figures:
    """Watch gates until trucks have left, and time their violations."""
    footage = main_stream("gate", DAY_MOVING_S, DAY_STILL_S)
    measured = measure_gate_latency(footage, plan.gates, plan.gate_s, plan.new_folder("gate"), plan.films)
    return asdict(measured) | {
        "film": footage.name,
        "p95_s": measured.p95_s,
        "p50_s": percentile(measured.latencies_s, 0.5),
    }


PARTS: dict[str, Callable[[Plan], Figures]] = {
    part.__name__: part for part in (floor, cost, ultralytics, gated, patrol, scale, memory, gate)
}


def _watch(
    plan: Plan,
    part: str,
    film: Path,
    count: int,
    warm_up_s: float,
    window_s: float,
    every_s: float = INSPECT_EVERY_S,
) -> RunCost:
    folder = plan.new_folder(part)
    with (
        CameraServers(film, count, folder / "cameras") as servers,
        WatchedRun(folder, servers.urls, patrol_camera(change_gate=False, every_s=every_s)) as run,
    ):
        run.wait_until_live()
        time.sleep(warm_up_s)
        return run.measure(window_s)


def _run_figures(run: RunCost) -> Figures:
    inspections = sum(run.inspected)
    return asdict(run) | {
        "cpu_s": run.cpu_s,
        "inspections": inspections,
        "inspections_per_camera_s": inspections / run.cameras / run.seconds,
        "least_to_median": run.least_to_median,
    }


def _weights() -> Path:
    """Return the peer's weights. Raises PeerMissing where none are set."""
    stated = os.environ.get(WEIGHTS_VARIABLE, "")
    if not Path(stated).is_file():
        raise PeerMissing(f"set {WEIGHTS_VARIABLE} to ultralytics' checkpoint of yolo26n")
    return Path(stated)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
