"""/api/v1/cases/{id}/dust: what the site's dust monitors measured around a case."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from service.api.dust import PointJson
from service.api.inputs import CaseId
from service.api.problems import answers
from service.clock import Clock
from service.dust.beside import STEP_S, DustBeside, Joined
from service.dust.reading import Factor
from service.storage.case_store import CaseStore
from service.storage.dust_beside import dust_of_case
from service.storage.dust_store import DustStore


class ExceedanceJson(BaseModel):
    """A time above a limit. `ended_at` is null while it goes on; `highest` is an average of `average_minutes`.

    Of PM10, limit and highest are the difference to the region's value of the same time.

    `shows_cause` tells whether the case was found in the time in which pictures may show what raised the dust.
    """

    factor: Factor
    limit: float
    average_minutes: int
    highest: float
    started_at: datetime
    ended_at: datetime | None
    shows_cause: bool

    @classmethod
    def of(cls, joined: Joined) -> "ExceedanceJson":
        """Return the exceedance's JSON."""
        found = joined.exceedance
        return cls(
            factor=found.parameters.factor,
            limit=found.parameters.limit_ug_m3,
            average_minutes=found.parameters.average_minutes,
            highest=round(found.highest_ug_m3, 1),
            started_at=found.started_at,
            ended_at=found.ended_at,
            shows_cause=joined.shows_cause,
        )


class DustBesideJson(BaseModel):
    """What one instrument of the site measured around a case."""

    instrument: str
    name: str
    step_s: int
    items: list[PointJson]
    exceedances: list[ExceedanceJson]

    @classmethod
    def of(cls, beside: DustBeside) -> "DustBesideJson":
        """Return the JSON of what is shown beside a case."""
        return cls(
            instrument=beside.instrument.number,
            name=beside.instrument.name,
            step_s=STEP_S,
            items=[PointJson.of(point) for point in beside.points],
            exceedances=[ExceedanceJson.of(joined) for joined in beside.exceedances],
        )


def dust_beside_router(cases: CaseStore, dust: DustStore, clock: Clock) -> APIRouter:
    """Return the route that joins a case with its site's dust monitors."""
    router = APIRouter(prefix="/api/v1/cases", tags=["dust monitors"])

    @router.get("/{case_id}/dust", responses=answers(404, 422))
    def get_dust(case_id: CaseId) -> list[DustBesideJson]:
        """Return what was measured from two hours before the violation to two hours after it, by instrument."""
        return [DustBesideJson.of(beside) for beside in dust_of_case(dust, cases.get(case_id), clock())]

    return router
