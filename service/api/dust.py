"""/api/v1/dust: dust monitors, and what they measured."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from service.api.case_json import Named
from service.api.problems import answers
from service.api.visitor import Visitor
from service.domain.health import UtcMoment
from service.dust.downsampling import Level, Point, downsample
from service.dust.reading import DustReading, Factor, Mark, Measured, Period
from service.errors import BadTimeSpan, NoSuchInstrument
from service.storage.dust_store import DustStore, InstrumentState

MOST_DAYS = 31
MOST_READINGS = 50_000
"""Read for one answer; 31 days of minutes are 44,640."""
MOST_POINTS = 5_000
"""In one answer, and readings where they are not downsampled."""


class InstrumentJson(BaseModel):
    """A dust monitor. Times are UTC; both are null while it has sent nothing."""

    number: str
    name: str
    site: Named
    minutes_per_record: int
    last_measured_at: datetime | None
    last_received_at: datetime | None

    @classmethod
    def of(cls, state: InstrumentState) -> "InstrumentJson":
        """Return the instrument's JSON."""
        instrument = state.instrument
        return cls(
            number=instrument.number,
            name=instrument.name,
            site=Named(id=instrument.site_id, name=instrument.site_name),
            minutes_per_record=instrument.minutes_per_record,
            last_measured_at=state.last_measured_at,
            last_received_at=state.last_received_at,
        )


class LevelJson(BaseModel):
    """One factor. Dust is in µg/m³.

    With `step_s`, figures are made of the `count` readings that are normal (mark N, or none), and `marks` lists the
    others' marks. Without it, `count` is 1 or 0 by the reading's own mark, and the figures are what was sent.
    """

    mean: float | None
    lowest: float | None
    highest: float | None
    count: int
    marks: list[Mark]

    @classmethod
    def of(cls, level: Level) -> "LevelJson":
        """Return the level's JSON."""
        return cls(
            mean=level.mean, lowest=level.lowest, highest=level.highest, count=level.count, marks=list(level.marks)
        )

    @classmethod
    def of_reading(cls, measured: Measured) -> "LevelJson":
        """Return the JSON of one reading's factor."""
        marks = [] if measured.counts or measured.mark is None else [measured.mark]
        count = int(measured.counts and measured.value is not None)
        return cls(mean=measured.value, lowest=measured.lowest, highest=measured.highest, count=count, marks=marks)


class PointJson(BaseModel):
    """The factors at one time (UTC): that of the reading, or the step's beginning."""

    at: datetime
    factors: dict[Factor, LevelJson]

    @classmethod
    def of(cls, point: Point) -> "PointJson":
        """Return the JSON of a step."""
        return cls(at=point.at, factors={factor: LevelJson.of(level) for factor, level in point.levels.items()})

    @classmethod
    def of_reading(cls, reading: DustReading) -> "PointJson":
        """Return the JSON of one reading."""
        factors = {factor: LevelJson.of_reading(measured) for factor, measured in reading.factors.items()}
        return cls(at=reading.measured_at, factors=factors)


class ReadingsJson(BaseModel):
    """Points in order of time. `next_from` asks for what did not fit in, null where everything did."""

    instrument: str
    period: Period
    step_s: int | None
    items: list[PointJson]
    next_from: datetime | None


def dust_router(store: DustStore) -> APIRouter:
    """Return the routes of the dust monitors."""
    router = APIRouter(prefix="/api/v1/dust", tags=["dust monitors"])

    @router.get("/instruments")
    def list_instruments(visitor: Visitor) -> list[InstrumentJson]:
        """List the dust monitors, by site."""
        return [InstrumentJson.of(state) for state in store.instruments(scope=visitor.scope)]

    @router.get("/readings", responses=answers(404, 422))
    def list_readings(
        visitor: Visitor,
        instrument: Annotated[str, Query(max_length=24, description="Its number (MN)")],
        start: Annotated[UtcMoment, Query(alias="from")],
        end: Annotated[UtcMoment, Query(alias="to")],
        period: Period = Period.MINUTE,
        step_s: Annotated[int | None, Query(ge=1, le=7 * 86_400, description="Seconds that become one point")] = None,
    ) -> ReadingsJson:
        """List what an instrument measured from `from` on and before `to`."""
        if not timedelta(0) < end - start <= timedelta(days=MOST_DAYS):
            raise BadTimeSpan(days=MOST_DAYS)
        if store.instrument(instrument, visitor.scope) is None:
            raise NoSuchInstrument(number=instrument)
        most = MOST_POINTS if step_s is None else MOST_READINGS
        readings = store.readings(instrument, period, start, end, most + 1)
        if step_s is None:
            next_from = readings[most].measured_at if len(readings) > most else None
            items = [PointJson.of_reading(reading) for reading in readings[:most]]
        else:
            points = downsample(readings, step_s)
            kept = points[:MOST_POINTS]
            if len(readings) > most and len(kept) == len(points) > 1:
                kept = points[:-1]  # the last point is not whole
            next_from = points[len(kept)].at if len(kept) < len(points) else None
            items = [PointJson.of(point) for point in kept]
        return ReadingsJson(instrument=instrument, period=period, step_s=step_s, items=items, next_from=next_from)

    return router
