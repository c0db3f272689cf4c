"""What a case looks like in JSON."""

from datetime import datetime

from pydantic import BaseModel

from service.api.urls import evidence_url, later_evidence_url
from service.domain.cases import Case, CaseState, Decision, EvidenceItem, LaterPackage, Review
from service.domain.corrections import Correction
from vision.evidence.manifest import Outcome, Plate, Stage


class Named(BaseModel):
    """A site or a camera."""

    id: str
    name: str


class EvidenceJson(BaseModel):
    """A file of the evidence; `url` is a path on this server."""

    name: str
    role: str
    media_type: str
    size_bytes: int
    sha256: str
    url: str

    @classmethod
    def of(cls, item: EvidenceItem, url: str) -> "EvidenceJson":
        """Return the file's JSON."""
        return cls(
            name=item.name,
            role=item.role,
            media_type=item.media_type,
            size_bytes=item.size_bytes,
            sha256=item.sha256,
            url=url,
        )


class LaterJson(BaseModel):
    """A later picture of a case: while its violation lasted, when it had ended, or of a look-back with its outcome."""

    key: str
    number: int
    stage: Stage
    outcome: Outcome | None
    captured_at: datetime
    received_at: datetime
    measures: dict[str, float]
    manifest_sha256: str
    evidence: list[EvidenceJson]

    @classmethod
    def of(cls, case: Case, later: LaterPackage) -> "LaterJson":
        """Return the JSON of a later picture."""
        return cls(
            key=later.key,
            number=later.number,
            stage=later.stage,
            outcome=later.outcome,
            captured_at=later.captured_at,
            received_at=later.received_at,
            measures=dict(later.measures),
            manifest_sha256=later.manifest_sha256,
            evidence=[EvidenceJson.of(item, later_evidence_url(case, later, item.name)) for item in later.evidence],
        )


class CaseJson(BaseModel):
    """A case; times are UTC, `measures` are in the units their names end in.

    `lasting_at` and `ended_at` tell when its violation was last seen to go on and seen to have ended, null where not.
    `version` grows with each step, `assigned_to` is the party it was handed over to last, and `due_at` tells when the
    next step is due, null where none is.
    """

    id: int
    key: str
    rule: str
    site: Named
    camera: Named
    opened_at: datetime
    received_at: datetime
    state: CaseState
    version: int
    assigned_to: str
    due_at: datetime | None
    measures: dict[str, float]
    manifest_sha256: str
    evidence: list[EvidenceJson]
    lasting_at: datetime | None
    ended_at: datetime | None
    later: list[LaterJson]

    @classmethod
    def of(cls, case: Case) -> "CaseJson":
        """Return the case's JSON."""
        return cls(
            id=case.id,
            key=case.key,
            rule=case.rule,
            site=Named(id=case.site_id, name=case.site_name),
            camera=Named(id=case.camera_id, name=case.camera_name),
            opened_at=case.opened_at,
            received_at=case.received_at,
            state=case.state,
            version=case.version,
            assigned_to=case.assigned_to,
            due_at=case.due_at,
            measures=dict(case.measures),
            manifest_sha256=case.manifest_sha256,
            evidence=[EvidenceJson.of(item, evidence_url(case, item.name)) for item in case.evidence],
            lasting_at=case.lasting_at,
            ended_at=case.ended_at,
            later=[LaterJson.of(case, later) for later in case.later],
        )


class CaseListJson(BaseModel):
    """Some cases, the last received first; `next_cursor` asks for the older ones."""

    items: list[CaseJson]
    next_cursor: int | None


class ReviewJson(BaseModel):
    """One decision of the past."""

    decision: Decision
    reason: str
    reviewer: str
    decided_at: datetime
    correction: Correction | None

    @classmethod
    def of(cls, review: Review) -> "ReviewJson":
        """Return the review's JSON."""
        return cls(
            decision=review.decision,
            reason=review.reason,
            reviewer=review.reviewer,
            decided_at=review.decided_at,
            correction=review.correction,
        )


class ReviewedCaseJson(BaseModel):
    """A case and its decisions, oldest first; `plate` is the truck's number plate as its manifest tells it.

    `plate` is null where plates are not read, or where the manifest is damaged.
    """

    case: CaseJson
    reviews: list[ReviewJson]
    plate: Plate | None
