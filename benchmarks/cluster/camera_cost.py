"""What a camera costs on a cluster, in processor seconds a second: the nodes, and what is beside them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """Processor seconds used until a moment (monotonic seconds); looks at all cameras until then."""

    at_s: float
    nodes: float
    head: float
    supervisor: float
    queue: float
    looks: int


@dataclass(frozen=True)
class Cost:
    """What a window cost, in processor seconds a second and camera, except for `looks_a_second`, which is of a camera.

    `nodes` are Ray's node processes with the shards and the decoding processes; `head` is Ray's head.
    """

    nodes: float
    head: float
    supervisor: float
    queue: float
    looks_a_second: float

    @property
    def beside(self) -> float:
        """What is used by none of the nodes."""
        return self.head + self.supervisor + self.queue


def cost_between(first: Reading, last: Reading, cameras: int) -> Cost:
    """Return what a camera cost between two readings. Raises ValueError where no time passed or no camera is."""
    if cameras < 1 or last.at_s <= first.at_s:
        raise ValueError("a cost needs cameras and a time")
    share = 1 / (cameras * (last.at_s - first.at_s))
    return Cost(
        nodes=(last.nodes - first.nodes) * share,
        head=(last.head - first.head) * share,
        supervisor=(last.supervisor - first.supervisor) * share,
        queue=(last.queue - first.queue) * share,
        looks_a_second=(last.looks - first.looks) * share,
    )
