"""Ray nodes on this machine, each its own raylet, which can be killed as a power cut would."""

import os
import signal
from contextlib import suppress

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_worker_niceness", "0")  # else shards yield to whatever else runs on the machine

from ray._private.node import Node
from ray.cluster_utils import Cluster

from benchmarks.cluster.process_trees import family, processes

STORE_BYTES = 80_000_000


class Nodes:
    """A head that watches nothing, and nodes that do."""

    def __init__(self, count: int) -> None:
        self._cluster = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, "object_store_memory": STORE_BYTES}
        )
        self.address: str = self._cluster.address
        self._nodes: list[Node] = []
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
        of_node = family(_raylet(node), processes())
        for process in reversed(of_node):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._cluster.remove_node(node, allow_graceful=False)
        return len(of_node)

    def roots(self) -> list[int]:
        """Return the processes of the nodes from which all others of theirs come."""
        return [_raylet(node) for node in self._nodes]

    def head_roots(self) -> list[int]:
        """Return those of the head."""
        kinds = self._cluster.head_node.all_processes.values()
        return [each.process.pid for kind in kinds for each in kind]

    def stop(self) -> None:
        """End all of it."""
        self._cluster.shutdown()


def _raylet(node: Node) -> int:
    return int(node.all_processes["raylet"][0].process.pid)
