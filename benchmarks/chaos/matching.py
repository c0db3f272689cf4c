"""Holds the queue's cases against what the cameras showed, whatever the edge's clock said meanwhile. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.chaos.truth import Interval, Shown

KEPT_BACK_S = 120.0
"""A violation is on the edge's disk at most so long after its picture was taken: the disk may have been full."""
AHEAD_S = 3.0
RULES = {"yard": "uncovered_soil", "wall": "missing_hoarding", "gate": "unwashed_truck"}


@dataclass(frozen=True)
class ClockOffset:
    """By how many seconds the edge's clock was set ahead, from a true Unix time on; behind is negative."""

    since: float
    seconds: float


@dataclass(frozen=True)
class FoundCase:
    """A case: when it opened by the edge's clock, and when its evidence was first seen on the edge's disk (true)."""

    key: str
    camera: str
    rule: str
    opened_at: float
    first_seen_at: float | None


@dataclass(frozen=True)
class Matched:
    """What became of what was shown."""

    due: int
    found: int
    optional_found: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    other: tuple[str, ...]


def true_time(case: FoundCase, clock: Sequence[ClockOffset]) -> float | None:
    """Return when the case opened by the true clock; None where no setting of the edge's clock explains its time.

    Settings lie so far apart that one alone brings the time near to when the evidence was seen on the disk.
    """
    if case.first_seen_at is None:
        return None
    times = [case.opened_at - one.seconds for one in clock if one.since <= case.first_seen_at]
    near = [at for at in times if -AHEAD_S <= case.first_seen_at - at <= KEPT_BACK_S]
    return max(near, default=None)


def match(shown: Sequence[Shown], cases: Sequence[FoundCase], clock: Sequence[ClockOffset], run: Interval) -> Matched:
    """Return which of what was shown is a case once, and which cases nothing explains."""
    times = {case.key: true_time(case, clock) for case in cases}
    of_shown = {one: [case for case in cases if _is_of(one, case, times[case.key])] for one in shown}
    claimed = {case.key for one, found in of_shown.items() if one.is_violation for case in found}
    due = [one for one in shown if one.is_due]
    at_the_edges = {case.key for case in cases if _is_at_the_edge(times[case.key], run)}
    return Matched(
        due=len(due),
        found=sum(bool(of_shown[one]) for one in due),
        optional_found=sum(bool(found) for one, found in of_shown.items() if one.is_violation and not one.is_due),
        lost=tuple(_told(one) for one in due if not of_shown[one]),
        doubled=tuple(_told(one) for one, found in of_shown.items() if one.is_violation and len(found) > 1),
        other=tuple(_case_told(case, times[case.key]) for case in cases if case.key not in claimed | at_the_edges),
    )


def _is_of(one: Shown, case: FoundCase, at: float | None) -> bool:
    if at is None or case.camera != one.camera or case.rule != RULES[one.kind]:
        return False
    return one.told.begins <= at < one.told.ends


def _is_at_the_edge(at: float | None, run: Interval) -> bool:
    """Tell whether the case is of something that the run's beginning or end cuts through."""
    return at is not None and (at < run.begins or at >= run.ends)


def _told(one: Shown) -> str:
    return f"{one.camera} {one.when.begins:.0f}-{one.when.ends:.0f}"


def _case_told(case: FoundCase, at: float | None) -> str:
    return f"{case.camera} {case.rule} {case.key[:8]} at {'an unknown time' if at is None else f'{at:.0f}'}"
