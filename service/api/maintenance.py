"""/api/v1/maintenance-cases: cameras that somebody has to look at."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from service.api.case_json import Named
from service.api.inputs import CaseId, Cursor, Limit, Text
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.maintenance import MaintenanceCase, MaintenanceState
from service.storage.maintenance_store import MaintenanceStore
from streams.health.observation import HealthKind

log = structlog.get_logger(__name__)


class CloseRequest(BaseModel):
    """Who closes a case, and what was done; both are plain text. Who is signed in closes it, whatever is told."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"by": "王工", "note": "已清洁镜头"}]})

    by: Annotated[Text, Field(max_length=100)] = ""
    note: Annotated[Text, Field(max_length=500)] = ""


class MaintenanceCaseJson(BaseModel):
    """A maintenance case. Times are UTC.

    `since` is when the trouble began, `healthy_since` when it ended, null while it goes on. A case that closed on its
    own was `closed_by` "dustwatch".
    """

    id: int
    key: str
    kind: HealthKind
    site: Named
    camera: Named
    since: datetime
    opened_at: datetime
    healthy_since: datetime | None
    state: MaintenanceState
    closed_at: datetime | None
    closed_by: str
    note: str

    @classmethod
    def of(cls, case: MaintenanceCase) -> "MaintenanceCaseJson":
        """Return the case's JSON."""
        return cls(
            id=case.id,
            key=case.key,
            kind=case.kind,
            site=Named(id=case.site_id, name=case.site_name),
            camera=Named(id=case.camera_id, name=case.camera_name),
            since=case.since,
            opened_at=case.opened_at,
            healthy_since=case.healthy_since,
            state=case.state,
            closed_at=case.closed_at,
            closed_by=case.closed_by,
            note=case.note,
        )


class MaintenanceListJson(BaseModel):
    """Some cases, the last opened first; `next_cursor` asks for the older ones."""

    items: list[MaintenanceCaseJson]
    next_cursor: int | None


def maintenance_router(store: MaintenanceStore, clock: Clock) -> APIRouter:
    """Return the routes of the maintenance cases."""
    router = APIRouter(prefix="/api/v1/maintenance-cases", tags=["maintenance"], route_class=SmallBodyRoute)

    @router.get("", responses=answers(422))
    def list_cases(
        visitor: Visitor, state: MaintenanceState | None = None, limit: Limit = 50, cursor: Cursor = None
    ) -> MaintenanceListJson:
        """List maintenance cases, the last opened first."""
        page = store.page(state, scope=visitor.scope, limit=limit, cursor=cursor)
        return MaintenanceListJson(
            items=[MaintenanceCaseJson.of(case) for case in page.cases], next_cursor=page.next_cursor
        )

    @router.post("/{case_id}/close", responses=answers(400, 404, 409, 413, 422, 503, 507))
    def close_case(case_id: CaseId, body: CloseRequest, visitor: Visitor) -> MaintenanceCaseJson:
        """Close a case: the camera was seen to."""
        case = store.close(case_id, by=visitor.called(body.by), note=body.note, at=clock())
        log.info("maintenance.closed", case=case.id, camera=case.camera_id, kind=case.kind.value)
        return MaintenanceCaseJson.of(case)

    return router
