"""/api/v1/dust/regional: the region's PM10 by the hour, which somebody hands in from the public stations."""

from datetime import timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.health import UtcMoment
from service.errors import BadTimeSpan
from service.storage.regional_dust_store import RegionalDustStore

MOST_DAYS = 31


class RegionalHourJson(BaseModel):
    """The mean of one hour in µg/m³; `hour` is its beginning, UTC. The same hour again corrects it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"hour": "2026-12-01T08:00:00Z", "pm10_ug_m3": 85.0}]}
    )

    hour: UtcMoment
    pm10_ug_m3: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _begins_an_hour(self) -> Self:
        if (self.hour.minute, self.hour.second, self.hour.microsecond) != (0, 0, 0):
            raise ValueError("hour has to be a full hour")
        return self


class RegionalHoursJson(BaseModel):
    """Hours in order; those that nobody handed in are not listed."""

    items: list[RegionalHourJson]


def regional_dust_router(store: RegionalDustStore, clock: Clock) -> APIRouter:
    """Return the routes of the region's values."""
    router = APIRouter(prefix="/api/v1/dust", tags=["dust monitors"], route_class=SmallBodyRoute)

    @router.get("/regional", responses=answers(422))
    def list_regional(
        start: Annotated[UtcMoment, Query(alias="from")], end: Annotated[UtcMoment, Query(alias="to")]
    ) -> RegionalHoursJson:
        """List the hours that begin from `from` on and before `to`."""
        if not timedelta(0) < end - start <= timedelta(days=MOST_DAYS):
            raise BadTimeSpan(days=MOST_DAYS)
        found = store.between(start, end)
        return RegionalHoursJson(items=[RegionalHourJson(hour=hour, pm10_ug_m3=found[hour]) for hour in found])

    @router.put(
        "/regional",
        responses={201: {"model": RegionalHourJson, "description": "Kept"}, **answers(400, 413, 422, 503, 507)},
    )
    def put_regional(body: RegionalHourJson, response: Response, visitor: Visitor) -> RegionalHourJson:
        """Keep an hour's value; monitors of the last hours are held against it within minutes."""
        is_new = store.put(body.hour, body.pm10_ug_m3, visitor.name, clock())
        response.status_code = 201 if is_new else 200
        return body

    return router
