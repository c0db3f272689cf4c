"""What a process and those that it started cost, read from /proc: CPU seconds, memory, threads, open files."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class ProcessSample:
    """A process at one moment, with those that it started (an edge's decoding processes).

    `cpu_s` counts from its start, memory is in MB (10^6 bytes). `pss_mb` shares what several processes map between
    them; `rss_mb` counts it whole.
    """

    cpu_s: float
    rss_mb: float
    pss_mb: float
    threads: int
    open_files: int


def sample_process(pid: int) -> ProcessSample:
    """Read a process and its children. Raises FileNotFoundError or ProcessLookupError when it has ended."""
    alone = _sample_alone(pid)
    samples = [alone, *(sample for child in _children_of(pid) if (sample := _sample_if_there(child)) is not None)]
    return ProcessSample(
        cpu_s=sum(sample.cpu_s for sample in samples),
        rss_mb=sum(sample.rss_mb for sample in samples),
        pss_mb=sum(sample.pss_mb for sample in samples),
        threads=sum(sample.threads for sample in samples),
        open_files=sum(sample.open_files for sample in samples),
    )


def _children_of(pid: int) -> list[int]:
    lists = [task / "children" for task in (Path("/proc") / str(pid) / "task").iterdir()]
    return [int(child) for each in lists if each.exists() for child in each.read_text().split()]


def _sample_if_there(pid: int) -> ProcessSample | None:
    try:
        return _sample_alone(pid)
    except (OSError, StopIteration):  # it ended just now
        return None


def _sample_alone(pid: int) -> ProcessSample:
    folder = Path("/proc") / str(pid)
    memory = (folder / "smaps_rollup").read_text()
    return ProcessSample(
        cpu_s=cpu_seconds_in((folder / "stat").read_text()),
        rss_mb=kilobytes_in(memory, "Rss") * 1024 / 1e6,
        pss_mb=kilobytes_in(memory, "Pss") * 1024 / 1e6,
        threads=len(list((folder / "task").iterdir())),
        open_files=len(list((folder / "fd").iterdir())),
    )


def cpu_seconds_in(stat: str) -> float:
    """Return user and system seconds from the text of /proc/PID/stat; the name in it may hold spaces and brackets."""
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def kilobytes_in(text: str, name: str) -> int:
    """Return the value of the line `Name:  123 kB`."""
    line = next(line for line in text.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])
