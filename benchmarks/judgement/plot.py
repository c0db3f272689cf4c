"""Plots how well the rules judged: precision and recall, and the sizes that were told against the true ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.pyplot import pyplot_if_any

GOAL = 0.9


def plot(result: dict[str, Any], path: Path) -> bool:
    """Write a small PNG; without matplotlib write nothing and return False."""
    pyplot = pyplot_if_any()
    if pyplot is None:
        return False
    figure, (rates, soil, gaps) = pyplot.subplots(1, 3, figsize=(11, 3.2))
    _plot_rates(rates, result["rules"])
    _plot_sizes(soil, result["rules"]["uncovered_soil"]["amounts"], "bare soil, m²", lambda true: 0.15 * true)
    _plot_sizes(
        gaps,
        result["rules"]["missing_hoarding"]["amounts"],
        "gap in the hoarding, m",
        lambda true: max(0.1 * true, 0.3),
    )
    figure.suptitle(f"{result['machine']['processor']}, {result['at'][:10]}", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return True


def _plot_rates(axes: Any, rules: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib is optional and untyped here
    for offset, key in ((-0.2, "precision"), (0.2, "recall")):
        places = [place + offset for place in range(len(rules))]
        axes.bar_label(
            axes.bar(places, [rule[key] for rule in rules.values()], 0.38, label=key), fmt="%.2f", fontsize=7
        )
    axes.axhline(GOAL, color="grey", linewidth=0.8, linestyle="--")
    axes.set_xticks(range(len(rules)), [name.replace("_", "\n") for name in rules], fontsize=7)
    axes.set(title="at the level of violations", ylim=(0, 1.4))
    axes.legend(fontsize=7, loc="upper right", ncols=2)


def _plot_sizes(
    axes: Any,  # noqa: ANN401 - as above
    amounts: dict[str, Any] | None,
    title: str,
    allowed: Callable[[float], float],
) -> None:
    axes.set(title=title, xlabel="true", ylabel="told")
    if amounts is None:
        return
    true, told = [row["true"] for row in amounts["rows"]], [row["told"] for row in amounts["rows"]]
    reach = [0.0, 1.1 * max(*true, *told)]
    axes.plot(reach, reach, color="grey", linewidth=0.8)
    ends = [reach[1] * step / 20 for step in range(21)]
    axes.fill_between(ends, [x - allowed(x) for x in ends], [x + allowed(x) for x in ends], alpha=0.2, color="grey")
    axes.plot(true, told, "o", markersize=4)
