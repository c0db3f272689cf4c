"""Kills nodes of a cluster, one after the other, and tells what was lost, what came twice and how long nobody looked.

Usage: python -m benchmarks.cluster [--json] [--kills N] [--cameras N] [--nodes N] [--folder DIR]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.cluster.counting import count
from benchmarks.cluster.film import BARE_S, CYCLE_S, bare_times
from benchmarks.cluster.running import System, running
from benchmarks.cluster.watching import Watching
from benchmarks.machine import describe_machine

RESULTS = Path(__file__).parents[1] / "results" / "cluster.json"
BEGIN_WITHIN_S = 240.0
AGAIN_WITHIN_S = 120.0
SETTLE_S = 25.0
"""Between two kills: the new node has joined, and cameras have gone there."""


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--cameras", type=int, default=6)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="dustwatch-cluster-") as temporary:
        result = measure(options.folder or Path(temporary), options.cameras, options.nodes, options.kills)
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(result, ensure_ascii=False) if options.json else json.dumps(result, indent=1, ensure_ascii=False))


def measure(folder: Path, cameras: int, nodes: int, kills: int) -> dict[str, Any]:
    """Run the system, kill nodes, and return the figures."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with running(folder, cameras=cameras, nodes=nodes) as system:
        watching = Watching(system.shards, tuple(system.offsets))
        watching.start()
        wait(lambda: watching.have_all_looked_since(0), BEGIN_WITHIN_S, "every camera to be looked at")
        first = time.time()
        gaps = [_kill(system, watching, number, nodes) for number in range(kills)]
        # At least one stretch of bare soil of every camera lies in the measurement, and has become a case.
        time.sleep(max(SETTLE_S, first + CYCLE_S + BARE_S + SETTLE_S - time.time()))
        last = time.time() - SETTLE_S
        watching.stop()
    expected = [one for name, offset in system.offsets.items() for one in bare_times(name, offset, first, last)]
    counted = count(system.queue_data, expected)
    superseded = sum(1 for _ in system.shards.glob("*/superseded/*"))
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine() | {"load": round(os.getloadavg()[1], 1)},
        "seconds": round(time.monotonic() - began),
        "nodes": nodes,
        "cameras": cameras,
        "kills": kills,
        "longest_gap_s": round(max(watching.longest_gap_s.values(), default=0.0), 1),
        "gap_after_kill_s": [round(gap, 1) for gap in gaps],
        "most_nodes_at_one_camera": watching.at_once,
        "stretches_of_bare_soil": counted.stretches,
        "lost": len(counted.lost),
        "doubled": len(counted.doubled),
        "superseded": superseded,
        "details": asdict(counted),
    }


def _kill(system: System, watching: Watching, number: int, nodes: int) -> float:
    """Kill the oldest node and start another; return how long it took until all cameras were looked at again."""
    at = time.time()
    processes = system.nodes.kill(0)
    wait(lambda: watching.have_all_looked_since(at + 0.5), AGAIN_WITHIN_S, "every camera to be looked at again")
    took = time.time() - at
    print(f"{datetime.now(UTC):%H:%M:%S} kill {number + 1}: {processes} processes, {took:.1f} s", file=sys.stderr)
    if nodes > 1:
        system.nodes.add()
    time.sleep(SETTLE_S)
    return took


def wait(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until the condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
