"""/api/v1/health-observations and /api/v1/cameras/health: where edges tell what is wrong with their cameras."""

from datetime import datetime
from itertools import groupby
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from service.api.case_json import Named
from service.api.inputs import Cursor, Limit
from service.api.machine_reach import MachineReach
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.health import HealthReport, ObservationKey
from service.errors import ObservationKeyMismatch
from service.storage.health_store import HealthStore, ReceivedReport
from streams.health.observation import HealthKind

log = structlog.get_logger(__name__)


class ObservationJson(BaseModel):
    """An observation in its newest state; `ended_at` is null while it goes on. Times are UTC."""

    key: str
    kind: HealthKind
    site: Named
    camera: Named
    started_at: datetime
    ended_at: datetime | None
    figures: dict[str, float]
    received_at: datetime

    @classmethod
    def of(cls, received: ReceivedReport) -> "ObservationJson":
        """Return the observation's JSON."""
        report = received.report
        return cls(
            key=report.key,
            kind=report.kind,
            site=Named(id=report.site_id, name=report.site_name),
            camera=Named(id=report.camera_id, name=report.camera_name),
            started_at=report.started_at,
            ended_at=report.ended_at,
            figures=report.figures,
            received_at=received.received_at,
        )


class ObservationListJson(BaseModel):
    """Some observations, the last received first; `next_cursor` asks for the older ones."""

    items: list[ObservationJson]
    next_cursor: int | None


class TroubleJson(BaseModel):
    """One thing that is wrong now."""

    kind: HealthKind
    since: datetime


class CameraHealthJson(BaseModel):
    """A camera with something wrong, and what."""

    site: Named
    camera: Named
    ongoing: list[TroubleJson]

    @classmethod
    def of(cls, reports: list[HealthReport]) -> "CameraHealthJson":
        """Return the JSON of one camera's observations, at least one; the last one tells the names."""
        last = reports[-1]
        return cls(
            site=Named(id=last.site_id, name=last.site_name),
            camera=Named(id=last.camera_id, name=last.camera_name),
            ongoing=[TroubleJson(kind=report.kind, since=report.started_at) for report in reports],
        )


def health_observations_router(store: HealthStore, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the routes of the cameras' health."""
    router = APIRouter(prefix="/api/v1", tags=["cameras' health"], route_class=SmallBodyRoute)

    @router.put(
        "/health-observations/{key}",
        status_code=201,
        responses={
            200: {"model": ObservationJson, "description": "Known already; answered as it stands now"},
            **answers(400, 409, 413, 422, 503, 507),
        },
    )
    def put_observation(
        key: Annotated[ObservationKey, Path(examples=["5b0f9a52-8c1e-5d0a-9f43-2f6f0f6d1c11"])],
        body: HealthReport,
        response: Response,
        visitor: Visitor,
    ) -> ObservationJson:
        """Tell an observation, or its newer state; sending the same again, or an older state, changes nothing."""
        if body.key != key:
            raise ObservationKeyMismatch
        reach.check(visitor, [(body.site_id, body.camera_id)])
        received, is_new = store.put(body, clock())
        if is_new:
            log.info("health.observed", key=key, camera=body.camera_id, kind=body.kind.value)
        response.status_code = 201 if is_new else 200
        return ObservationJson.of(received)

    @router.get("/health-observations", responses=answers(422))
    def list_observations(
        visitor: Visitor,
        camera_id: Annotated[str | None, Query(max_length=200)] = None,
        ongoing: bool | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> ObservationListJson:
        """List observations, the last received first."""
        page = store.page(camera_id=camera_id, ongoing=ongoing, scope=visitor.scope, limit=limit, cursor=cursor)
        items = [ObservationJson.of(received) for received in page.reports]
        return ObservationListJson(items=items, next_cursor=page.next_cursor)

    @router.get("/cameras/health")
    def list_cameras(visitor: Visitor) -> list[CameraHealthJson]:
        """List the cameras that have something wrong now; those that are not listed told nothing."""
        by_camera = groupby(store.ongoing(visitor.scope), key=lambda report: (report.site_id, report.camera_id))
        return [CameraHealthJson.of(list(reports)) for _, reports in by_camera]

    return router
