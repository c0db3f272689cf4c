"""The loads: what each kind of request costs alone, and steps of rising time compression until the service breaks."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.city.bottleneck import name_bottleneck
from benchmarks.city.driving import Answers, Senders, drive, in_turn
from benchmarks.city.meters import Meter, bytes_of, statements
from benchmarks.city.profile import Profile
from benchmarks.city.system import System
from benchmarks.city.traffic import KINDS, Traffic

SETTLE_S = 1.0
TRIES = 2
"""A step that does not hold is tried again: other work on the machine comes and goes."""
LATEST_MS = 2000.0
"""A step holds while 95 % of its requests are answered within that, from the moment they were due."""
LEAST_ANSWERED = 0.95
MOST_FAILED = 0.005


@dataclass(frozen=True)
class Mix:
    """A way to run the product: each kind's rate a second that the city's cameras bring in real time."""

    name: str
    rates: Mapping[str, float]


async def costs_of_kinds(system: System, senders: Senders, traffic: Traffic, seconds: float) -> dict[str, Any]:
    """Send each kind alone, with few at once, and return what one of it costs each part."""
    found: dict[str, Any] = {}
    # News before pictures and memories after leases, since these rest on them.
    for kind in KINDS:
        before = bytes_of(system.engine)
        with Meter(system) as meter:
            answers = await in_turn(traffic, senders, kind, seconds, at_once=4)
            spent = meter.spent()
        grown = {name: size - before.get(name, 0) for name, size in bytes_of(system.engine).items()}
        count = max(1, answers.answered)
        each = traffic.cameras_a_request(kind)
        found[kind] = {
            "answered": answers.answered,
            "failed": answers.failed,
            "a_second": round(answers.answered * each / answers.seconds, 1),
            "service_ms": round(spent.service_cpu_s * 1000 / count / each, 3),
            "database_ms": round(spent.database_cpu_s * 1000 / count / each, 3),
            "wal_kb": round(spent.wal_bytes / 1000 / count / each, 3),
            "up_kb": round(answers.up_bytes / 1000 / count / each, 3),
            "down_kb": round(answers.down_bytes / 1000 / count / each, 3),
            "table_bytes": {name: round(size / count / each) for name, size in grown.items() if size / count > 10},
            **{name: answers.figures()[name] for name in ("p50_ms", "p95_ms", "p99_ms")},
        }
        _say(f"{kind}: {found[kind]}")
    return found


async def rise(
    system: System, senders: Senders, traffic: Traffic, mix: Mix, paces: list[float], seconds: float
) -> dict[str, Any]:
    """Raise the time compression step by step until a step does not hold, twice in a row; say what gave out."""
    steps: list[dict[str, Any]] = []
    for pace in paces:
        for _ in range(TRIES):
            step, evidence = await _step(system, senders, traffic, mix, pace, seconds)
            steps.append(step)
            await asyncio.sleep(SETTLE_S)
            if step["holds"]:
                break
        else:
            return {"steps": steps, "broke": evidence, **_sustained(steps, mix)}
    return {"steps": steps, "broke": None, **_sustained(steps, mix)}


async def _step(
    system: System, senders: Senders, traffic: Traffic, mix: Mix, pace: float, seconds: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Send the mix at one pace; return the figures, and what tells why it did not hold."""
    rates = {kind: rate * pace for kind, rate in mix.rates.items() if rate > 0}
    profile = Profile(system.service_pids[0], seconds)
    with Meter(system) as meter:
        answers = await drive(traffic, senders, rates, seconds)
        spent, waits, slow = meter.spent(), meter.waits(), statements(system.engine)
    step = {
        "compress": pace,
        "holds": _holds(answers),
        **answers.figures(),
        "cpu_s": {
            "service": round(spent.service_cpu_s, 2),
            "database": round(spent.database_cpu_s, 2),
            "driver": round(spent.driver_cpu_s, 2),
            "others": round(spent.others_cpu_s, 2),
        },
        "requests_a_service_cpu_s": round(answers.answered / max(0.01, spent.service_cpu_s), 1),
        "machine_busy_share": round(spent.machine_busy_share, 3),
        "load_average": round(os.getloadavg()[0], 1),
        "wal_mb": round(spent.wal_bytes / 1e6, 1),
        "waits": waits,
        "measured_s": round(spent.seconds, 1),
    }
    names = ("compress", "holds", "due_a_second", "answered_a_second", "p95_ms", "failed", "not_sent", "cpu_s")
    _say(f"{mix.name}: { {name: step[name] for name in names} }")
    return step, {
        "profile": profile.top(),
        "statements": slow,
        "bottleneck": _bottleneck(step, len(system.service_pids)),
    }


def _holds(answers: Answers) -> bool:
    every = answers.figures()
    return (
        answers.answered >= LEAST_ANSWERED * answers.due
        and answers.failed <= MOST_FAILED * answers.due
        and float(str(every["p95_ms"])) <= LATEST_MS
    )


def _sustained(steps: list[dict[str, Any]], mix: Mix) -> dict[str, Any]:
    """Return the last step that held, and what real time needs beside it."""
    held = [step for step in steps if step["holds"]]
    needed = round(sum(mix.rates.values()), 1)
    if not held:
        return {"needed_a_second": needed, "sustained_a_second": None}
    last = held[-1]
    names = ("compress", "p50_ms", "p95_ms", "p99_ms", "requests_a_service_cpu_s", "load_average")
    return {
        "needed_a_second": needed,
        "sustained_a_second": last["answered_a_second"],
        "sustained": {name: last[name] for name in names},
    }


def _bottleneck(step: dict[str, Any], services: int) -> dict[str, str]:
    named = name_bottleneck(
        seconds=step["measured_s"],
        cores=os.cpu_count() or 1,
        services=services,
        cpu_s=step["cpu_s"],
        busy_share=step["machine_busy_share"],
        waits=step["waits"],
    )
    return asdict(named)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
