"""/api/v1/alerts: pollution alerts, which shorten due times while they last."""

from datetime import datetime
from typing import Annotated, Self

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.health import UtcMoment
from service.domain.office.alert_periods import AlertPeriod
from service.domain.office.levels import AlertLevel
from service.storage.alert_store import AlertStore

log = structlog.get_logger(__name__)


class AlertJson(BaseModel):
    """A level of the alert from `starts_at` on and before `ends_at`, null while it goes on. Times are UTC.

    A level that changes is two alerts: one ends as the other begins.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"starts_at": "2026-12-01T00:00:00Z", "ends_at": None, "level": "orange"}]},
    )

    starts_at: Annotated[UtcMoment, Field(description="Tells alerts apart")]
    ends_at: UtcMoment | None = None
    level: AlertLevel

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise ValueError("ends_at has to be after starts_at")
        return self

    @classmethod
    def of(cls, period: AlertPeriod) -> "AlertJson":
        """Return the alert's JSON."""
        return cls(starts_at=period.starts_at, ends_at=period.ends_at, level=period.level)


class AlertsJson(BaseModel):
    """All alerts, the oldest first, and the level that holds now, null without one."""

    items: list[AlertJson]
    level_now: AlertLevel | None


def alerts_router(store: AlertStore, clock: Clock) -> APIRouter:
    """Return the routes of the alerts."""
    router = APIRouter(prefix="/api/v1", tags=["the office's rules"], route_class=SmallBodyRoute)

    @router.get("/alerts", responses=answers(503))
    def list_alerts() -> AlertsJson:
        """List the pollution alerts."""
        periods, now = store.periods(), clock()
        return AlertsJson(items=[AlertJson.of(each) for each in periods], level_now=_level(periods, now))

    @router.put(
        "/alerts",
        responses={201: {"model": AlertJson, "description": "Kept"}, **answers(400, 409, 413, 422, 503, 507)},
    )
    def put_alert(body: AlertJson, response: Response, visitor: Visitor) -> AlertJson:
        """Give an alert, or end or change the one that began at that time; due times are reckoned anew."""
        is_new = store.put(AlertPeriod(body.starts_at, body.ends_at, body.level), visitor.name, clock())
        log.info("alert.kept", starts_at=body.starts_at, ends_at=body.ends_at, level=body.level.value)
        response.status_code = 201 if is_new else 200
        return body

    return router


def _level(periods: tuple[AlertPeriod, ...], now: datetime) -> AlertLevel | None:
    held = (each for each in periods if each.starts_at <= now and (each.ends_at is None or now < each.ends_at))
    return next((each.level for each in held), None)
