"""A node of a real Ray cluster is killed: its cameras are looked at again by another one within 30 s."""

import time
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="needs the extra cluster")

from benchmarks.cluster.running import running
from benchmarks.cluster.watching import Watching
from tests.conftest import wait_until

pytestmark = [pytest.mark.slow]


def test_the_cameras_of_a_killed_node_are_looked_at_again_and_never_by_two(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    with running(tmp_path, cameras=2, nodes=2) as system:
        watching = Watching(system.shards, tuple(system.offsets))
        watching.start()
        wait_until(lambda: watching.have_all_looked_since(0), 180, "every camera to be looked at")
        wait_until(lambda: len(list(system.shards.glob("*/status.json"))) == 2, 60, "both nodes")
        at = time.time()
        system.nodes.kill(0)
        wait_until(lambda: watching.have_all_looked_since(at + 0.5), 30, "every camera to be looked at again")
        watching.stop()
    assert watching.at_once <= 1
