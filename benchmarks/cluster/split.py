"""Cuts nodes of a cluster off for a while, from the queue alone and from everything: what counts, what comes twice."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cluster.counting import count
from benchmarks.cluster.film import CYCLE_S, bare_times
from benchmarks.cluster.running import System, running_with
from benchmarks.cluster.space_nodes import SpaceNodes
from benchmarks.cluster.spaces import CAMERAS, QUEUE, Spaces
from benchmarks.cluster.waiting import wait
from benchmarks.cluster.watching import Watching, handover, newest_shard

BEGIN_WITHIN_S = 300.0
CUT_S = 120.0
TAKEN_OVER_WITHIN_S = 90.0
BACK_WITHIN_S = 180.0
DELIVERED_WITHIN_S = 180.0
SETTLE_S = 30.0
ENDS_WITHIN_S = 60.0


@dataclass(frozen=True)
class Cut:
    """What is cut, and how it is mended, by a namespace's name; a node that Ray can't hear is given up by it."""

    name: str
    ends_the_node: bool
    when_bare_s: float
    """So long after a camera's soil was laid bare its node is cut off: what it finds can't be delivered."""
    make: Callable[[str], None]
    heal: Callable[[str], None]


def measure_split(folder: Path, *, cameras: int, nodes: int) -> dict[str, Any]:
    """Run the system with each node in a namespace of its own, cut two of them off, and return the figures."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with Spaces() as spaces:
        cuts = (
            Cut(
                "queue", False, 7.0, lambda node: spaces.cut_from(node, QUEUE), lambda node: spaces.let_to(node, QUEUE)
            ),
            Cut("everything", True, 12.0, spaces.take_down, spaces.bring_up),
        )

        def start() -> SpaceNodes:
            return SpaceNodes(spaces, nodes, folder)

        with running_with(folder, start, cameras=cameras, cameras_at=CAMERAS, queue_at=QUEUE) as system:
            watching = Watching(system.shards, tuple(system.offsets))
            watching.start()
            wait(lambda: watching.have_all_looked_since(0), BEGIN_WITHIN_S, "every camera to be looked at")
            wait(lambda: len(_shards(system)) == nodes, BEGIN_WITHIN_S, "every node to begin")
            first = time.time()
            time.sleep(SETTLE_S)
            figures = [_cut(system, watching, cut) for cut in cuts]
            last = time.time() - SETTLE_S
            watching.stop()
    expected = [one for name, offset in system.offsets.items() for one in bare_times(name, offset, first, last)]
    counted = count(system.queue_data, expected)
    return {
        "seconds": round(time.monotonic() - began),
        "nodes": nodes,
        "cameras": cameras,
        "cuts": figures,
        "longest_gap_s": round(max(watching.longest_gap_s.values(), default=0.0), 1),
        "most_nodes_at_one_camera": watching.at_once,
        "stretches_of_bare_soil": counted.stretches,
        "lost": len(counted.lost),
        "doubled": len(counted.doubled),
        "superseded": len(_superseded(system)),
        "refused": sum(1 for _ in system.shards.glob("*/refused/*")),
        "details": asdict(counted),
    }


def _cut(system: System[SpaceNodes], watching: Watching, cut: Cut) -> dict[str, Any]:
    """Cut off the node of a camera while it finds a violation; heal, and wait until the node is back."""
    camera = _bare_since(system, cut.when_bare_s)
    shard = newest_shard(watching.so_far(), camera)
    node = None if shard is None else system.nodes.node_of(watching.process_of(shard))
    if shard is None or node is None:
        raise RuntimeError(f"nobody looks at {camera}")
    cameras = [name for name in watching.cameras if newest_shard(watching.so_far(), name) == shard]
    before, at, load = _superseded(system), time.time(), os.getloadavg()[0]
    cut.make(node)
    _tell(f"{node} with {len(cameras)} cameras is cut from {cut.name}")
    wait(lambda: handover(watching.so_far(), cameras, shard, at) is not None, TAKEN_OVER_WITHIN_S, "others to look")
    time.sleep(max(0.0, at + CUT_S - time.time()))
    found = handover(watching.so_far(), cameras, shard, at)
    assert found is not None
    cut.heal(node)
    healed = time.time()
    _tell(f"healed; {found}")
    has_ended = cut.ends_the_node and _restarted_if_ended(system, node)
    wait(lambda: _looks(system, watching, node, healed), BACK_WITHIN_S, "the node to have cameras again")
    back = time.time() - healed
    ready = system.shards / shard / "ready"
    wait(lambda: not any(ready.iterdir()), DELIVERED_WITHIN_S, "what the node had found to be delivered")
    time.sleep(SETTLE_S)
    superseded = len(_superseded(system) - before)
    _tell(f"back after {back:.0f} s; superseded {superseded}")
    return {
        "from": cut.name,
        "load": round(load, 1),
        "cut_s": round(healed - at),
        "cameras_of_the_node": len(cameras),
        **asdict(found),
        "node_ended": has_ended,
        "cameras_again_after_s": round(back, 1),
        "superseded": superseded,
    }


def _bare_since(system: System[SpaceNodes], seconds: float) -> str:
    """Wait until a camera's soil has lain bare just so long; return the camera."""
    deadline = time.monotonic() + CYCLE_S
    while time.monotonic() < deadline:
        at = time.time() - seconds
        for name, offset in system.offsets.items():
            if any(at - 0.5 < one.begins <= at for one in bare_times(name, offset, at - 0.5, at + CYCLE_S)):
                return name
        time.sleep(0.1)
    raise TimeoutError("no camera's soil was laid bare")


def _restarted_if_ended(system: System[SpaceNodes], node: str) -> bool:
    """Start the node again where its raylet ends, as it does that the head has given up; tell whether it did."""
    deadline = time.monotonic() + ENDS_WITHIN_S
    while time.monotonic() < deadline:
        if system.nodes.has_ended(node):
            system.nodes.start(node)
            return True
        time.sleep(0.5)
    return False


def _looks(system: System[SpaceNodes], watching: Watching, node: str, since: float) -> bool:
    shards = {shard for (_, shard), looks in watching.so_far().items() if looks[-1] > since}
    return any(system.nodes.node_of(watching.process_of(shard)) == node for shard in shards)


def _shards(system: System[SpaceNodes]) -> list[Path]:
    return list(system.shards.glob("*/status.json"))


def _superseded(system: System[SpaceNodes]) -> frozenset[str]:
    return frozenset(package.name for package in system.shards.glob("*/superseded/*"))


def _tell(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr, flush=True)
