"""Which fault comes when: drawn from a seed, all kinds in every round. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

BETWEEN_S = (15.0, 30.0)
CLOCKS_S = (-600, -450, -300, -150, 0, 150, 300, 450, 600)
"""Settings of a clock, in seconds ahead; far enough apart to be told from each other afterwards."""


class Kind(StrEnum):
    """What can go wrong."""

    EDGE_KILLED = "edge killed"
    DECODER_KILLED = "decoder killed"
    SERVICE_KILLED = "service killed"
    CAMERAS_KILLED = "cameras killed"
    DATABASE_RESTARTED = "database restarted"
    STORE_FAILS = "store fails"
    STORE_SLOW = "store slow"
    STORE_REFUSES = "store refuses"
    EDGE_DISK_FULL = "edge's disk full"
    SERVICE_DISK_FULL = "service's disk full"
    EDGE_CLOCK_JUMPS = "edge's clock jumps"
    SERVICE_CLOCK_JUMPS = "service's clock jumps"


LASTING_S = {
    Kind.CAMERAS_KILLED: (2.0, 8.0),
    Kind.DATABASE_RESTARTED: (2.0, 10.0),
    Kind.STORE_FAILS: (10.0, 30.0),
    Kind.STORE_SLOW: (15.0, 30.0),
    Kind.STORE_REFUSES: (10.0, 30.0),
    Kind.EDGE_DISK_FULL: (20.0, 40.0),
    Kind.SERVICE_DISK_FULL: (20.0, 40.0),
}
"""How long those last that last; the others are a moment's."""


@dataclass(frozen=True)
class Fault:
    """A fault that begins so many seconds after the run's; `number` chooses which process, or a clock's setting."""

    at_s: float
    kind: Kind
    lasts_s: float
    number: int


def schedule(seconds: float, seed: int, kinds: Sequence[Kind] = tuple(Kind)) -> list[Fault]:
    """Return the faults of a run of so many seconds, in order of time."""
    draw = random.Random(seed)
    faults: list[Fault] = []
    clocks = {Kind.EDGE_CLOCK_JUMPS: 0, Kind.SERVICE_CLOCK_JUMPS: 0}
    at_s, waiting = draw.uniform(*BETWEEN_S), list[Kind]()
    while at_s < seconds:
        if not waiting:
            waiting = list(kinds)
            draw.shuffle(waiting)
        kind = waiting.pop()
        number = draw.randrange(1000)
        if kind in clocks:
            number = clocks[kind] = draw.choice([each for each in CLOCKS_S if each != clocks[kind]])
        lasts_s = draw.uniform(*LASTING_S.get(kind, (0.0, 0.0)))
        faults.append(Fault(round(at_s, 1), kind, round(lasts_s, 1), number))
        at_s += draw.uniform(*BETWEEN_S)
    return faults
