"""Plots what cameras cost: against floor and peer, by their number, and how soon gates tell."""

from pathlib import Path
from typing import Any

from benchmarks.pyplot import pyplot_if_any


def plot(result: dict[str, Any], path: Path) -> bool:
    """Write a small PNG of what was measured; without matplotlib write nothing and return False."""
    pyplot = pyplot_if_any()
    if pyplot is None:
        return False
    figure, (cost, scale, gate) = pyplot.subplots(1, 3, figsize=(11, 3.2))
    _plot_cost(cost, result)
    _plot_scale(scale, result["parts"].get("scale", {}).get("runs", []))
    latencies = sorted(result["parts"].get("gate", {}).get("latencies_s", []))
    gate.step(latencies, [(index + 1) / len(latencies) for index in range(len(latencies))], where="post")
    gate.set(title="gate: crossing to outbox", xlabel="s", ylabel="share", ylim=(0, 1.05))
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return True


def _plot_cost(axes: Any, result: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib is optional and untyped here
    keys = {
        "floor": "floor_cpu_s_per_camera_s",
        "dustwatch": "cpu_s_per_camera_s",
        "ultralytics": "ultralytics_cpu_s_per_camera_s",
    }
    bars = {name: result[key] for name, key in keys.items()}
    for part, name in (("gated", "gated,\n2 s"), ("patrol", "gated,\n10 s")):
        bars[name] = result["parts"].get(part, {}).get("cpu_s_per_camera_s")
    shown = {name: value for name, value in bars.items() if value}
    axes.bar_label(axes.bar(list(shown), list(shown.values())), fmt="%.3f", fontsize=7)
    axes.tick_params(axis="x", labelsize=7)
    axes.set(title="CPU s a camera and second")


def _plot_scale(axes: Any, runs: list[dict[str, Any]]) -> None:  # noqa: ANN401 - as above
    cameras = [run["cameras"] for run in runs]
    axes.plot(cameras, [run["cpu_s"] / run["seconds"] for run in runs], "o-", label="CPU s a second")
    axes.plot(cameras, [run["rss_mb"] / 1000 for run in runs], "s-", label="memory, GB")
    axes.set(title="by number of cameras", xlabel="cameras", ylim=(0, None))
    axes.legend(fontsize=7)
