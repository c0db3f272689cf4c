"""What a machine has, and what of it this process and the others use, read from /proc and the control group."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
BUSY_COLUMNS = (0, 1, 2, 5, 6, 7)
"""user, nice, system, irq, softirq and steal of a line in /proc/stat; the rest is idle, or counted in user already."""
CGROUP = Path("sys/fs/cgroup")


@dataclass(frozen=True)
class MachineSample:
    """A machine at `at_s` (monotonic seconds), as far as this process may use it.

    `busy_s` are the processor seconds that everybody used on its `cores` so far, `own_cpu_s` those of this process with
    all its threads and the processes that it started. `available_bytes` of `memory_bytes` are free for the asking;
    `own_bytes` is the RSS of the same processes.
    """

    at_s: float
    cores: float
    busy_s: float
    own_cpu_s: float
    memory_bytes: int
    available_bytes: int
    own_bytes: int


def sample_machine(root: Path = Path("/")) -> MachineSample:
    """Read the machine as it stands now; a container's limits (control groups, version 2) are taken into account."""
    usable = os.sched_getaffinity(0)
    group = root / CGROUP
    quota = cores_allowed(_text(group / "cpu.max"))
    if quota is not None and quota < len(usable):
        cores, busy_s = quota, used_in_group(_text(group / "cpu.stat"))
    else:
        cores, busy_s = float(len(usable)), busy_seconds((root / "proc/stat").read_text(), usable)
    memory = (root / "proc/meminfo").read_text()
    total, available = kilobytes(memory, "MemTotal") * 1024, kilobytes(memory, "MemAvailable") * 1024
    children, ended = usage_of_children(), os.times()
    limit = _text(group / "memory.max").strip()
    if limit.isdigit() and int(limit) < total:
        total = int(limit)
        available = min(available, total - int(_text(group / "memory.current") or 0))
    return MachineSample(
        at_s=time.monotonic(),
        cores=cores,
        busy_s=busy_s,
        own_cpu_s=time.process_time() + ended.children_user + ended.children_system + sum(each[0] for each in children),
        memory_bytes=total,
        available_bytes=available,
        own_bytes=kilobytes((root / "proc/self/status").read_text(), "VmRSS") * 1024
        + sum(each[1] for each in children),
    )


def usage_of_children() -> list[tuple[float, int]]:
    """Return processor seconds and RSS (bytes) of each living process that this one started, as for decoding."""
    lists = [_text(task / "children").split() for task in Path("/proc/self/task").iterdir()]
    folders = [Path("/proc") / pid for pids in lists for pid in pids]
    told = [(_text(folder / "stat"), _text(folder / "statm")) for folder in folders]
    return [
        (sum(map(int, stat.rpartition(")")[2].split()[11:13])) / TICKS_PER_S, int(memory.split()[1]) * PAGE_BYTES)
        for stat, memory in told
        if stat and memory
    ]


def cores_allowed(cpu_max: str) -> float | None:
    """Return the cores of a control group's `cpu.max`, such as `150000 100000`; None where there is no limit."""
    quota, _, period = cpu_max.strip().partition(" ")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def used_in_group(cpu_stat: str) -> float:
    """Return the processor seconds in a control group's `cpu.stat`."""
    line = next((line for line in cpu_stat.splitlines() if line.startswith("usage_usec ")), "usage_usec 0")
    return int(line.split()[1]) / 1e6


def busy_seconds(stat: str, cores: Iterable[int]) -> float:
    """Return the seconds that the cores were busy, from the text of /proc/stat."""
    names = {f"cpu{core}" for core in cores}
    lines = [line.split() for line in stat.splitlines()]
    ticks = sum(int(line[1 + column]) for line in lines if line and line[0] in names for column in BUSY_COLUMNS)
    return ticks / TICKS_PER_S


def kilobytes(text: str, name: str) -> int:
    """Return the value of the line `Name:  123 kB`."""
    line = next(line for line in text.splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


def _text(path: Path) -> str:
    """Return what a control group's file holds; nothing where there is none."""
    try:
        return path.read_text()
    except OSError:
        return ""
