"""What a case looks like in JSON."""

from datetime import datetime

from pydantic import BaseModel

from service.api.urls import evidence_url
from service.domain.cases import Case, CaseState, Decision, Review
from service.domain.corrections import Correction
from vision.evidence.manifest import Plate


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


class CaseJson(BaseModel):
    """A case; times are UTC, `measures` are in the units their names end in."""

    id: int
    key: str
    rule: str
    site: Named
    camera: Named
    opened_at: datetime
    received_at: datetime
    state: CaseState
    measures: dict[str, float]
    manifest_sha256: str
    evidence: list[EvidenceJson]

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
            measures=dict(case.measures),
            manifest_sha256=case.manifest_sha256,
            evidence=[
                EvidenceJson(
                    name=item.name,
                    role=item.role,
                    media_type=item.media_type,
                    size_bytes=item.size_bytes,
                    sha256=item.sha256,
                    url=evidence_url(case, item.name),
                )
                for item in case.evidence
            ],
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
