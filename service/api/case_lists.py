"""/api/v1/cases: finding cases by filters, page by page; and one step with many of them."""

import hashlib
from typing import Annotated, Self

import structlog
from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.case_json import CaseJson
from service.api.case_query import CaseListQuery
from service.api.inputs import MAX_ID
from service.api.problems import answers, kind_of
from service.api.small_body import SmallBodyRoute
from service.api.steps import StepRequest
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.cases import CaseState
from service.domain.lifecycle import Told
from service.storage.bulk_steps import BulkSteps, RequestKey, StepOutcome, WantedCase
from service.storage.case_list import CaseList
from service.storage.case_store import CaseStore

MOST_CASES = 200

log = structlog.get_logger(__name__)


class FoundCasesJson(BaseModel):
    """Some cases in the order asked for; `next_cursor` asks for those that follow, null when there are none."""

    items: list[CaseJson]
    next_cursor: str | None


class WantedCaseJson(BaseModel):
    """A case that the step is meant for; with a `version` only if nobody took a step with it since."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[int, Field(ge=1, le=MAX_ID)]
    version: Annotated[int | None, Field(ge=0, le=MAX_ID)] = None


class BulkStepRequest(StepRequest):
    """One step for many cases; a correction is drawn on one case's picture, and can't come with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "cases": [{"id": 17, "version": 1}, {"id": 18}],
                    "step": "assign",
                    "by": "王工",
                    "role": "reviewer",
                    "party": "某建设集团",
                }
            ]
        }
    )

    cases: Annotated[list[WantedCaseJson], Field(min_length=1, max_length=MOST_CASES)]

    @model_validator(mode="after")
    def _is_for_many(self) -> Self:
        if self.correction is not None:
            raise ValueError("a correction can't come with a step for many cases")
        if len({case.id for case in self.cases}) < len(self.cases):
            raise ValueError("a case is named twice")
        return self


class StepOutcomeJson(BaseModel):
    """What became of one case: its state and version after the step, or the `problem` and its text in `detail`."""

    id: int
    done: bool
    state: CaseState | None
    version: int | None
    problem: str | None
    detail: str | None

    @classmethod
    def of(cls, outcome: StepOutcome) -> "StepOutcomeJson":
        """Return the outcome's JSON."""
        if outcome.done:
            state = CaseState(outcome.state)
            return cls(id=outcome.case_id, done=True, state=state, version=outcome.version, problem=None, detail=None)
        problem, detail = kind_of(outcome.error), outcome.detail
        return cls(id=outcome.case_id, done=False, state=None, version=None, problem=problem, detail=detail)


class BulkStepsJson(BaseModel):
    """What became of each case, in the order of the request."""

    done: int
    refused: int
    items: list[StepOutcomeJson]


def case_lists_router(store: CaseStore, clock: Clock) -> APIRouter:
    """Return the routes that find cases, and take steps with many."""
    router = APIRouter(prefix="/api/v1/cases", tags=["cases"], route_class=SmallBodyRoute)
    found, bulk = CaseList(store.engine), BulkSteps(store)

    @router.get("", responses=answers(422, 503))
    def find_cases(query: Annotated[CaseListQuery, Query()], visitor: Visitor) -> FoundCasesJson:
        """Find cases; the pages hold every case once, also when new ones come in meanwhile."""
        wanted = query.wanted(clock(), visitor.scope)
        page = found.page(wanted, order=query.order, limit=query.limit, cursor=query.cursor)
        return FoundCasesJson(items=[CaseJson.of(case) for case in page.cases], next_cursor=page.next_cursor)

    @router.post("/steps", responses=answers(400, 413, 422, 503, 507))
    def take_steps(
        body: BulkStepRequest,
        visitor: Visitor,
        idempotency_key: Annotated[
            str | None,
            Header(
                min_length=1,
                max_length=64,
                pattern=r"^[\x21-\x7e]+$",
                description="Chosen by the sender; the same request again within 7 days does nothing more",
            ),
        ] = None,
    ) -> BulkStepsJson:
        """Take one step with many cases; those that it is not possible with are told, and hinder no other."""
        request = None
        if idempotency_key is not None:
            # The answer tells of cases: nobody else is given it, whatever key they choose.
            asked = f"{visitor.kind}\n{visitor.name}\n{body.model_dump_json()}"
            request = RequestKey(idempotency_key, hashlib.sha256(asked.encode()).hexdigest())
        outcomes = bulk.take(
            [WantedCase(each.id, each.version) for each in body.cases],
            body.step,
            lambda state: visitor.actor(state, body.step, typed=body.by, wanted=body.role),
            Told(body.reason, body.party, body.target_case),
            at=clock(),
            scope=visitor.scope,
            request=request,
        )
        done = sum(outcome.done for outcome in outcomes)
        log.info("cases.steps", step=body.step.value, role=body.role, done=done, refused=len(outcomes) - done)
        items = [StepOutcomeJson.of(outcome) for outcome in outcomes]
        return BulkStepsJson(done=done, refused=len(outcomes) - done, items=items)

    return router
