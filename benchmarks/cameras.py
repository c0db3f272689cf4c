"""What many cameras cost on one machine, against the floor and against a peer; how it scales; how soon a gate tells.

Usage: python -m benchmarks.cameras [--json] [--quick] [--only PART] [--work DIR]. Parts: floor, cost, ultralytics,
gated, patrol, scale, memory, gate. Each part leaves its figures in the work folder; `--only` measures one again and
keeps the others. Prints one JSON object and, but for --quick, writes it to results/cameras.json with a plot beside it.
The peer needs its weights: set DUSTWATCH_YOLO_WEIGHTS to ultralytics' checkpoint of yolo26n.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.camera_parts import PARTS, Figures, PeerMissing, Plan, quick_plan
from benchmarks.camera_summary import summarise
from benchmarks.cameras_plot import plot
from benchmarks.machine import describe_machine

RESULTS = Path(__file__).parent / "results"
WORK = Path("artifacts/cameras")


def main() -> None:
    """Measure what is asked for, and print all figures that there are."""
    arguments = _arguments()
    plan = quick_plan(arguments.work / "quick") if arguments.quick else Plan(arguments.work)
    for part in [arguments.only] if arguments.only else list(PARTS):
        _measure(plan, part)
    parts = {part: json.loads(path.read_text()) for part in PARTS if (path := _figures_path(plan, part)).exists()}
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "quick": arguments.quick,
        **summarise(parts),
        "parts": parts,
    }
    if not arguments.quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "cameras.json").write_text(json.dumps(result, indent=1) + "\n")
        plot(result, RESULTS / "cameras.png")
    print(json.dumps(result, indent=None if arguments.json else 1))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print the object on one line")
    parser.add_argument("--quick", action="store_true", help="a short run, which shows that everything runs")
    parser.add_argument("--only", choices=list(PARTS), help="measure one part again")
    parser.add_argument("--work", type=Path, default=WORK, help="folder for footage, logs and the parts' figures")
    return parser.parse_args()


def _measure(plan: Plan, part: str) -> None:
    began = time.monotonic()
    print(f"{part} ...", file=sys.stderr, flush=True)
    try:
        figures: Figures = PARTS[part](plan)
    except PeerMissing as missing:
        print(f"{part}: left out: {missing}", file=sys.stderr, flush=True)
        return
    path = _figures_path(plan, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"{part}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _figures_path(plan: Plan, part: str) -> Path:
    return plan.work / f"{part}.json"


if __name__ == "__main__":
    main()
