"""A case: one violation on its way through the queue, and the decisions that move it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.corrections import Correction
from service.errors import AlreadyDecided, NotDecided


class CaseState(StrEnum):
    """Where a case stands."""

    FOUND = "found"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What an inspector does with a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNDO = "undo"
    """Takes the last decision back; the history keeps both."""


_OUTCOME = {
    (CaseState.FOUND, Decision.CONFIRM): CaseState.CONFIRMED,
    (CaseState.FOUND, Decision.REJECT): CaseState.REJECTED,
    (CaseState.CONFIRMED, Decision.UNDO): CaseState.FOUND,
    (CaseState.REJECTED, Decision.UNDO): CaseState.FOUND,
}


@dataclass(frozen=True)
class EvidenceItem:
    """One file of a case's evidence; `role` is what it shows (clean, annotated, clip)."""

    name: str
    role: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Finding:
    """A violation as an edge handed it in, with its evidence in place.

    Times are timezone-aware UTC. `rule` is text, since the queue must show cases of rules that it does not know yet or
    any more. `measures` are the figures that decided, in the units their names end in. `folder` is the name of the
    evidence package, and `manifest_sha256` pins what it held when it came in.
    """

    key: str
    rule: str
    site_id: str
    site_name: str
    camera_id: str
    camera_name: str
    opened_at: datetime
    received_at: datetime
    measures: Mapping[str, float]
    evidence: tuple[EvidenceItem, ...]
    folder: str
    manifest_sha256: str


@dataclass(frozen=True)
class Case(Finding):
    """A finding in the queue: it has a number and a state."""

    id: int
    state: CaseState

    def evidence_of(self, role: str) -> EvidenceItem | None:
        """Return the first file with this role, or None."""
        return next((item for item in self.evidence if item.role == role), None)


@dataclass(frozen=True)
class Review:
    """One decision about a case, kept for ever; `decided_at` is timezone-aware UTC.

    `correction` is what the inspector drew beside confirming or rejecting, None where nothing.
    """

    case_id: int
    decision: Decision
    reason: str
    reviewer: str
    decided_at: datetime
    correction: Correction | None = None


def decide(case: Case, decision: Decision) -> Case:
    """Return the case after the decision.

    Raises:
        AlreadyDecided: the case is to be confirmed or rejected but is not waiting for that any more.
        NotDecided: a decision is to be taken back but there is none.
    """
    outcome = _OUTCOME.get((case.state, decision))
    if outcome is not None:
        return replace(case, state=outcome)
    if decision is Decision.UNDO:
        raise NotDecided(case_id=case.id)
    raise AlreadyDecided(case_id=case.id, state=case.state)
