"""What the cameras of the chaos run play, and what is unlawful in it: pure but for the films' writing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.two_stills import write_two_stills
from datasets.stories import gate_story, perimeter_story, yard_story

LAWFUL_S = UNLAWFUL_S = 90
CYCLE_S = LAWFUL_S + UNLAWFUL_S
COVERED_AT_S, BARE_AT_S = 2.0, 30.0
"""Moments of the yard's story with next to no bare soil, and with much of it."""
WHOLE_AT_S, MISSING_AT_S = 2.0, 52.0
"""Moments of the perimeter's story with every panel in its place, and with one missing and nobody before the others."""
LATE_S = 30.0
"""Soil and gaps may open so long after they are gone: looks and the median lag behind."""
TRUCK_AROUND_S = (1.0, 5.0)
"""A pass is watched when it is watched from so long before the truck comes into sight until so long after it left: a
busy machine judges some seconds late."""
TOLD_AROUND_S = (3.0, 4.0)
"""A truck's case opens at most so long before and after it left."""


@dataclass(frozen=True)
class Span:
    """Something that a film shows, in seconds from the film's beginning, and whether it breaks a rule.

    Its case opens between `told_from_s` and `told_until_s`.
    """

    begins_s: float
    ends_s: float
    told_from_s: float
    told_until_s: float
    is_violation: bool = True


@dataclass(frozen=True)
class Film:
    """What a kind of camera plays again and again: `spans` of it are violations, or lawful passes."""

    kind: str
    length_s: float
    spans: tuple[Span, ...]
    write: Callable[[Path], object]


def films() -> tuple[Film, ...]:
    """Return the films of a yard, a perimeter and a gate."""
    lasting = (Span(LAWFUL_S, CYCLE_S, LAWFUL_S, CYCLE_S + LATE_S),)
    return (
        Film("yard", CYCLE_S, lasting, lambda path: _in_turn(path, yard_story().clip, COVERED_AT_S, BARE_AT_S)),
        Film("wall", CYCLE_S, lasting, lambda path: _in_turn(path, perimeter_story().clip, WHOLE_AT_S, MISSING_AT_S)),
        Film("gate", gate_story().seconds, passes(), lambda path: path.write_bytes(gate_story().clip.read_bytes())),
    )


def passes() -> tuple[Span, ...]:
    """Return the gate's trucks, each from when it comes into sight until it has left, in the order of leaving."""
    story = gate_story()
    seen = [
        Span(
            max(0.0, truck.boxes[0].frame / story.frames_per_second - TRUCK_AROUND_S[0]),
            truck.leaves_at + TRUCK_AROUND_S[1],
            truck.leaves_at - TOLD_AROUND_S[0],
            truck.leaves_at + TOLD_AROUND_S[1],
            truck.violation or truck.muddy_violation,
        )
        for truck in story.trucks
        if truck.leaves_at is not None
    ]
    return tuple(sorted(seen, key=lambda span: span.ends_s))


def _in_turn(path: Path, clip: Path, lawful_at_s: float, unlawful_at_s: float) -> None:
    write_two_stills(path, clip, lawful_at_s, unlawful_at_s, first_s=LAWFUL_S, second_s=UNLAWFUL_S)
