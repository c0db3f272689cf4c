"""/api/cases: the queue as a list, single cases, and their review."""

from typing import Annotated, Self

import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from service.api.case_json import CaseJson, CaseListJson, ReviewedCaseJson, ReviewJson
from service.api.etags import etag
from service.api.inputs import CaseId, Cursor, Limit, Text
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.cases import CaseState, Decision
from service.domain.corrections import Correction
from service.domain.lifecycle import Step
from service.storage.case_store import CaseFilter, CaseStore
from service.storage.evidence_folder import EvidenceFolder

log = structlog.get_logger(__name__)


class ReviewRequest(BaseModel):
    """A decision; `reason` and `reviewer` are plain text. Who is signed in is the reviewer, whatever is told.

    `correction` may come with confirming and rejecting: areas and boxes in the clean picture that say what is really
    there, which the models learn from.
    """

    decision: Decision
    reason: Annotated[Text, Field(max_length=500)] = ""
    reviewer: Annotated[Text, Field(max_length=100)] = ""
    correction: Correction | None = None

    @model_validator(mode="after")
    def _undo_corrects_nothing(self) -> Self:
        if self.correction is not None and self.decision is Decision.UNDO:
            message = "taking a decision back can't carry a correction"
            raise ValueError(message)
        return self


def cases_router(store: CaseStore, evidence: EvidenceFolder, clock: Clock) -> APIRouter:
    """Return the routes of the queue."""
    router = APIRouter(prefix="/api/cases", tags=["cases"])

    @router.get("", responses=answers(422))
    def list_cases(
        visitor: Visitor,
        state: CaseState | None = None,
        rule: Annotated[str | None, Query(max_length=64)] = None,
        camera: Annotated[str | None, Query(max_length=200)] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> CaseListJson:
        """List cases, the last received first."""
        page = store.page(CaseFilter(state, rule, camera, scope=visitor.scope), limit=limit, cursor=cursor)
        return CaseListJson(items=[CaseJson.of(case) for case in page.cases], next_cursor=page.next_cursor)

    @router.get("/{case_id}", responses=answers(404, 422))
    def get_case(case_id: CaseId, response: Response) -> ReviewedCaseJson:
        """Return a case and its decisions; the ETag is what a step's If-Match may ask for."""
        case = store.get(case_id)
        response.headers["ETag"] = etag(case.version)
        reviews = [ReviewJson.of(review) for review in store.reviews(case_id)]
        manifest = evidence.manifest(case)
        return ReviewedCaseJson(case=CaseJson.of(case), reviews=reviews, plate=manifest.plate if manifest else None)

    @router.post("/{case_id}/review", responses=answers(404, 409, 412, 422, 503, 507))
    def review_case(case_id: CaseId, body: ReviewRequest, visitor: Visitor) -> CaseJson:
        """Confirm or reject a case that waits, or take the last decision back."""
        actor = visitor.actor(store.get(case_id).state, Step(body.decision.value), typed=body.reviewer)
        case, review = store.decide(
            case_id,
            body.decision,
            reason=body.reason,
            reviewer=actor.name,
            role=actor.role,
            correction=body.correction,
            at=clock(),
        )
        corrected = review.correction is not None
        log.info(
            "case.decided", case=case.id, decision=body.decision.value, state=case.state.value, corrected=corrected
        )
        return CaseJson.of(case)

    return router
