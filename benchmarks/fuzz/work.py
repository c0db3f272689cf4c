"""Gives damaged inputs to a target until the time is over or something breaks."""

import json
import random
import resource
import time
from pathlib import Path

from benchmarks.fuzz.mutation import damaged
from benchmarks.fuzz.targets import TARGETS

MEMORY_BYTES = 3 << 30
SLOW_S = 5.0
"""Processor seconds for one input that are a finding."""


def run(name: str, seconds: float, seed: int, last: Path, report: Path) -> None:
    """Fuzz the target; `last` always holds the newest input, `report` is written at the end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    target, chance = TARGETS[name](), random.Random(seed)
    began = time.monotonic()
    inputs, slowest_s, finding = 0, 0.0, None
    while finding is None and time.monotonic() - began < seconds:
        data = damaged(chance.choice(target.samples), chance, target.samples)
        last.write_bytes(data)
        before = time.process_time()
        try:
            target.take(data)
        except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
            finding = f"{type(error).__name__}: {error}"
        took_s = time.process_time() - before
        inputs, slowest_s = inputs + 1, max(slowest_s, took_s)
        if took_s > SLOW_S:
            finding = finding or f"it took {took_s:.1f} s"
    told = {"target": name, "seed": seed, "inputs": inputs, "seconds": round(time.monotonic() - began, 1)}
    told |= {"slowest_s": round(slowest_s, 3), "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}
    told |= target.figures()
    report.write_text(json.dumps(told | ({"finding": finding} if finding else {})))
