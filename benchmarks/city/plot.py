"""Plots how the service answers as the city's time is compressed."""

from pathlib import Path
from typing import Any

from benchmarks.pyplot import pyplot_if_any


def plot(result: dict[str, Any], path: Path) -> bool:
    """Write a PNG: what was answered of what was due, and how late; without matplotlib write nothing, return False."""
    pyplot = pyplot_if_any()
    if pyplot is None or not result["mixes"]:
        return False
    figure, (rate, late, split) = pyplot.subplots(1, 3, figsize=(13, 3.8))
    for name, mix in result["mixes"].items():
        due = [step["due_a_second"] for step in mix["steps"]]
        line = rate.plot(due, [step["answered_a_second"] for step in mix["steps"]], "o-", markersize=3, label=name)
        late.plot(due, [step["p95_ms"] for step in mix["steps"]], "o-", markersize=3, label=f"{name}, p95")
        rate.axvline(mix["needed_a_second"], color=line[0].get_color(), linestyle=":", linewidth=1)
    top = rate.get_xlim()[1]
    rate.plot([1, top], [1, top], color="grey", linewidth=0.5)
    rate.set(
        title="answered (dotted: what real time needs)", xlabel="requests due a second", xscale="log", yscale="log"
    )
    late.set(title="95 % answered within", xlabel="requests due a second", ylabel="ms", xscale="log", yscale="log")
    rate.legend(fontsize=7)
    _plot_split(split, result["mixes"])
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return True


def _plot_split(axes: Any, mixes: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib is optional and untyped here
    names, below = list(mixes), [0.0] * len(mixes)
    for part in ("service", "database", "driver", "others"):
        last = [mix["steps"][-1] for mix in mixes.values()]
        cores = [step["cpu_s"][part] / step["measured_s"] for step in last]
        axes.bar(names, cores, bottom=below, label=part)
        below = [sum(pair) for pair in zip(below, cores, strict=True)]
    axes.set(title="cores used at the last step")
    axes.tick_params(axis="x", labelsize=7, rotation=12)
    axes.legend(fontsize=7)
