"""Runs the whole system while everything goes wrong at once, and tells what became of each violation and its evidence.

Usage: python -m benchmarks.chaos [--json] [--minutes N] [--seed N] [--folder DIR] [--only FAULT]. Needs root (small
disks of its own), Debian's postgresql and a C compiler.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.chaos.afterwards import look
from benchmarks.chaos.faults import Faults
from benchmarks.chaos.films import LATE_S
from benchmarks.chaos.matching import match
from benchmarks.chaos.schedule import Kind, schedule
from benchmarks.chaos.system import System, running
from benchmarks.chaos.truth import NEEDED_S, Interval, Shown, shown, total_s
from benchmarks.machine import describe_machine

RESULTS = Path(__file__).parents[1] / "results" / "chaos.json"
LIVE_WITHIN_S = 240.0
DELIVERED_WITHIN_S = 600.0
SETTLE_S = 10.0
LAST_CLIP_S = 20.0
"""So long after the cameras have gone, clips that they cut short are closed."""


def main() -> int:
    """Measure, print, keep the result, and return 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keeps logs and evidence; has to be empty")
    parser.add_argument("--only", type=Kind, choices=list(Kind), action="append", help="these faults alone")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="dustwatch-chaos-") as temporary:
        result = measure(
            options.folder or Path(temporary), options.minutes * 60, options.seed, options.only or tuple(Kind)
        )
    if options.minutes >= 30 and not options.only:
        RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=None if options.json else 1, ensure_ascii=False))
    return 0 if result["wrong"] == 0 else 1


def measure(folder: Path, seconds: float, seed: int, kinds: Sequence[Kind]) -> dict[str, Any]:
    """Run the system through its faults, and return the figures."""
    loads = []
    with running(folder, seed) as system:
        _wait(lambda: system.watching.are_all_live, LIVE_WITHIN_S, "every camera to be live")
        time.sleep(SETTLE_S)
        began = time.time()
        faults = Faults(system, folder / "faults.jsonl")
        for fault in schedule(seconds, seed, kinds):
            time.sleep(max(0.0, began + fault.at_s - time.time()))
            faults.happen(fault)
            loads.append(os.getloadavg()[0])
        time.sleep(max(0.0, began + seconds - time.time()))
        faults.calm()
        run = Interval(began, time.time())
        _wait(lambda: system.watching.are_all_live, LIVE_WITHIN_S, "every camera to be live again")
        time.sleep(LATE_S + SETTLE_S)
        outages = system.watching.outages(time.time())
        for kind in system.cameras:  # no case may come while they are counted
            kind.servers.kill(0)
        time.sleep(LAST_CLIP_S)
        undelivered = _deliver(system)
        after = look(system, folder / "evidence")
        refused = len(list((system.edge_disk.data / "refused").glob("*")))
        starts = {"edge": system.edge.starts, "service": system.service.starts}
        all_shown = _shown(system, run, outages)
    matched = match(all_shown, after.cases, faults.clock, run)
    not_due = Counter(f"{one.kind}: {one.why}" for one in all_shown if one.is_violation and one.why)
    counted = Counter(one.kind for one in all_shown if one.is_due)
    wrong = [*matched.lost, *matched.doubled, *matched.other, *after.faults]
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine() | {"load": round(sum(loads) / max(1, len(loads)), 1)},
        "minutes": round(seconds / 60, 1),
        "seed": seed,
        "faults": {str(kind): count for kind, count in sorted(faults.counts.items())},
        "met_nothing": {str(kind): count for kind, count in sorted(faults.without_effect.items())},
        "edge_killed_while_its_disk_was_full": faults.killed_while_full,
        "store_connections_that_met_a_fault": system.line.hit,
        "starts": starts,
        "watchable_long_enough_s": NEEDED_S,
        "not_watchable_camera_s": round(total_s(outages, run)),
        "violations_due": dict(sorted(counted.items())),
        "violations_not_due": dict(sorted(not_due.items())),
        "cases": len(after.cases),
        "due_and_found": matched.found,
        "not_due_and_found": matched.optional_found,
        "lost": len(matched.lost),
        "doubled": len(matched.doubled),
        "other_cases": len(matched.other),
        "undelivered": undelivered,
        "refused": refused,
        "packages": after.packages,
        "clips": after.clips,
        "evidence_faults": len(after.faults),
        "wrong": len(wrong) + undelivered + refused,
        "details": asdict(matched) | {"evidence_faults": after.faults},
    }


def _shown(system: System, run: Interval, outages: dict[str, list[Interval]]) -> list[Shown]:
    return [
        one
        for kind in system.cameras
        for camera, offset_s in kind.offsets.items()
        for one in shown(camera, kind.film, offset_s, run, outages[camera])
    ]


def _deliver(system: System) -> int:
    """Wait until the edge has nothing left to deliver; return how much it still has."""
    deadline = time.monotonic() + DELIVERED_WITHIN_S
    while (left := _left(system)) and time.monotonic() < deadline:
        time.sleep(1.0)
    return left


def _left(system: System) -> int:
    folders = [system.edge_disk.data / name for name in ("staged", "ready")]
    return sum(1 for folder in folders for _ in folder.iterdir())


def _wait(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.3)


if __name__ == "__main__":
    sys.exit(main())
