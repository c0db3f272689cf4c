"""Measures a cluster: what is lost and doubled as nodes die or are cut off, and what a camera costs.

Usage: python -m benchmarks.cluster [--json] [--only kills|split|cost] [--kills N] [--cameras N] [--nodes N]
       [--cameras-a-node N] [--folder DIR]
`split` makes network namespaces, for which it has to be root.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.cluster.cost import measure_cost
from benchmarks.cluster.kills import measure_kills
from benchmarks.cluster.results import PARTS, keep
from benchmarks.cluster.split import measure_split

RESULTS = Path(__file__).parents[1] / "results" / "cluster.json"


def main() -> None:
    """Measure, print, and keep the results; those that are not measured now stay."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--cameras", type=int, default=6)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--cameras-a-node", type=int, default=8)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    for part in options.only or PARTS:
        with TemporaryDirectory(prefix="dwc-") as temporary:
            folder = (options.folder or Path(temporary)) / part
            keep(part, _measure(part, folder, options), RESULTS)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    print(json.dumps(results, ensure_ascii=False, indent=None if options.json else 1))


def _measure(part: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    if part == "kills":
        return measure_kills(folder, cameras=options.cameras, nodes=options.nodes, kills=options.kills)
    if part == "split":
        return measure_split(folder, cameras=options.cameras, nodes=options.nodes)
    return measure_cost(folder, cameras_a_node=options.cameras_a_node, nodes=range(1, options.nodes + 1))


if __name__ == "__main__":
    main()
