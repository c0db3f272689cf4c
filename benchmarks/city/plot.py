"""Plots how the service answers as the city's time is compressed, who used the processors, and what requests cost."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.pyplot import pyplot_if_any

SEVERAL = "several_services"
"""Where the result keeps what several services at one database carried."""


def every_mix(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mixes that one service was measured with, and those of several, by names that tell them apart."""
    several = result.get(SEVERAL, {})
    told = {f"{name}, {several['services']} services": mix for name, mix in several.get("mixes", {}).items()}
    return {**result["mixes"], **told}


def plot(result: dict[str, Any], path: Path) -> bool:
    """Write a PNG: what was answered of what was due, and how late; without matplotlib write nothing, return False."""
    pyplot = pyplot_if_any()
    if pyplot is None or not result["mixes"]:
        return False
    figure, (rate, late, split, costs) = pyplot.subplots(1, 4, figsize=(16, 3.8))
    mixes = every_mix(result)
    for name, mix in mixes.items():
        steps = _best_tries(mix["steps"])
        due = [step["due_a_second"] for step in steps]
        line = rate.plot(due, [step["answered_a_second"] for step in steps], "o-", markersize=3, label=name)
        late.plot(due, [step["p95_ms"] for step in steps], "o-", markersize=3)
        rate.axvline(mix["needed_a_second"], color=line[0].get_color(), linestyle=":", linewidth=1)
    top = rate.get_xlim()[1]
    rate.plot([10, top], [10, top], color="grey", linewidth=0.5)
    rate.set(
        title="answered (dotted: what real time needs)", xlabel="requests due a second", xscale="log", yscale="log"
    )
    late.set(title="95 % answered within", xlabel="requests due a second", ylabel="ms", xscale="log", yscale="log")
    rate.legend(fontsize=7)
    _plot_split(split, mixes)
    _plot_costs(costs, result.get("kinds", {}))
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return True


def _best_tries(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one step a pace: the one that was answered soonest, since other work comes and goes."""
    best: dict[float, dict[str, Any]] = {}
    for step in steps:
        known = best.get(step["compress"])
        if known is None or step["p95_ms"] < known["p95_ms"]:
            best[step["compress"]] = step
    return list(best.values())


def _plot_costs(axes: Any, kinds: dict[str, Any]) -> None:  # noqa: ANN401 - as below
    names = sorted(kinds, key=lambda kind: float(kinds[kind]["service_ms"]))
    service, database = ([kinds[kind][part] for kind in names] for part in ("service_ms", "database_ms"))
    axes.barh(names, service, label="service")
    axes.barh(names, database, left=service, label="database")
    axes.set(title="processor ms (news, lease: a camera)")
    axes.tick_params(axis="y", labelsize=7)
    axes.legend(fontsize=7)


def _plot_split(axes: Any, mixes: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib is optional and untyped here
    names, below = list(mixes), [0.0] * len(mixes)
    for part in ("service", "database", "driver", "others"):
        last = [mix["steps"][-1] for mix in mixes.values()]
        cores = [step["cpu_s"][part] / step["measured_s"] for step in last]
        axes.bar(names, cores, bottom=below, label=part)
        below = [sum(pair) for pair in zip(below, cores, strict=True)]
    axes.set(title="cores used at the last step")
    axes.set_xticks(range(len(names)), names, fontsize=7, rotation=25, ha="right")
    axes.set_ylim(0, max(below, default=1.0) * 1.35)
    axes.legend(fontsize=7, ncols=2)
