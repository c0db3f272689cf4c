"""Half an hour of many cameras with a fault each 20 s: do threads, open files or memory grow?

Usage: python -m benchmarks.soak [--minutes M] [--cameras N] [--json] [--work DIR]. Each fault hits two cameras: their
server dies and comes back or stands still, or their line is reset, loses all they send, accepts and stays mute, carries
garbage, or timestamps of a clock that was set back. Prints one JSON object and writes results/soak.json with a plot
beside it; a run of less than 30 minutes leaves both alone.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
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
from tests.streams.faulty_camera import FaultyCamera

RESULTS = Path(__file__).parent / "results"
WORK = Path("artifacts/cameras")
WHOLE_MINUTES = 30.0
FAULT_EVERY_S = 20.0
FAULT_LASTS_S = (3.0, 15.0)
SAMPLE_EVERY_S = 5.0
CAMERAS_A_PROCESS = 2
KINDS = ("killed", "frozen", "reset", "silent", "mute", "garbage", "clock set back")
GARBAGE_BYTES = 3000
CLOCK_TICKS = 60 * 90_000


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
        kind, process = chance.choice(KINDS), chance.randrange(processes)
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
    with ExitStack() as stack:
        servers = stack.enter_context(
            CameraServers(film, arguments.cameras, folder / "cameras", a_process=CAMERAS_A_PROCESS)
        )
        lines = [stack.enter_context(FaultyCamera(url)) for url in servers.urls]
        run = stack.enter_context(WatchedRun(folder, [line.url for line in lines], patrol_camera(change_gate=False)))
        run.wait_until_live()
        faults = plan_faults(seconds, servers.processes)
        samples = list(_soak(servers, lines, run, faults, seconds))
        run.wait_until_live()
        connections = sum(report["status"]["connections"] for report in run.reports().values())
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "minutes": arguments.minutes,
        "cameras": arguments.cameras,
        "faults": dict(Counter(fault.kind for fault in faults if fault.began)),
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


def _soak(
    servers: CameraServers, lines: Sequence[FaultyCamera], run: WatchedRun, faults: list[Fault], seconds: float
) -> Iterator[SoakSample]:
    """Yield a sample each 5 s, and let the faults happen in between."""
    began, left = time.monotonic(), list(faults)
    next_sample_s = 0.0
    while (now_s := time.monotonic() - began) < seconds:
        while left and left[0].at_s <= now_s:
            _happen(servers, lines, left.pop(0))
        if now_s >= next_sample_s:
            next_sample_s += SAMPLE_EVERY_S
            process = run.sample()
            live = sum(report["status"]["state"] == "live" for report in run.reports().values())
            yield SoakSample(now_s, process.rss_mb, process.threads, process.open_files, live)
        time.sleep(0.1)


def _happen(servers: CameraServers, lines: Sequence[FaultyCamera], fault: Fault) -> None:
    """Let a fault of a server begin or end, or one of the lines to its cameras."""
    state = "" if fault.began else "over "
    print(f"{fault.at_s:.0f} s: {fault.kind} {state}{fault.process}", file=sys.stderr, flush=True)
    first = fault.process * CAMERAS_A_PROCESS
    for line in lines[first : first + CAMERAS_A_PROCESS]:
        match fault.kind:
            case "reset" if fault.began:
                line.reset_now()
            case "garbage" if fault.began:
                line.garbage(GARBAGE_BYTES)
            case "silent":
                line.drop(1.0 if fault.began else 0.0)
            case "mute":
                line.mute(fault.began)
                line.reset_now()
            case "clock set back" if fault.began:
                line.jump_timestamps(-CLOCK_TICKS)
    match fault.kind:
        case "killed":
            (servers.kill if fault.began else servers.restart)(fault.process)
        case "frozen":
            (servers.freeze if fault.began else servers.thaw)(fault.process)


def _write(result: dict[str, Any], samples: list[SoakSample], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    whole = result | {"samples": [asdict(sample) for sample in samples]}
    (folder / "soak.json").write_text(json.dumps(whole) + "\n")
    plot(samples, folder / "soak.png")


if __name__ == "__main__":
    main()
