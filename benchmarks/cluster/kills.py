"""Kills nodes of a cluster, one after the other: what was lost, what came twice, and how long nobody looked."""

import os
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cluster.counting import count
from benchmarks.cluster.film import BARE_S, CYCLE_S, bare_times
from benchmarks.cluster.nodes import Nodes
from benchmarks.cluster.running import System, running
from benchmarks.cluster.waiting import wait
from benchmarks.cluster.watching import Watching

BEGIN_WITHIN_S = 300.0
AGAIN_WITHIN_S = 120.0
SETTLE_S = 25.0
"""Between two kills: the new node has joined, and cameras have gone there."""


def measure_kills(folder: Path, *, cameras: int, nodes: int, kills: int) -> dict[str, Any]:
    """Run the system, kill nodes, and return the figures."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    began, loads = time.monotonic(), []
    with running(folder, cameras=cameras, nodes=nodes) as system:
        watching = Watching(system.shards, tuple(system.offsets))
        watching.start()
        wait(lambda: watching.have_all_looked_since(0), BEGIN_WITHIN_S, "every camera to be looked at")
        first = time.time()
        gaps = []
        for number in range(kills):
            gaps.append(_kill(system, watching, number, nodes))
            loads.append(os.getloadavg()[0])
        # At least one stretch of bare soil of every camera lies in the measurement, and has become a case.
        time.sleep(max(SETTLE_S, first + CYCLE_S + BARE_S + SETTLE_S - time.time()))
        last = time.time() - SETTLE_S
        watching.stop()
    expected = [one for name, offset in system.offsets.items() for one in bare_times(name, offset, first, last)]
    counted = count(system.queue_data, expected)
    return {
        "load": [round(min(loads, default=0.0), 1), round(max(loads, default=0.0), 1)],
        "seconds": round(time.monotonic() - began),
        "nodes": nodes,
        "cameras": cameras,
        "kills": kills,
        "longest_gap_s": round(max(watching.longest_gap_s.values(), default=0.0), 1),
        "gap_after_kill_s": [round(gap, 1) for gap in gaps],
        "most_nodes_at_one_camera": watching.at_once,
        "events": counted.events,
        "events_a_second": round(counted.events / (last + SETTLE_S - first), 3),
        "stretches_of_bare_soil": counted.stretches,
        "lost": len(counted.lost),
        "doubled": len(counted.doubled),
        "superseded": sum(1 for _ in system.shards.glob("*/superseded/*")),
        "refused": sum(1 for _ in system.shards.glob("*/refused/*")),
        "details": asdict(counted),
    }


def _kill(system: System[Nodes], watching: Watching, number: int, nodes: int) -> float:
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
