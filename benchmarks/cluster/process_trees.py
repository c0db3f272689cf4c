"""Which processes belong to a process, and the CPU seconds that all of them have used."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process_cost import TICKS_PER_S


@dataclass(frozen=True)
class Seen:
    """A process at one moment. `cpu_s` holds that of the children it has waited for, which are gone."""

    parent: int
    cpu_s: float


def processes() -> dict[int, Seen]:
    """Return every process that runs now."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):  # it ended just now
            found[int(folder.name)] = seen_in((folder / "stat").read_text())
    return found


def seen_in(stat: str) -> Seen:
    """Read the text of /proc/PID/stat; the name in it may hold spaces and brackets."""
    fields = stat.rpartition(")")[2].split()
    return Seen(int(fields[1]), sum(int(ticks) for ticks in fields[11:15]) / TICKS_PER_S)


def family(root: int, seen: Mapping[int, Seen]) -> list[int]:
    """Return the process and all that it and its children started, as far as they have not lost their parents."""
    children: dict[int, list[int]] = {}
    for process, each in seen.items():
        children.setdefault(each.parent, []).append(process)
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def cpu_s(roots: Iterable[int], seen: Mapping[int, Seen]) -> float:
    """Return what the processes and their families have used; two readings' difference is what they used between.

    A process that ends between them is not lost: who waits for it takes over its seconds. One below several of the
    roots counts once.
    """
    of_all = {process for root in roots for process in family(root, seen)}
    return sum(seen[process].cpu_s for process in of_all if process in seen)
