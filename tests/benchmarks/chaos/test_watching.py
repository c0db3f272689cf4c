"""What is noted of an edge from outside."""

import json
import time
from pathlib import Path

from benchmarks.chaos.watching import Watching
from tests.conftest import wait_until


def test_a_package_that_was_delivered_before_anybody_looked_was_seen_when_the_log_told_of_it(tmp_path: Path) -> None:
    began = time.time()
    watching = Watching(tmp_path / "edge.log", tmp_path / "data", ("gate-0",))
    watching.log.write_text(json.dumps({"event": "violation.found", "key": "8110dff2", "camera": "gate-0"}) + "\n")
    watching.start()
    try:
        wait_until(lambda: "8110dff2" in watching.first_seen, 10, "the violation")
    finally:
        watching.stop()
    assert began <= watching.first_seen["8110dff2"] <= time.time()
