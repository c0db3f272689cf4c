"""Plots memory, threads, open files and live cameras over a soak."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.pyplot import pyplot_if_any
from benchmarks.soak_growth import SoakSample


def plot(samples: Sequence[SoakSample], path: Path) -> bool:
    """Write a small PNG; without matplotlib write nothing and return False."""
    pyplot = pyplot_if_any()
    if pyplot is None:
        return False
    minutes = [sample.at_s / 60 for sample in samples]
    figure, (memory, counts) = pyplot.subplots(1, 2, figsize=(9, 3.2))
    memory.plot(minutes, [sample.rss_mb for sample in samples])
    memory.set(title="memory, MB", xlabel="minutes", ylim=(0, None))
    for name in ("threads", "open_files", "live"):
        counts.plot(minutes, [getattr(sample, name) for sample in samples], label=name.replace("_", " "))
    counts.set(title="counts", xlabel="minutes", ylim=(0, None))
    counts.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    pyplot.close(figure)
    return True
