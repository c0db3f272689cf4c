"""What the cluster's cameras see: a rendered yard that is covered and laid bare in turn, the same for every viewer."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.two_stills import write_two_stills
from datasets.stories import yard_story

COVERED_S = 75
BARE_S = 75
CYCLE_S = COVERED_S + BARE_S
COVERED_AT_S, BARE_AT_S = 2.0, 30.0
"""Moments of the story with next to no bare soil, and with much of it."""
PHASE_S = 37.0
"""By so much each camera's soil is laid bare later than the one's before."""


@dataclass(frozen=True)
class Bare:
    """One stretch of time in which a camera's soil lies bare, in Unix seconds."""

    camera: str
    begins: float
    ends: float


def make_film(path: Path) -> Path:
    """Write the film: stills, a keyframe a second."""
    write_two_stills(path, yard_story().clip, COVERED_AT_S, BARE_AT_S, first_s=COVERED_S, second_s=BARE_S)
    return path


def bare_times(camera: str, offset_s: float, first: float, last: float) -> list[Bare]:
    """Return the times in which the camera's soil lies bare from beginning to end between two Unix times."""
    found, begins = [], COVERED_S - offset_s
    begins += (first - begins) // CYCLE_S * CYCLE_S
    while begins + BARE_S <= last:
        if begins >= first:
            found.append(Bare(camera, begins, begins + BARE_S))
        begins += CYCLE_S
    return found
