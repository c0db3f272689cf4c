"""/api/v1/statistics: trends, hours and the quality of reviews, as JSON and each table as CSV."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from service.accounts.scope import Scope
from service.api.case_exports import as_file, file_answers
from service.api.case_query import FIRST_DAY, LAST_DAY, Line
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.agreement import Agreement
from service.domain.office.days import day_of
from service.domain.statistics import (
    Course,
    NamedCourse,
    NamedPrecision,
    SiteHours,
    Statistics,
    Took,
    TrendPoint,
    statistics_of,
)
from service.domain.statistics_period import Every, StatisticsPeriod, statistics_period
from service.exports.csv_file import MEDIA_TYPE
from service.exports.statistics_tables import StatisticsTable, csv_of
from service.storage.statistics_store import StatisticsFilter, StatisticsStore

_Day = Annotated[date | None, Query(ge=FIRST_DAY, le=LAST_DAY)]
_First = Annotated[
    _Day, Query(alias="from", description="The first day (Asia/Shanghai); default: 30 days with the last one")
]
_Last = Annotated[_Day, Query(alias="to", description="The last day, included (Asia/Shanghai); default: today")]
_District = Annotated[Line | None, Query(description="The sites' district, in full", examples=["滨江区"])]
_Rule = Annotated[Line | None, Query(description="The violation's kind", examples=["unwashed_truck"])]
_Every = Annotated[Every | None, Query(description="The length of the trend's points; default: by the period's length")]


class ReasonCount(BaseModel):
    """How many cases were rejected for a reason: a code, or what an inspector wrote."""

    reason: str
    cases: int


class StatisticsJson(BaseModel):
    """Figures of the cases that were found in the days, as the cases stand now.

    Precision is confirmed / (confirmed + rejected), `low` and `high` Wilson's interval of 95 %. Minutes are whole ones:
    `review` from coming in to the first decision, `rectify` from handing over to the report that was verified.
    """

    first: date
    last: date
    every: Every
    total: Course
    trend: list[TrendPoint]
    by_rule: list[NamedCourse]
    by_district: list[NamedCourse]
    hours: list[SiteHours]
    rules: list[NamedPrecision]
    cameras: list[NamedPrecision]
    models: list[NamedPrecision]
    reasons: list[ReasonCount]
    agreement: Agreement
    review: Took | None
    rectify: Took | None

    @classmethod
    def of(cls, made: Statistics) -> "StatisticsJson":
        """Return the statistics' JSON."""
        same = ("total", "trend", "by_rule", "by_district", "hours", "rules", "cameras", "models", "agreement")
        told: dict[str, Any] = {name: getattr(made, name) for name in (*same, "review", "rectify")}
        reasons = [ReasonCount(reason=reason, cases=cases) for reason, cases in made.reasons]
        period = made.period
        return cls(first=period.first, last=period.last, every=period.every, reasons=reasons, **told)


class StatisticsDesk:
    """Makes statistics for the API and the page. Safe from any thread."""

    def __init__(self, store: StatisticsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def period(self, first: date | None, last: date | None, every: Every | None) -> StatisticsPeriod:
        """Return the days, up to today where no last one is told. Raises BadDays."""
        return statistics_period(first, last, day_of(self._clock()), every)

    def made(self, scope: Scope, period: StatisticsPeriod, district: str | None, rule: str | None) -> Statistics:
        """Return the statistics of the scope's sites; None and empty texts mean all."""
        wanted = StatisticsFilter(period, district or None, rule or None, scope)
        return statistics_of(period, self._store.counted(wanted, self._clock()))

    def districts(self, scope: Scope) -> tuple[str, ...]:
        """Return the districts to choose from."""
        return self._store.districts(scope)


def statistics_router(desk: StatisticsDesk) -> APIRouter:
    """Return the routes of the statistics."""
    router = APIRouter(prefix="/api/v1", tags=["statistics"])

    @router.get("/statistics", responses=answers(422, 503))
    def get_statistics(
        visitor: Visitor,
        first: _First = None,
        last: _Last = None,
        district: _District = None,
        rule: _Rule = None,
        every: _Every = None,
    ) -> StatisticsJson:
        """Return the figures of the cases found from the first to the last day."""
        return StatisticsJson.of(desk.made(visitor.scope, desk.period(first, last, every), district, rule))

    @router.get("/statistics.csv", response_class=Response, responses=file_answers(MEDIA_TYPE))
    def get_csv(
        visitor: Visitor,
        table: StatisticsTable = StatisticsTable.TREND,
        first: _First = None,
        last: _Last = None,
        district: _District = None,
        rule: _Rule = None,
        every: _Every = None,
    ) -> StreamingResponse:
        """Return one table of them for spreadsheets."""
        made = desk.made(visitor.scope, desk.period(first, last, every), district, rule)
        name = f"statistics-{table.value}-{made.period.first:%Y%m%d}-{made.period.last:%Y%m%d}.csv"
        return as_file(iter([csv_of(made, table)]), MEDIA_TYPE, name)

    return router
