"""/api/v1/reports: a day, a week or a month as JSON, workbook or PDF."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel

from service.accounts.access import allows
from service.accounts.principal import Principal
from service.api.case_exports import as_file, file_answers, parts_of
from service.api.case_query import FIRST_DAY, LAST_DAY
from service.api.problems import answers
from service.api.rankings import CoverageJson, RankingJson
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.office.days import day_of
from service.domain.report import Figures, RepeatOffender, Report, ReportRow, report_of
from service.domain.report_period import ReportLength, report_period
from service.exports.workbook import MEDIA_TYPE
from service.reports.printing import print_report
from service.reports.report_workbook import report_workbook
from service.storage.case_store import CaseStore
from service.storage.office_desk import OfficeDesk
from service.storage.report_store import ReportStore

PDF = "application/pdf"
COVERAGE = "/api/v1/coverage"
"""Who may ask for this may read it in reports."""
_Day = Annotated[
    date | None,
    Query(alias="date", ge=FIRST_DAY, le=LAST_DAY, description="A day of the period (Asia/Shanghai); default: today"),
]


class ReportJson(BaseModel):
    """A report; `first` and `last` are its days by Beijing time, `begins_at` and `ends_at` the moments, UTC.

    `median_s` and `p90_s` are seconds. A row with an empty name is of the cases that have none: whose site is not in
    the list of sites, or that were handed over to nobody. `ranking` and `coverage` stand as on the last day, or today;
    null where no rules held then, and coverage for sites, which are not told whose turn it is.
    """

    length: ReportLength
    first: date
    last: date
    begins_at: datetime
    ends_at: datetime
    total: Figures
    by_district: list[ReportRow]
    by_category: list[ReportRow]
    by_rule: list[ReportRow]
    by_party: list[ReportRow]
    repeat_offenders: list[RepeatOffender]
    ranking: RankingJson | None
    coverage: CoverageJson | None

    @classmethod
    def of(cls, report: Report) -> "ReportJson":
        """Return the report's JSON."""
        period, lists = report.period, report.lists
        return cls(
            length=period.length,
            first=period.first,
            last=period.last,
            begins_at=period.begins_at,
            ends_at=period.ends_at,
            total=report.total,
            by_district=list(report.by_district),
            by_category=list(report.by_category),
            by_rule=list(report.by_rule),
            by_party=list(report.by_party),
            repeat_offenders=list(report.repeat_offenders),
            ranking=None if lists.ranking is None else RankingJson.of(lists.ranking),
            coverage=None if lists.coverage is None else CoverageJson.of(lists.coverage),
        )


def reports_router(store: CaseStore, office: OfficeDesk, clock: Clock) -> APIRouter:
    """Return the routes of the reports."""
    router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
    report = _reporter(ReportStore(store.engine), office, clock)

    @router.get("/{length}.xlsx", response_class=Response, responses=file_answers(MEDIA_TYPE))
    def get_workbook(length: ReportLength, visitor: Visitor, day: _Day = None) -> StreamingResponse:
        """Return the report as a workbook, a sheet a table."""
        made = report(length, day, visitor)
        return as_file(parts_of(report_workbook(made)), MEDIA_TYPE, f"{report_name(made)}.xlsx")

    @router.get("/{length}.pdf", response_class=Response, responses=file_answers(PDF))
    def get_pdf(length: ReportLength, visitor: Visitor, day: _Day = None) -> StreamingResponse:
        """Return the report as a PDF, in Chinese."""
        made = report(length, day, visitor)
        return as_file(iter([print_report(made, clock())]), PDF, f"{report_name(made)}.pdf")

    @router.get("/{length}", responses=answers(422, 503))
    def get_report(length: ReportLength, visitor: Visitor, day: _Day = None) -> ReportJson:
        """Return the report of the day, week (from Monday) or month that the date lies in."""
        return ReportJson.of(report(length, day, visitor))

    return router


def report_name(report: Report) -> str:
    """Return a file name for the report, without its ending."""
    return f"report-{report.period.length.value}-{report.period.first:%Y%m%d}"


def _reporter(
    store: ReportStore, office: OfficeDesk, clock: Clock
) -> Callable[[ReportLength, date | None, Principal], Report]:
    def report(length: ReportLength, day: date | None, visitor: Principal) -> Report:
        now, scope = clock(), visitor.scope
        period = report_period(length, day or day_of(now))
        lists = office.lists(period.last, scope, with_coverage=allows(visitor, "GET", COVERAGE))
        return report_of(period, store.happened(period, now, scope), lists)

    return report
