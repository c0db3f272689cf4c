"""A part that is measured anew takes its old figures' place, and leaves the others'."""

import json
from pathlib import Path

from benchmarks.cluster.results import keep


def test_parts_that_were_not_run_stay(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    keep("kills", {"lost": 1}, path)
    keep("cost", {"on": []}, path)
    keep("kills", {"lost": 0}, path)
    results = json.loads(path.read_text())
    assert list(results) == ["kills", "cost"]
    assert (results["kills"]["lost"], results["cost"]["on"]) == (0, [])
    assert results["kills"]["machine"]["cores"] >= 1


def test_figures_of_another_shape_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "cluster.json"
    path.write_text('{"nodes": 3, "kills": 20, "lost": 0}')
    keep("split", {"lost": 0}, path)
    assert list(json.loads(path.read_text())) == ["split"]
