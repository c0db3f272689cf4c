"""Names what gives out first, from what was measured when the load broke the system."""

from collections.abc import Mapping
from dataclasses import dataclass

ONE_CORE = 0.8
"""A process of Python runs on one core at a time but for what lets go of its lock: from here on it is full."""
FULL_MACHINE = 0.92
MANY_WAIT = 2.0
"""So many sessions at once that wait for the same thing are a queue before it."""
WRITERS_TURN = "Lock: advisory"


@dataclass(frozen=True)
class Bottleneck:
    """What it is, in one word, and the figures that say so."""

    name: str
    why: str


def name_bottleneck(
    *,
    seconds: float,
    cores: int,
    services: int = 1,
    cpu_s: Mapping[str, float],
    busy_share: float,
    waits: Mapping[str, float],
) -> Bottleneck:
    """Return the first bottleneck: `cpu_s` by part (service, database, driver, others), `waits` sessions at once.

    `services` is how many processes serve, which share what is told of the service.
    """
    used = {part: spent / seconds for part, spent in cpu_s.items()}
    split = ", ".join(f"{part} {value:.2f}" for part, value in used.items())
    queue, waiting = max(waits.items(), key=lambda each: each[1] if each[0] != "runs" else 0, default=("", 0.0))
    if used["service"] >= ONE_CORE * services and used["service"] > used["database"]:
        full = f"{used['service']:.2f} cores, as much as {services} can ({split} cores)"
        return Bottleneck("service process" if services == 1 else "service processes", f"in all it uses {full}")
    if queue == WRITERS_TURN and waiting >= MANY_WAIT:
        return Bottleneck(
            "the writers' turn", f"{waiting:.1f} sessions at once wait to be the one writer ({split} cores)"
        )
    if queue.startswith(("IO", "LWLock: WAL")) and waiting >= MANY_WAIT:
        return Bottleneck("the database's disk", f"{waiting:.1f} sessions at once wait for {queue} ({split} cores)")
    if busy_share >= FULL_MACHINE:
        part = max(("service", "database"), key=lambda each: used[each])
        return Bottleneck(
            f"processors, most of them for the {part}",
            f"the machine's {cores} cores are {busy_share:.0%} busy, with other work on them: {split} cores",
        )
    return Bottleneck(
        "not known", f"{split} of {cores} cores, {busy_share:.0%} busy; most wait for {queue or 'nothing'}"
    )
