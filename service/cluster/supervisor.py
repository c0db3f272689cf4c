"""Keeps a shard on every node of a Ray cluster, and every camera on one of them."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # before it is loaded: nothing leaves the site
os.environ.setdefault("RAY_worker_niceness", "0")  # of a cluster begun here: cameras yield to nothing else

import ray
import structlog
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from service.capacity.estimate import MOST_CPU
from service.cluster.placement import cost_of, placed
from service.cluster.shard import LEASE_S, Shard, ShardReport
from service.config.schema import Config
from service.logs import set_up_logs
from service.telemetry import set_up_traces

log = structlog.get_logger(__name__)

TURN_S = 0.5
CAPACITY = "camera_cores"
"""The resource by which a node tells how many cores it has for cameras; else a share of its processors."""
BEGIN_WITHIN_S = 180.0
SILENT_S = 10.0
"""A shard that does not answer for so long is taken for lost, and ended if it can be."""
CUT_OFF_S = 2 * LEASE_S
"""A shard that has not reached the queue for so long loses its cameras to others that have."""


class ShardActor:
    """A shard in a process that Ray starts."""

    def __init__(self, config: Config, as_json: bool) -> None:
        set_up_logs(verbose=False, as_json=as_json)
        set_up_traces("dustwatch-edge")
        self._shard = Shard(config)

    def assign(self, config: Config, names: frozenset[str]) -> None:
        """Watch these cameras of the configuration."""
        self._shard.assign(config, names)

    def report(self) -> ShardReport:
        """Return how things stand."""
        return self._shard.report()

    def stop(self) -> None:
        """Give all cameras up."""
        self._shard.stop()


@dataclass
class _Node:
    actor: Any
    capacity: float
    begun_at: float = field(default_factory=time.monotonic)
    asked: Any = None
    asked_at: float = 0.0
    report: ShardReport | None = None
    sent: object = None


class Supervisor:
    """Looks at the cluster twice a second: what died is replaced, and cameras go where there is room."""

    def __init__(self, config: Config, address: str | None, *, log_json: bool = False) -> None:
        """Join the cluster at the address (`host:port`); without one, begin a cluster on this machine alone."""
        self._config = config
        self._log_json = log_json
        self._nodes: dict[str, _Node] = {}
        self._where: dict[str, str] = {}
        ray.init(address=address, namespace="dustwatch", log_to_driver=True, configure_logging=False)

    def change(self, config: Config) -> None:
        """Take over a changed configuration."""
        self._config = config

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        while not stop.wait(TURN_S):
            try:
                self.turn()
            except Exception:
                log.exception("cluster.turn_failed")
        stopping = [node.actor.stop.remote() for node in self._nodes.values()]
        if stopping:
            ray.wait(stopping, num_returns=len(stopping), timeout=60)
        ray.shutdown()

    def turn(self) -> None:
        """Look once."""
        self._see_nodes()
        self._hear()
        self._place()

    def _see_nodes(self) -> None:
        alive = {each["NodeID"]: _capacity(each["Resources"]) for each in ray.nodes() if each["Alive"]}
        for name in self._nodes.keys() - alive.keys():
            self._lose(name, "the node is gone")
        for name, capacity in alive.items():
            if name not in self._nodes and capacity > 0:
                where = NodeAffinitySchedulingStrategy(name, soft=False)
                options = {"num_cpus": 0, "max_restarts": 0, "max_concurrency": 8, "scheduling_strategy": where}
                actor = ray.remote(ShardActor).options(**options).remote(self._config, self._log_json)
                self._nodes[name] = _Node(actor, capacity)
                log.info("cluster.node_joined", node=name[:8], cores=capacity)

    def _hear(self) -> None:
        """Ask every shard how things stand, and take in what was answered meanwhile."""
        now = time.monotonic()
        for node in self._nodes.values():
            if node.asked is None:
                node.asked, node.asked_at = node.actor.report.remote(), now
        ready, _ = (
            ray.wait([node.asked for node in self._nodes.values()], num_returns=len(self._nodes), timeout=0.5)
            if self._nodes
            else ([], [])
        )
        for name, node in list(self._nodes.items()):
            if node.asked in ready:
                try:
                    node.report, node.asked = ray.get(node.asked), None
                except ray.exceptions.RayError as error:
                    self._lose(name, type(error).__name__)
            elif now - node.asked_at > (SILENT_S if node.report else BEGIN_WITHIN_S):
                self._lose(name, "it does not answer")

    def _lose(self, name: str, why: str) -> None:
        log.warning("cluster.shard_lost", node=name[:8], reason=why)
        node = self._nodes.pop(name)
        try:
            ray.kill(node.actor)
        except Exception as error:  # noqa: BLE001 - it is gone, or will be ended by its lease
            log.info("cluster.shard_not_ended", node=name[:8], problem=type(error).__name__)

    def _place(self) -> None:
        begun = {name: node for name, node in self._nodes.items() if node.report is not None}
        fit = {name: node for name, node in begun.items() if node.report and node.report.since_renewed_s < CUT_OFF_S}
        usable = fit or begun
        costs = {camera.id: cost_of(camera) for camera in self._config.cameras}
        self._where = placed(costs, {name: node.capacity for name, node in usable.items()}, self._where)
        for name, node in begun.items():
            names = frozenset(camera for camera, at in self._where.items() if at == name)
            if node.sent != (self._config, names):
                node.actor.assign.remote(self._config, names)
                node.sent = (self._config, names)
                log.info("cluster.assigned", node=name[:8], cameras=len(names))


def _capacity(resources: Mapping[str, float]) -> float:
    return float(resources.get(CAPACITY, resources.get("CPU", 0.0) * MOST_CPU))
