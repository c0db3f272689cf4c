"""/api/v1/cases/{id}/steps and /history: what was done with a case, what may be done now, and doing it."""

from datetime import datetime
from typing import Annotated, Self

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.accounts.access import Row
from service.api.case_json import CaseJson
from service.api.etags import IfMatch, etag, wanted_version
from service.api.inputs import MAX_ID, CaseId, Text
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.cases import CaseState
from service.domain.corrections import Correction
from service.domain.lifecycle import HistoryEntry, Need, Role, Step, Told, need_of, possible_steps
from service.errors import NoSuchCase
from service.storage.case_store import CaseStore
from service.storage.scope_rows import ScopeRows

log = structlog.get_logger(__name__)


class StepRequest(BaseModel):
    """A step; `by` is the name of who takes it, in which `role`; texts are plain.

    Who is signed in takes it, whatever `by` tells, in the `role` if it is theirs; without one, in the first that may.

    Some steps must tell a `reason`, the `party` that the case is handed over to, or the `target_case` that it goes on
    in. A `correction` may come with confirming and rejecting.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"step": "assign", "by": "王工", "role": "reviewer", "party": "某建设集团"}]}
    )

    step: Step
    by: Annotated[Text, Field(max_length=100)] = ""
    role: Role | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    party: Annotated[Text, Field(max_length=200)] = ""
    target_case: Annotated[int | None, Field(ge=1, le=MAX_ID)] = None
    correction: Correction | None = None

    @model_validator(mode="after")
    def _corrects_a_decision(self) -> Self:
        if self.correction is not None and self.step not in (Step.CONFIRM, Step.REJECT):
            message = "a correction comes with confirming or rejecting only"
            raise ValueError(message)
        return self


class AttachmentJson(BaseModel):
    """A file that came with a step."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


class StepJson(BaseModel):
    """One step of the past; `at` is UTC, numbers count from 1."""

    number: int
    step: Step
    before: CaseState
    after: CaseState
    by: str
    role: Role
    at: datetime
    reason: str
    party: str
    target_case: int | None
    correction: Correction | None
    attachments: list[AttachmentJson]

    @classmethod
    def of(cls, entry: HistoryEntry) -> "StepJson":
        """Return the step's JSON."""
        told = entry.told
        return cls(
            number=entry.number,
            step=entry.step,
            before=entry.before,
            after=entry.after,
            by=entry.actor.name,
            role=entry.actor.role,
            at=entry.at,
            reason=told.reason,
            party=told.party,
            target_case=told.target_case,
            correction=told.correction,
            attachments=[
                AttachmentJson(
                    name=item.name, media_type=item.media_type, size_bytes=item.size_bytes, sha256=item.sha256
                )
                for item in told.attachments
            ],
        )


class PossibleStepJson(BaseModel):
    """A step that may be taken now, and what it has to tell."""

    step: Step
    needs: Need | None


class HistoryJson(BaseModel):
    """A case, every step that was taken with it, oldest first, and the steps that the role may take now."""

    case: CaseJson
    steps: list[StepJson]
    possible: list[PossibleStepJson]


def steps_router(store: CaseStore, clock: Clock) -> APIRouter:
    """Return the routes of the cases' life cycle."""
    rows = ScopeRows(store.engine)
    router = APIRouter(prefix="/api/v1/cases", tags=["cases"], route_class=SmallBodyRoute)

    @router.get("/{case_id}/history", responses=answers(404, 422))
    def get_history(case_id: CaseId, response: Response, visitor: Visitor, role: Role | None = None) -> HistoryJson:
        """Return everything that was done with a case, and what may be done now, by the role or who is signed in."""
        case = store.get(case_id)
        response.headers["ETag"] = etag(case.version)
        # Read after the case: a step that came in between is left out, so that the ETag is that of what is told.
        steps = [StepJson.of(entry) for entry in store.history(case_id) if entry.number <= case.version]
        steps_now = visitor.may(case.state) if role is None else possible_steps(case.state, role)
        possible = [PossibleStepJson(step=step, needs=need_of(case.state, step)) for step in steps_now]
        return HistoryJson(case=CaseJson.of(case), steps=steps, possible=possible)

    @router.post("/{case_id}/steps", responses=answers(400, 403, 404, 409, 412, 413, 422, 503, 507))
    def take_step(
        case_id: CaseId, body: StepRequest, response: Response, visitor: Visitor, if_match: IfMatch = None
    ) -> CaseJson:
        """Take a step; with If-Match only when nobody took another one since."""
        told = Told(body.reason, body.party, body.target_case, body.correction)
        actor = visitor.actor(store.get(case_id).state, body.step, typed=body.by, wanted=body.role)
        if body.target_case is not None and not rows.allows(visitor.scope, Row.CASE, str(body.target_case)):
            raise NoSuchCase(case_id=body.target_case)
        version = wanted_version(if_match)
        case, entry = store.take_step(case_id, body.step, actor, told, at=clock(), version=version)
        log.info("case.step", case=case.id, step=entry.step.value, role=actor.role.value, state=case.state.value)
        response.headers["ETag"] = etag(case.version)
        return CaseJson.of(case)

    return router
