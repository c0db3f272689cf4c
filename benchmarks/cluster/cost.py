"""Measures what a camera costs on clusters of 1, 2 and 3 nodes."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cluster.camera_cost import Reading, cost_between
from benchmarks.cluster.kills import BEGIN_WITHIN_S
from benchmarks.cluster.nodes import Nodes
from benchmarks.cluster.process_trees import cpu_s, processes
from benchmarks.cluster.running import System, running
from benchmarks.cluster.waiting import wait
from benchmarks.cluster.watching import Watching

SETTLE_S = 25.0
WINDOW_S = 75.0


def measure_cost(folder: Path, *, cameras_a_node: int, nodes: Sequence[int]) -> dict[str, Any]:
    """Run clusters of so many nodes, one after the other, and return what a camera cost on each."""
    return {"cameras_a_node": cameras_a_node, "on": [_on(folder / str(each), cameras_a_node, each) for each in nodes]}


def _on(folder: Path, cameras_a_node: int, nodes: int) -> dict[str, Any]:
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    cameras = cameras_a_node * nodes
    with running(folder, cameras=cameras, nodes=nodes) as system:
        watching = Watching(system.shards, tuple(system.offsets))
        watching.start()
        wait(lambda: watching.have_all_looked_since(0), BEGIN_WITHIN_S, "every camera to be looked at")
        wait(lambda: len(list(system.shards.glob("*/status.json"))) == nodes, BEGIN_WITHIN_S, "every node to begin")
        time.sleep(SETTLE_S)  # cameras go to the node that began last
        first = _reading(system, watching)
        time.sleep(WINDOW_S)
        last, load = _reading(system, watching), os.getloadavg()[0]
        watching.stop()
    cost = cost_between(first, last, cameras)
    print(f"{datetime.now(UTC):%H:%M:%S} {nodes} nodes, load {load:.1f}: {cost}", file=sys.stderr, flush=True)
    figures = {name: round(value, 5) for name, value in (asdict(cost) | {"beside": cost.beside}).items()}
    return {"nodes": nodes, "cameras": cameras, "load": round(load, 1), "seconds": WINDOW_S, "a_camera": figures}


def _reading(system: System[Nodes], watching: Watching) -> Reading:
    seen = processes()
    return Reading(
        at_s=time.monotonic(),
        nodes=cpu_s(system.nodes.roots(), seen),
        head=cpu_s(system.nodes.head_roots(), seen),
        supervisor=cpu_s([system.supervisor.pid], seen),
        queue=cpu_s([system.queue.pid], seen),
        looks=watching.looks,
    )
