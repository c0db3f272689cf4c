"""The file of results: each part as it was measured last."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine

PARTS = ("kills", "split", "cost")


def keep(part: str, figures: dict[str, Any], path: Path) -> None:
    """Put the figures of one part into the file of results, with the machine and its load; leave the other parts."""
    results = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    machine = describe_machine() | {"load_at_end": round(os.getloadavg()[1], 1)}
    measured = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine} | figures
    kept = {name: results[name] for name in PARTS if isinstance(results.get(name), dict)} | {part: measured}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
