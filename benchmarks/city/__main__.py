"""`python -m benchmarks.city`: a city's edges and reviewers before the real service on PostgreSQL, until it breaks.

Options: `--json` prints the result, `--cameras N`, `--compress N` is the highest time compression that is tried,
`--minutes M` of each mix's steps, `--kind-seconds S` for what each kind of request costs alone, `--cases N` that are
there from the beginning, `--only MIX`, `--services N` processes at the one database: what several carry is kept
beside what one does.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.city.driving import Senders, ask_once
from benchmarks.city.filling import fill_cameras
from benchmarks.city.loads import Mix, costs_of_kinds, rise
from benchmarks.city.meters import tables
from benchmarks.city.plot import SEVERAL, every_mix, plot
from benchmarks.city.system import running
from benchmarks.city.traffic import KINDS, Traffic
from benchmarks.machine import describe_machine
from service.plan.inputs import changed, shipped_inputs, shipped_lines
from service.plan.sheet import CAMERAS, DAYS, Plan, asked, reckon

RESULTS = Path(__file__).parents[1] / "results" / "city.json"
MIXES: Mapping[str, Mapping[str, float]] = {
    "as it comes": {},
    "pictures each ten minutes": {"picture_every_s": 600},
    "camera wall off": {"picture_every_s": 0},
    "cluster, camera wall off": {"picture_every_s": 0, "cluster": 1},
}
"""What is not as it comes in each way of running the product."""
FIRST_A_SECOND = 25.0
"""Requests a second at the first step."""
FASTER = 1.5
LEAST_STEP_S = 10.0
EDGES_WITH_TOKENS, REVIEWERS = 100, 20
ALONE = "costs of each kind"


def main() -> None:
    """Measure, print, plot, and keep the result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.city", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--compress", type=float, default=16.0)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--kind-seconds", type=float, default=8.0)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--services", type=int, default=1)
    parser.add_argument("--only", choices=[ALONE, *MIXES], action="append")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = json.loads(options.results.read_text(encoding="utf-8")) if options.results.exists() else {}
    with TemporaryDirectory(prefix="dustwatch-city-") as name:
        place = kept if options.services == 1 else kept.get(SEVERAL, {})
        measured = place | asyncio.run(_measure(options, Path(name), place.get("mixes", {})))
    result = measured if options.services == 1 else kept | {SEVERAL: measured}
    options.results.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    plot(result, options.results.with_suffix(".png"))
    print(json.dumps(result, ensure_ascii=False) if options.json else summary(result))


async def _measure(options: argparse.Namespace, folder: Path, mixes: dict[str, Any]) -> dict[str, Any]:
    plan = plan_of(options.cameras, {})
    wanted = options.only or [ALONE, *MIXES]
    began = os.getloadavg()
    _say(f"filling {options.cases} cases")
    result: dict[str, Any] = {}
    people = {"edges": EDGES_WITH_TOKENS, "reviewers": REVIEWERS}
    with running(folder / "data", services=options.services, cases=options.cases, **people) as system:
        per_node = round(plan.value("cameras_a_node"))
        traffic = Traffic(options.cameras, per_node, system.tokens, REVIEWERS)
        fill_cameras(system.engine, traffic)
        async with Senders(system.addresses, system.links) as senders:
            await ask_once(traffic, senders, "layouts", traffic.nodes, at_once=4)
            if ALONE in wanted:
                result["kinds"] = await costs_of_kinds(system, senders, traffic, options.kind_seconds)
            for name in (each for each in MIXES if each in wanted):
                mix = Mix(name, rates_of(plan_of(options.cameras, MIXES[name])))
                paces = paces_of(mix, options.compress)
                seconds = max(LEAST_STEP_S, options.minutes * 60 / len(paces))
                mixes = mixes | {name: await rise(system, senders, traffic, mix, paces, seconds)}
        sizes = tables(system.engine)
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "load_average": {"before": began, "after": os.getloadavg()},
        "services": options.services,
        "cameras": options.cameras,
        "cameras_a_node": per_node,
        "cases_before": options.cases,
        "clip_kb": round(traffic.clip_bytes / 1000),
        **result,
        "mixes": mixes,
        "tables": sizes,
    }


def plan_of(cameras: int, differences: Mapping[str, float]) -> Plan:
    """Return the plan of a city that runs the product with these differences."""
    inputs = changed(shipped_inputs(), differences, "")
    return reckon(inputs | asked({CAMERAS: cameras, DAYS: 365}), shipped_lines())


def rates_of(plan: Plan) -> dict[str, float]:
    """Return how many requests of each kind come a second; news and leases by request, not by camera."""
    rates = {kind: plan.value(f"{kind}_s") for kind in KINDS}
    return rates | {"news": plan.value("news_requests_s"), "lease": rates["lease"] / plan.value("cameras_a_node")}


def paces_of(mix: Mix, most: float) -> list[float]:
    """Return the time compressions that are tried, each so many times the one before; below 1, time is stretched."""
    paces = [min(most, FIRST_A_SECOND / sum(mix.rates.values()))]
    while paces[-1] * FASTER <= most:
        paces.append(paces[-1] * FASTER)
    return [round(pace, 5) for pace in paces]


def summary(result: Mapping[str, Any]) -> str:
    """Return what matters most, a line a mix."""
    lines = []
    for name, mix in every_mix(result).items():
        bottleneck = mix["broke"]["bottleneck"] if mix["broke"] else {"name": "none up to the end", "why": ""}
        lines.append(
            f"{name}: needs {mix['needed_a_second']}, held {mix['sustained_a_second']} requests a second; "
            f"first bottleneck: {bottleneck['name']}: {bottleneck['why']}"
        )
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
