"""Tells whether a process grew over a soak."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WARM_UP_S = 300.0
"""By then packet rings are full and every fault has happened a few times."""


@dataclass(frozen=True)
class SoakSample:
    """The watching process, `at_s` seconds after every camera was live; `live` cameras of it are connected."""

    at_s: float
    rss_mb: float
    threads: int
    open_files: int
    live: int


def growth(samples: Sequence[SoakSample], warm_up_s: float = WARM_UP_S) -> dict[str, float] | None:
    """Return by how much the last third after the warm-up exceeds the first, medians; None where there is too little.

    Medians, because a camera that is connecting holds a file more or less at the moment.
    """
    settled = [sample for sample in samples if sample.at_s >= warm_up_s]
    third = len(settled) // 3
    if not third:
        return None
    first, last = settled[:third], settled[-third:]
    return {
        "rss_mb": median(s.rss_mb for s in last) - median(s.rss_mb for s in first),
        "threads": median(s.threads for s in last) - median(s.threads for s in first),
        "open_files": median(s.open_files for s in last) - median(s.open_files for s in first),
    }
