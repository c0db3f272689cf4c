"""GET /api/v1/inspection-intervals: where edges ask how often the office wants their sites to be looked at."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.accounts.machine_sites import own_sites
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.office.control import SiteInterval
from service.domain.office.levels import AlertLevel, ControlLevel
from service.storage.interval_store import IntervalStore

MOST_SITES = 100
SiteIds = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=200)]],
    Query(alias="site_id", min_length=1, max_length=MOST_SITES),
]


class SiteIntervalJson(BaseModel):
    """Seconds between two looks at a site, by its control level and the pollution alert that holds now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"site_id": "xinghe", "interval_s": 7.5, "level": "B", "alert": "orange"}]}
    )

    site_id: str
    interval_s: float
    level: Annotated[ControlLevel | None, Field(description="null: the site is not in the list, or has no level")]
    alert: AlertLevel | None

    @classmethod
    def of(cls, interval: SiteInterval) -> "SiteIntervalJson":
        """Return the interval's JSON."""
        return cls(**vars(interval))


class SiteIntervalsJson(BaseModel):
    """The intervals in the order that they were asked for; none while no version of the office's rules holds."""

    items: list[SiteIntervalJson]


def inspection_intervals_router(store: IntervalStore, clock: Clock) -> APIRouter:
    """Return the route by which edges learn the intervals."""
    router = APIRouter(prefix="/api/v1", tags=["the office's rules"])

    @router.get("/inspection-intervals", responses=answers(422))
    def list_intervals(site_ids: SiteIds, visitor: Visitor) -> SiteIntervalsJson:
        """List how often patrol cameras of these sites are to look, by the rules of today.

        For a token that is bound to sites, others are left out; with no other it is refused.
        """
        intervals = store.of_sites(own_sites(visitor, site_ids), clock())
        return SiteIntervalsJson(items=[SiteIntervalJson.of(each) for each in intervals])

    return router
