"""What the cameras showed by the true clock, and how much of it could be watched. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.chaos.films import Film

NEEDED_S = 35.0
"""Soil or a gap has to be watchable for so long without a break to be a case: 8 s grace, 3 s window, and time to spare
for a machine that is busy. So long, too, must what is lawful be watchable for what follows to be another violation."""

CUT = "cut by the run's beginning or end"
NOT_WATCHABLE = "not watchable"
NOT_LONG_ENOUGH = "not watchable long enough"
NOT_APART = "what is lawful before it not watchable long enough"


@dataclass(frozen=True)
class Interval:
    """From one Unix time to another, by the true clock."""

    begins: float
    ends: float

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether they have a moment in common."""
        return self.begins < other.ends and other.begins < self.ends


@dataclass(frozen=True)
class Shown:
    """Something that a camera showed.

    `is_due` tells that it has to be a case. Otherwise a violation may be one; `why` tells why it need not.
    """

    camera: str
    kind: str
    when: Interval
    told: Interval
    """When its case opens."""
    is_violation: bool
    why: str = ""

    @property
    def is_due(self) -> bool:
        """Whether it has to be a case."""
        return self.is_violation and not self.why


def shown(camera: str, film: Film, offset_s: float, run: Interval, outages: Sequence[Interval]) -> list[Shown]:
    """Return what a camera showed within the run, given when nobody could look at it.

    What the run's beginning or end cuts through need not be a case.
    """
    found = []
    first = int((run.begins + offset_s) // film.length_s)
    last = int((run.ends + offset_s) // film.length_s)
    for number in range(first, last + 1):
        base = number * film.length_s - offset_s
        for span in film.spans:
            when = Interval(base + span.begins_s, base + span.ends_s)
            told = Interval(base + span.told_from_s, base + span.told_until_s)
            if not when.overlaps(run):
                continue
            is_cut = when.begins < run.begins or when.ends > run.ends
            why = CUT if is_cut else _why_not(film, when, outages)
            found.append(Shown(camera, film.kind, when, told, span.is_violation, why))
    return found


def _why_not(film: Film, when: Interval, outages: Sequence[Interval]) -> str:
    """Return why what was shown need not be a case of its own, or an empty text."""
    if film.kind == "gate":
        return NOT_WATCHABLE if any(when.overlaps(one) for one in outages) else ""
    if longest_watchable(when, outages) < NEEDED_S:
        return NOT_LONG_ENOUGH
    before = Interval(when.begins - (film.length_s - (when.ends - when.begins)), when.begins)
    return "" if longest_watchable(before, outages) >= NEEDED_S else NOT_APART


def longest_watchable(when: Interval, outages: Sequence[Interval]) -> float:
    """Return the longest time within the interval that no outage touches, in seconds."""
    longest, at = 0.0, when.begins
    for one in sorted(outages, key=lambda outage: outage.begins):
        if one.ends <= at or one.begins >= when.ends:
            continue
        longest = max(longest, one.begins - at)
        at = max(at, one.ends)
    return max(longest, when.ends - at)


def total_s(outages: Mapping[str, Sequence[Interval]], run: Interval) -> float:
    """Return for how many seconds of the run cameras were not watchable, all cameras added up."""
    return sum(_union_s(each, run) for each in outages.values())


def _union_s(outages: Sequence[Interval], run: Interval) -> float:
    total, at = 0.0, run.begins
    for one in sorted(outages, key=lambda outage: outage.begins):
        begins, ends = max(one.begins, at), min(one.ends, run.ends)
        if ends > begins:
            total += ends - begins
            at = ends
    return total
