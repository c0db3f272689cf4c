"""Plots IoU and CPU seconds of both heads side by side."""

from pathlib import Path
from typing import Any

from benchmarks.pyplot import pyplot_if_any
from models.classes import OTHER


def plot(result: dict[str, Any], path: Path) -> bool:
    """Write the comparison as a small PNG; without matplotlib write nothing and return False."""
    pyplot = pyplot_if_any()
    if pyplot is None:
        return False
    figure, (quality, cost) = pyplot.subplots(1, 2, figsize=(8, 3.2), width_ratios=[3, 2])
    heads = result["heads"]
    for number, (head, figures) in enumerate(heads.items()):
        ious = {
            f"{name}\n{kind}": each["iou"] or 0
            for kind, part in figures["test"].items()
            for name, each in part["classes"].items()
            if name != OTHER
        }
        seconds = {
            "training,\na picture and epoch": figures["training_cpu_s_a_picture_and_epoch"],
            "inference,\na picture": figures["inference_cpu_s_a_picture"]["whole"],
        }
        for axes, values in ((quality, ious), (cost, seconds)):
            places = [place + 0.4 * number for place in range(len(values))]
            bars = axes.bar(places, list(values.values()), width=0.38, label=head)
            axes.bar_label(bars, fmt="%.2g", fontsize=7)
            axes.set_xticks([place + 0.2 for place in range(len(values))], list(values), fontsize=7)
    quality.set(title="IoU", ylim=(0, 1))
    cost.set(title="CPU s", yscale="log")
    quality.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    return True
