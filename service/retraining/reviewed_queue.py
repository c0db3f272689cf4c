"""Reads the decided cases out of the queue, with their evidence, for training."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from datasets.reviewed.case import ReviewedCase, Shape, box_shape
from datasets.reviewed.labels import VEHICLES
from models.data.pictures import sha256_of
from service.domain.cases import Case, CaseState, Decision, Review
from service.domain.lifecycle import STANDS_CONFIRMED
from service.errors import EvidenceDamaged
from service.storage.case_store import CaseFilter, CaseStore
from service.storage.evidence_folder import EvidenceFolder
from vision.evidence.manifest import DustRule, FileRole, Manifest
from vision.violations import RuleName

PAGE = 200
DECIDED = {**dict.fromkeys(sorted(STANDS_CONFIRMED), Decision.CONFIRM), CaseState.REJECTED: Decision.REJECT}
"""What was decided of a case in each of these states; of others nothing is learnt."""


@dataclass(frozen=True)
class ReviewedQueue:
    """The decided cases, the oldest decision first, and the keys of those whose evidence can't be used."""

    cases: tuple[ReviewedCase, ...]
    damaged: tuple[str, ...]


def read_reviewed(store: CaseStore, evidence: EvidenceFolder) -> ReviewedQueue:
    """Return every case that stands confirmed, however far it went on, or rejected; pictures are checked by hash."""
    cases, damaged = [], []
    for case in _decided(store):
        try:
            manifest = Manifest.model_validate_json(evidence.manifest_bytes(case))
            cases.append(_reviewed(case, _last_decision(store, case), manifest, _clean_picture(case, evidence)))
        except (EvidenceDamaged, ValidationError, OSError):
            damaged.append(case.key)
    return ReviewedQueue(tuple(sorted(cases, key=lambda case: (case.decided_at, case.key))), tuple(damaged))


def _decided(store: CaseStore) -> Iterator[Case]:
    for state in DECIDED:
        cursor: int | None = None
        while True:
            page = store.page(CaseFilter(state), limit=PAGE, cursor=cursor)
            yield from (case for case in page.cases if case.rule not in set(DustRule))
            cursor = page.next_cursor
            if cursor is None:
                break


def _last_decision(store: CaseStore, case: Case) -> Review:
    return next(review for review in reversed(store.reviews(case.id)) if review.decision is DECIDED[case.state])


def _clean_picture(case: Case, evidence: EvidenceFolder) -> Path:
    item = case.evidence_of(FileRole.CLEAN)
    if item is None:
        raise EvidenceDamaged(case_id=case.id, detail="there is no clean picture")
    path = evidence.path(case.folder, item.name)
    if sha256_of(path) != item.sha256:
        raise EvidenceDamaged(case_id=case.id, detail="the clean picture was changed")
    return path


def _reviewed(case: Case, review: Review, manifest: Manifest, picture: Path) -> ReviewedCase:
    drawn = review.correction
    return ReviewedCase(
        key=case.key,
        camera_id=case.camera_id,
        rule=case.rule,
        confirmed=review.decision is Decision.CONFIRM,
        decided_at=review.decided_at,
        picture=picture,
        claims=_claims(manifest),
        areas=tuple(Shape(area.class_name, area.points) for area in drawn.areas) if drawn else (),
        boxes=tuple(box_shape(box.class_name, box.bbox_xyxy) for box in drawn.boxes) if drawn else (),
    )


def _claims(manifest: Manifest) -> tuple[Shape, ...]:
    """Return what the model claimed; that the unwashed truck is a truck goes without saying."""
    claims = tuple(Shape(claim.class_name, tuple(map(_inside, claim.points))) for claim in manifest.claims)
    if manifest.rule is RuleName.UNWASHED_TRUCK and not any(claim.class_name in VEHICLES for claim in claims):
        (left, top), (right, bottom) = _inside(manifest.bbox_xyxy[:2]), _inside(manifest.bbox_xyxy[2:])
        claims += (box_shape("truck", (left, top, right, bottom)),)
    return claims


def _inside(point: tuple[float, float]) -> tuple[float, float]:
    """Move a point that rounding or tracking put outside of the picture to its border."""
    return min(max(point[0], 0.0), 1.0), min(max(point[1], 0.0), 1.0)
