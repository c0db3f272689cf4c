"""A case: one violation on its way through the queue; `service.domain.lifecycle` tells how it moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.domain.corrections import Correction
from vision.evidence.manifest import Outcome, Stage


class CaseState(StrEnum):
    """Where a case stands."""

    FOUND = "found"
    UNSURE = "unsure"
    """An inspector could not tell; a reviewer decides."""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    ASSIGNED = "assigned"
    """Handed over to a responsible party."""
    RECTIFYING = "rectifying"
    VERIFIED = "verified"
    """Somebody checked that it was put right."""
    CLOSED = "closed"
    PASSED = "passed"
    """Looked at again after closing, and still in order."""
    REOPENED = "reopened"
    """Looked at again after closing, and violated again."""
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Goes on in another case."""


class Decision(StrEnum):
    """What an inspector does with a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNDO = "undo"
    """Takes the last decision back; the history keeps both."""


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
    evidence package, and `manifest_sha256` pins what it held when it came in. `model` is the one that found it,
    with its version; empty where that is not known.
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
    model: str = field(default="", kw_only=True)


@dataclass(frozen=True)
class LaterPackage:
    """A later picture of a case, as an edge handed it in, with its evidence in place.

    `number` counts the case's later pictures from 1, look-backs from 50001; `captured_at` and `received_at` are UTC.
    """

    key: str
    number: int
    stage: Stage
    captured_at: datetime
    received_at: datetime
    measures: Mapping[str, float]
    evidence: tuple[EvidenceItem, ...]
    folder: str
    manifest_sha256: str
    outcome: Outcome | None = None
    """Of a look-back, what it showed."""

    def evidence_of(self, role: str) -> EvidenceItem | None:
        """Return the first file with this role, or None."""
        return _first_of(self.evidence, role)

    @property
    def picture(self) -> EvidenceItem | None:
        """The picture that stands for it."""
        return _picture_of(self.evidence)


@dataclass(frozen=True)
class Case(Finding):
    """A finding in the queue: it has a number and a state, and later pictures where its violation went on.

    `version` counts the steps taken, `changed_by` names who took the last one (empty: nobody, or not told).
    `assigned_to` is the party that it was handed over to last, `due_at` when the next step is due (UTC), None where
    none is. `ordinary_due_at` is when it would be due without a pollution alert, None where no alert would change that.
    """

    id: int
    state: CaseState
    later: tuple[LaterPackage, ...] = ()
    """By their numbers."""
    version: int = 0
    changed_by: str = ""
    assigned_to: str = ""
    due_at: datetime | None = None
    ordinary_due_at: datetime | None = None

    def evidence_of(self, role: str) -> EvidenceItem | None:
        """Return the first file with this role, or None."""
        return _first_of(self.evidence, role)

    @property
    def picture(self) -> EvidenceItem | None:
        """The picture that stands for it: what decided is drawn in it, where there is such a one."""
        return _picture_of(self.evidence)

    @property
    def packages(self) -> "tuple[Case | LaterPackage, ...]":
        """All its packages of evidence: its own, and those of its later pictures."""
        return (self, *self.later)

    @property
    def ended_at(self) -> datetime | None:
        """When the violation was seen to have ended (UTC); None while nobody has said so. It decides nothing."""
        return next((each.captured_at for each in self.later if each.stage is Stage.ENDED), None)

    @property
    def lasting_at(self) -> datetime | None:
        """When the violation was last seen to go on (UTC), after the case was opened; None where it was not."""
        return max((each.captured_at for each in self.later if each.stage is Stage.LASTING), default=None)


@dataclass(frozen=True)
class Review:
    """One decision about a case, as its history tells it; `decided_at` is timezone-aware UTC.

    `correction` is what the inspector drew beside confirming or rejecting, None where nothing.
    """

    case_id: int
    decision: Decision
    reason: str
    reviewer: str
    decided_at: datetime
    correction: Correction | None = None


def _picture_of(evidence: tuple[EvidenceItem, ...]) -> EvidenceItem | None:
    found = (_first_of(evidence, role) for role in ("annotated", "clean", "chart"))
    return next((item for item in found if item is not None), None)


def _first_of(evidence: tuple[EvidenceItem, ...], role: str) -> EvidenceItem | None:
    return next((item for item in evidence if item.role == role), None)
