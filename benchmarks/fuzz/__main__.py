"""Fuzzes one target: `python -m benchmarks.fuzz --minutes M --target T [--seed N] [--record]`; prints one JSON object.

The work is done in a process of its own with a limit on its memory, so that a crash or a hang is a finding as well.
What breaks the target is kept in `artifacts/fuzz`. Ends with 1 where something was found. With `--record`, what came of
it takes the place of the target's last run in `results/fuzz.json`.
"""

import argparse
import json
import multiprocessing
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.fuzz.targets import TARGETS
from benchmarks.fuzz.work import run
from benchmarks.machine import describe_machine

FOUND = Path("artifacts/fuzz")
RESULTS = Path(__file__).parents[1] / "results" / "fuzz.json"
HANGS_S = 120.0
"""Without a new input for so long it hangs, once it has begun."""


def main() -> int:
    """Run the target until the time is over or it breaks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--target", choices=list(TARGETS), required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    FOUND.mkdir(parents=True, exist_ok=True)
    last, report = FOUND / f"{arguments.target}.last", FOUND / f"{arguments.target}.json"
    report.unlink(missing_ok=True)
    work = multiprocessing.get_context("spawn").Process(
        target=run, args=(arguments.target, 60 * arguments.minutes, arguments.seed, last, report)
    )
    last.unlink(missing_ok=True)
    work.start()
    while work.is_alive() and not _is_stale(last):
        work.join(1.0)
    hung = work.is_alive()
    if hung:
        work.kill()
        work.join()
    told = json.loads(report.read_text()) if report.exists() else {"target": arguments.target}
    if hung or work.exitcode:
        told["finding"] = told.get("finding") or ("it hung" if hung else f"the process ended with {work.exitcode}")
        told["input"] = str(last)
    print(json.dumps(told))
    if arguments.record:
        record(told)
    return 1 if "finding" in told else 0


def record(told: dict[str, object]) -> None:
    """Put what came of a target's run in the place of its last one."""
    kept = json.loads(RESULTS.read_text())["targets"] if RESULTS.exists() else {}
    kept[str(told["target"])] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **told}
    RESULTS.write_text(json.dumps({"machine": describe_machine(), "targets": kept}, indent=1) + "\n")


def _is_stale(last: Path) -> bool:
    """Tell whether the newest input is an old one."""
    return last.exists() and time.time() - last.stat().st_mtime > HANGS_S


if __name__ == "__main__":
    sys.exit(main())
