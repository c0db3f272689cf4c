"""GET /api/v1/look-backs: where edges ask what their cameras are to look back at."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints

from service.accounts.machine_sites import holds
from service.api.machine_reach import MachineReach
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.cases import Case
from service.domain.look_backs import LookBack
from service.storage.look_back_store import LookBackStore
from vision.look_back import LookBackOrder

MOST_CAMERAS = 100
CameraIds = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=200)]],
    Query(alias="camera_id", min_length=1, max_length=MOST_CAMERAS),
]


class LookBackListJson(BaseModel):
    """The look-backs that cameras are asked for now, the longest due first."""

    items: list[LookBackOrder]


def look_backs_router(store: LookBackStore, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the route by which edges are told what to look back at."""
    router = APIRouter(prefix="/api/v1", tags=["look-backs"])

    @router.get("/look-backs", responses=answers(422))
    def list_look_backs(camera_ids: CameraIds, visitor: Visitor) -> LookBackListJson:
        """List what these cameras are to look back at now; void and answered ones are not listed.

        The answer is an evidence package that follows the violation, with the order's number, the stage `look_back` and
        the outcome. For a token that is bound to sites, cameras of others are left out; with no other it is refused.
        """
        due = store.due(reach.own(visitor, camera_ids, new=True), clock())
        return LookBackListJson(items=[_order(case, each) for case, each in due if holds(visitor, case.site_id)])

    return router


def _order(case: Case, look_back: LookBack) -> LookBackOrder:
    return LookBackOrder.model_validate(
        {
            "key": case.key,
            "number": look_back.number,
            "rule": case.rule,
            "camera_id": case.camera_id,
            "opened_at": case.opened_at,
            "measures": dict(case.measures),
            "due_at": look_back.due_at,
            "until": look_back.until,
        }
    )
