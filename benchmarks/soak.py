"""Half an hour of many cameras with a fault each 20 s: do threads, open files or memory grow?

Usage: python -m benchmarks.soak [--minutes M] [--cameras N] [--json] [--work DIR]. Each fault hits two cameras: they
die and come back, or fall silent with their connections open. Prints one JSON object and writes results/soak.json
with a plot beside it; a run of less than 30 minutes leaves both alone.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks.camera_footage import make_footage, substream
from benchmarks.camera_servers import CameraServers
from benchmarks.machine import describe_machine
from benchmarks.soak_growth import SoakSample, growth
from benchmarks.soak_plot import plot
from benchmarks.watched_run import WatchedRun, patrol_camera

RESULTS = Path(__file__).parent / "results"
WORK = Path("artifacts/cameras")
WHOLE_MINUTES = 30.0
FAULT_EVERY_S = 20.0
FAULT_LASTS_S = (3.0, 15.0)
SAMPLE_EVERY_S = 5.0
CAMERAS_A_PROCESS = 2


@dataclass(frozen=True)
class Fault:
    """What happens to the cameras of one server process, seconds from the start; `began` is False at its end."""

    at_s: float
    kind: str
    process: int
    began: bool


def plan_faults(seconds: float, processes: int, seed: int = 1) -> list[Fault]:
    """Return a fault each 20 s, which ends before the next begins, in the order of time."""
    chance = random.Random(seed)
    faults = []
    at_s = FAULT_EVERY_S
    while at_s + FAULT_EVERY_S <= seconds:
        kind, process = chance.choice(["killed", "frozen"]), chance.randrange(processes)
        ends_s = at_s + chance.uniform(*FAULT_LASTS_S)
        faults += [Fault(at_s, kind, process, True), Fault(ends_s, kind, process, False)]
        at_s += FAULT_EVERY_S
    return faults


def main() -> None:
    """Soak, and print what grew."""
    arguments = _arguments()
    seconds = arguments.minutes * 60
    film = make_footage(substream("gate", 20.0), arguments.work / "films")
    folder = Path(mkdtemp(prefix="soak-", dir=arguments.work))
    with (
        CameraServers(film, arguments.cameras, folder / "cameras", a_process=CAMERAS_A_PROCESS) as servers,
        WatchedRun(folder, servers.urls, patrol_camera(change_gate=False)) as run,
    ):
        run.wait_until_live()
        faults = plan_faults(seconds, servers.processes)
        samples = list(_soak(servers, run, faults, seconds))
        run.wait_until_live()
        connections = sum(report["status"]["connections"] for report in run.reports().values())
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "minutes": arguments.minutes,
        "cameras": arguments.cameras,
        "faults": len(faults) // 2,
        "connections": connections,
        "growth_after_5_minutes": growth(samples),
    }
    _write(result, samples, folder if arguments.minutes < WHOLE_MINUTES else RESULTS)
    print(json.dumps(result, indent=None if arguments.json else 1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    parser.add_argument("--minutes", type=float, default=WHOLE_MINUTES)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--work", type=Path, default=WORK, help="folder for footage and logs")
    return parser.parse_args()


def _soak(servers: CameraServers, run: WatchedRun, faults: list[Fault], seconds: float) -> Iterator[SoakSample]:
    """Yield a sample each 5 s, and let the faults happen in between."""
    began, left = time.monotonic(), list(faults)
    next_sample_s = 0.0
    while (now_s := time.monotonic() - began) < seconds:
        while left and left[0].at_s <= now_s:
            _happen(servers, left.pop(0))
        if now_s >= next_sample_s:
            next_sample_s += SAMPLE_EVERY_S
            process = run.sample()
            live = sum(report["status"]["state"] == "live" for report in run.reports().values())
            yield SoakSample(now_s, process.rss_mb, process.threads, process.open_files, live)
        time.sleep(0.1)


def _happen(servers: CameraServers, fault: Fault) -> None:
    print(
        f"{fault.at_s:.0f} s: {fault.kind} {'' if fault.began else 'over '}{fault.process}", file=sys.stderr, flush=True
    )
    actions = {"killed": (servers.kill, servers.restart), "frozen": (servers.freeze, servers.thaw)}
    begin, end = actions[fault.kind]
    (begin if fault.began else end)(fault.process)


def _write(result: dict[str, Any], samples: list[SoakSample], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    whole = result | {"samples": [asdict(sample) for sample in samples]}
    (folder / "soak.json").write_text(json.dumps(whole) + "\n")
    plot(samples, folder / "soak.png")


if __name__ == "__main__":
    main()
