"""Ray nodes on this machine, each its own raylet, which can be killed as a power cut would."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

from ray.cluster_utils import Cluster

STORE_BYTES = 80_000_000


class Nodes:
    """A head that watches nothing, and nodes that do."""

    def __init__(self, count: int) -> None:
        self._cluster = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": STORE_BYTES}
        )
        self.address: str = self._cluster.address
        self._nodes: list[Any] = []
        for _ in range(count):
            self.add()

    def add(self) -> None:
        """Start one more node."""
        resources = {"camera_cores": 1}
        self._nodes.append(
            self._cluster.add_node(num_cpus=1, resources=resources, object_store_memory=STORE_BYTES, wait=False)
        )

    def kill(self, number: int) -> int:
        """Kill all processes of a node at once; return how many they were."""
        node = self._nodes.pop(number)
        raylet = node.all_processes["raylet"][0].process.pid
        family = [*_descendants(raylet), raylet]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._cluster.remove_node(node, allow_graceful=False)
        return len(family)

    def stop(self) -> None:
        """End all of it."""
        self._cluster.shutdown()


def _descendants(process: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [process]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
