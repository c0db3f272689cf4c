"""Which exceedance opens a case, and which belongs to the one that is open already. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.cases import CaseState
from service.dust.exceedance import DustExceedance, Ending

DONE = frozenset({CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.MERGED, CaseState.CLOSED, CaseState.PASSED})
"""States of a case that takes no further exceedance in."""


@dataclass(frozen=True)
class MonitorCase:
    """A monitor's newest case: where it stands, since when (UTC), and whether its exceedance was seen to end."""

    case_id: int
    state: CaseState
    moved_at: datetime
    has_ended: bool


def to_open(found: Sequence[DustExceedance], newest: MonitorCase | None, known_from: datetime) -> DustExceedance | None:
    """Return the exceedance that opens a case; None where there is none, or where the newest case takes it in.

    `found` are those since `known_from`, in their order. One that began before the newest case was done is not brought
    up again, nor is one that may have: its beginning lies before what is known.
    """
    if newest is None:
        return found[-1] if found else None
    if newest.state not in DONE:
        return None
    fresh = [each for each in found if each.started_at > max(newest.moved_at, known_from)]
    return fresh[-1] if fresh else None


def to_end(found: Sequence[DustExceedance], newest: MonitorCase | None) -> DustExceedance | None:
    """Return the exceedance with which the newest case's ended; None while it goes on, or where that is told already.

    What ended because the instrument fell silent has not been seen to end.
    """
    if newest is None or newest.has_ended or newest.state in DONE or not found:
        return None
    last = found[-1]
    return last if last.ending is Ending.CLEAN else None
