"""/api/v1/rankings and /api/v1/coverage: red and black lists, and the month's inspections of key-area projects."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from service.api.advice import ReasonJson
from service.api.case_json import Named
from service.api.case_query import FIRST_DAY, LAST_DAY
from service.api.problems import answers
from service.api.visitor import Visitor
from service.domain.office.coverage import Coverage, KeyProject
from service.domain.office.days import PeriodLength
from service.domain.office.lists import MonthCoverage, Ranking
from service.domain.office.ranking import ListName, ScorePart, Standing
from service.storage.office_desk import OfficeDesk

_Day = Annotated[
    date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="A day of it (Asia/Shanghai); default: today")
]


class ScorePartJson(BaseModel):
    """One line of the formula."""

    event: str
    count: int
    points_each: int

    @classmethod
    def of(cls, part: ScorePart) -> "ScorePartJson":
        """Return the line's JSON."""
        return cls(event=part.event, count=part.count, points_each=part.points_each)


class StandingJson(BaseModel):
    """Where a site stands among all sites, with its score's parts; `rank` is null for one that is not ranked."""

    site: Named
    score: int
    base_points: int
    parts: list[ScorePartJson]
    formula: str
    rank: int | None
    listed: ListName | None
    reason: ReasonJson

    @classmethod
    def of(cls, standing: Standing) -> "StandingJson":
        """Return the standing's JSON."""
        return cls(
            site=Named(id=standing.site_id, name=standing.site_name),
            score=standing.score,
            base_points=standing.base_points,
            parts=[ScorePartJson.of(part) for part in standing.parts],
            formula=standing.formula(),
            rank=standing.rank,
            listed=standing.listed,
            reason=ReasonJson.of(standing.reason),
        )


class RankingJson(BaseModel):
    """A period's lists by the version of the rules that held on its first day; the best site first."""

    first: date
    last: date
    length: PeriodLength
    rules: str
    items: list[StandingJson]

    @classmethod
    def of(cls, ranking: Ranking) -> "RankingJson":
        """Return the lists' JSON."""
        return cls(
            first=ranking.first,
            last=ranking.last,
            length=ranking.length,
            rules=ranking.version,
            items=[StandingJson.of(each) for each in ranking.standings],
        )


class ProjectJson(BaseModel):
    """A project in a key area, and the office's day of its last inspection."""

    site: Named
    last_inspected: date | None

    @classmethod
    def of(cls, project: KeyProject, day: date) -> "ProjectJson":
        """Return the project's JSON."""
        return cls(site=Named(id=project.site_id, name=project.site_name), last_inspected=project.last_inspected(day))


class DistrictCoverageJson(BaseModel):
    """A district's month: `required` = the share of `projects`, rounded up; `next` are those whose turn it is."""

    district: str
    projects: int
    required: int
    missing: int
    done: list[ProjectJson]
    next: list[ProjectJson]

    @classmethod
    def of(cls, coverage: Coverage, day: date) -> "DistrictCoverageJson":
        """Return the district's JSON."""
        return cls(
            district=coverage.district,
            projects=coverage.projects,
            required=coverage.required,
            missing=coverage.missing,
            done=[ProjectJson.of(each, day) for each in coverage.done],
            next=[ProjectJson.of(each, day) for each in coverage.suggested],
        )


class CoverageJson(BaseModel):
    """The coverage as it stands on `day`, by the version of the rules of the month's first day."""

    day: date
    rules: str
    share_percent: Annotated[int, Field(description="Of a district's key-area projects, a month")]
    least_projects: int
    items: list[DistrictCoverageJson]

    @classmethod
    def of(cls, coverage: MonthCoverage) -> "CoverageJson":
        """Return the coverage's JSON."""
        return cls(
            day=coverage.day,
            rules=coverage.version,
            share_percent=coverage.rule.share_percent,
            least_projects=coverage.rule.least_projects,
            items=[DistrictCoverageJson.of(each, coverage.day) for each in coverage.districts],
        )


def rankings_router(desk: OfficeDesk) -> APIRouter:
    """Return the routes of the lists and the coverage."""
    router = APIRouter(prefix="/api/v1", tags=["the office's rules"])

    @router.get("/rankings", responses=answers(409, 422, 503))
    def get_rankings(visitor: Visitor, period: _Day = None) -> RankingJson:
        """Return the red and black lists of the period of that day; sites outside of the scope are left out."""
        return RankingJson.of(desk.ranking(visitor.scope, period))

    @router.get("/coverage", responses=answers(409, 422, 503))
    def get_coverage(visitor: Visitor, month: _Day = None) -> CoverageJson:
        """Return how many key-area projects were inspected in the month, as it stands now, or stood at its end."""
        return CoverageJson.of(desk.coverage(visitor.scope, month))

    return router
