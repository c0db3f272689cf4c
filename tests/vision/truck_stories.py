"""Tells a rule what a camera would see: trucks that drive, stop, wash and turn back along given ways."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from vision.geometry import DirectedLine, Zone
from vision.tracking import Sighting
from vision.unwashed_truck import Gate, UnwashedTruckParameters, UnwashedTruckRule
from vision.violations import Violation

START = datetime(2026, 3, 1, tzinfo=UTC)
RATE = 10
"""Frames a second."""
WARM_UP_S = 5.0
"""Stories begin this long after watching began, so that no truck was there at the start."""

# The yard is the upper half, the street the lower; the wash bay lies in the middle of the yard.
GATE = Gate(
    exit_line=DirectedLine((0.1, 0.6), (0.9, 0.6)),
    outward=(0.5, 0.9),
    wash_bay=Zone([(0.35, 0.25), (0.65, 0.25), (0.65, 0.45), (0.35, 0.45)]),
)
YARD, BAY, AT_LINE, STREET = (0.5, 0.1), (0.5, 0.35), (0.5, 0.6), (0.5, 0.9)
Stop = tuple[float, tuple[float, float]]
"""A time in seconds and a place."""


def drive(track_id: int, stops: Sequence[Stop]) -> list[Sighting]:
    """Return the sightings of a truck that goes in straight lines and steady speed from stop to stop."""
    sightings = []
    for (begins, start), (ends, end) in pairwise(stops):
        frames = round((ends - begins) * RATE)
        for frame in range(frames):
            share = frame / frames
            place = tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))
            sightings.append(sight(track_id, begins + frame / RATE, (place[0], place[1])))
    return sightings


def sight(track_id: int, seconds: float, place: tuple[float, float]) -> Sighting:
    """Return one sighting of a truck whose foot is at `place`."""
    x, y = place
    at = START + timedelta(seconds=WARM_UP_S + round(seconds * RATE) / RATE)
    return Sighting(track_id, at, (x - 0.08, y - 0.2, x + 0.08, y), (0.0, 0.1, 0.8), is_truck=True)


def without(sightings: Sequence[Sighting], begins: float, ends: float) -> list[Sighting]:
    """Return the sightings less those between two times in seconds."""
    lost = [START + timedelta(seconds=WARM_UP_S + seconds) for seconds in (begins, ends)]
    return [sighting for sighting in sightings if not lost[0] <= sighting.captured_at < lost[1]]


def renamed(sightings: Sequence[Sighting], after: float, track_id: int) -> list[Sighting]:
    """Return the sightings with another track id from a time in seconds on."""
    switch = START + timedelta(seconds=WARM_UP_S + after)
    return [replace(one, track_id=track_id) if one.captured_at >= switch else one for one in sightings]


def frames_of(sightings: Iterable[Sighting]) -> list[tuple[datetime, list[Sighting]]]:
    """Return every frame from the beginning of watching to the last sighting, also the empty ones."""
    sightings = list(sightings)
    last = max((sighting.captured_at for sighting in sightings), default=START)
    count = round((last - START).total_seconds() * RATE) + 1
    times = [START + timedelta(seconds=number / RATE) for number in range(count)]
    return [(at, [one for one in sightings if one.captured_at == at]) for at in times]


def judge(
    sightings: Iterable[Sighting], *, gate: Gate = GATE, parameters: UnwashedTruckParameters | None = None
) -> tuple[list[Violation], UnwashedTruckRule]:
    """Run the rule over a story."""
    rule = UnwashedTruckRule("gate", gate, parameters or UnwashedTruckParameters())
    violations = [violation for at, trucks in frames_of(sightings) for violation in rule.observe(at, trucks)]
    return violations, rule
