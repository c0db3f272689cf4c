"""Counts what statistics are made of, in the database itself: it groups, and hands over sums."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.agreement import Decided
from service.domain.cases import CaseState
from service.domain.lifecycle import Step
from service.domain.statistics import Counted, CourseCount, DayCount, FinderCount, HourCount
from service.domain.statistics_period import StatisticsPeriod
from service.storage.local_times import local_day, local_hour, minutes_between
from service.storage.rectified import rectified
from service.storage.scope_rows import in_scope
from service.storage.tables import CaseRow, CaseStepRow, SiteRow

_DISTRICT = func.coalesce(SiteRow.district, "")
_DECISIONS = (Step.CONFIRM.value, Step.REJECT.value)
MOST_NAMED = 400


@dataclass(frozen=True)
class StatisticsFilter:
    """Which cases are counted; None means all. `district` is that of the site's entry in the list of sites."""

    period: StatisticsPeriod
    district: str | None = None
    rule: str | None = None
    scope: Scope = EVERYWHERE


class StatisticsStore:
    """Reads what is counted; changes nothing. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counted(self, wanted: StatisticsFilter, now: datetime) -> Counted:
        """Return the counts of the cases found in the period; what is due before `now` is overdue."""
        within = _conditions(wanted)
        with Session(self._engine) as session:
            finders, hours = tuple(_finders(session, within)), tuple(_hours(session, within))
            cameras, sites = (
                _most((each.camera_id, each.cases) for each in finders),
                _most((each.site_id, each.cases) for each in hours),
            )
            return Counted(
                days=tuple(_days(session, within)),
                courses=tuple(_courses(session, within, now)),
                finders=finders,
                hours=hours,
                reasons=_reasons(session, within),
                review_minutes=_review_minutes(session, within, wanted.period),
                rectify_minutes=_rectify_minutes(session, within, wanted.period),
                decided_again=tuple(_decided_again(session, within, wanted.period)),
                names={**_camera_names(session, cameras), **_site_names(session, sites)},
            )

    def districts(self, scope: Scope = EVERYWHERE) -> tuple[str, ...]:
        """Return the districts of the scope's sites."""
        query = select(SiteRow.district).where(*in_scope(scope, SiteRow.id), SiteRow.district != "").distinct()
        with Session(self._engine) as session:
            return tuple(session.scalars(query.order_by(SiteRow.district)))


Conditions = tuple[ColumnElement[bool], ...]


def _conditions(wanted: StatisticsFilter) -> Conditions:
    period = wanted.period
    found: list[ColumnElement[bool]] = [CaseRow.opened_at >= period.begins_at, CaseRow.opened_at < period.ends_at]
    if wanted.rule is not None:
        found.append(CaseRow.rule == wanted.rule)
    if wanted.district is not None:
        found.append(CaseRow.site_id.in_(select(SiteRow.id).where(SiteRow.district == wanted.district)))
    return (*found, *in_scope(wanted.scope, CaseRow.site_id))


def _by_day(query: Select[Any], within: Conditions, *more: InstrumentedAttribute[str]) -> Select[Any]:
    """Return the query by day, rule and district; the sites are looked up once each, not for each case."""
    day = local_day(CaseRow.opened_at)
    grouped = query.add_columns(day.label("day"), CaseRow.rule, CaseRow.site_id, *more).where(*within)
    return grouped.group_by(day, CaseRow.rule, CaseRow.site_id, *more)


def _district_of(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(SiteRow.id, SiteRow.district))}


def _days(session: Session, within: Conditions) -> Iterable[DayCount]:
    query = _by_day(select(func.count().label("cases")), within, CaseRow.state).subquery()
    columns = (query.c.day, query.c.rule, _DISTRICT.label("district"), query.c.state)
    joined = select(*columns, func.sum(query.c.cases).label("cases")).outerjoin(SiteRow, SiteRow.id == query.c.site_id)
    for row in session.execute(joined.group_by(*columns[:2], _DISTRICT, query.c.state)):
        yield DayCount(row.day, row.rule, row.district, CaseState(row.state), int(row.cases))


def _courses(session: Session, within: Conditions, now: datetime) -> Iterable[CourseCount]:
    district_of = _district_of(session)
    sums: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    late_steps = select(CaseStepRow.case_id).where(CaseStepRow.at > CaseStepRow.was_due_at)
    is_overdue = or_(CaseRow.due_at < now, CaseRow.id.in_(late_steps))
    overdue = _by_day(select(func.count().label("cases")), (*within, is_overdue))
    for row in session.execute(overdue):
        sums[row.day, row.rule, district_of.get(row.site_id, "")][2] += row.cases
    done = rectified(within)
    put_right = select(local_day(done.c.opened_at).label("day"), done.c.rule, done.c.site_id, done.c.is_in_time)
    put_right = put_right.add_columns(func.count().label("cases"))
    for row in session.execute(
        put_right.group_by(local_day(done.c.opened_at), done.c.rule, done.c.site_id, done.c.is_in_time)
    ):
        sums[row.day, row.rule, district_of.get(row.site_id, "")][0 if row.is_in_time else 1] += row.cases
    return [CourseCount(*key, *numbers) for key, numbers in sums.items()]


def _finders(session: Session, within: Conditions) -> Iterable[FinderCount]:
    columns = (CaseRow.camera_id, CaseRow.rule, CaseRow.model, CaseRow.state)
    query = select(*columns, func.count().label("cases")).where(*within).group_by(*columns)
    for row in session.execute(query):
        yield FinderCount(row.camera_id, row.rule, row.model, CaseState(row.state), row.cases)


def _hours(session: Session, within: Conditions) -> Iterable[HourCount]:
    hour = local_hour(CaseRow.opened_at)
    query = select(CaseRow.site_id, hour.label("hour"), func.count().label("cases")).where(*within)
    for row in session.execute(query.group_by(CaseRow.site_id, hour)):
        yield HourCount(row.site_id, row.hour, row.cases)


def _reasons(session: Session, within: Conditions) -> dict[str, int]:
    """Return why the rejected cases were rejected; the last rejection of each counts."""
    rejected = (
        select(CaseStepRow.case_id, func.max(CaseStepRow.number).label("number"))
        .join(CaseRow, CaseRow.id == CaseStepRow.case_id)
        .where(*within, CaseRow.state == CaseState.REJECTED.value, CaseStepRow.step == Step.REJECT.value)
        .group_by(CaseStepRow.case_id)
        .subquery()
    )
    is_it = and_(CaseStepRow.case_id == rejected.c.case_id, CaseStepRow.number == rejected.c.number)
    query = select(CaseStepRow.reason, func.count().label("cases")).join(rejected, is_it)
    return {row.reason: row.cases for row in session.execute(query.group_by(CaseStepRow.reason))}


def _review_minutes(session: Session, within: Conditions, period: StatisticsPeriod) -> dict[int, int]:
    """Return how long cases waited from coming in to their first decision."""
    decided = (
        select(CaseStepRow.case_id, func.min(CaseStepRow.at).label("at"))
        .where(CaseStepRow.step.in_(_DECISIONS), CaseStepRow.at >= period.begins_at)
        .group_by(CaseStepRow.case_id)
        .subquery()
    )
    took = minutes_between(CaseRow.received_at, decided.c.at)
    query = select(took.label("minutes"), func.count().label("cases")).join(decided, decided.c.case_id == CaseRow.id)
    return {row.minutes: row.cases for row in session.execute(query.where(*within).group_by(took))}


def _rectify_minutes(session: Session, within: Conditions, period: StatisticsPeriod) -> dict[int, int]:
    done = rectified(within)
    took = minutes_between(done.c.handed, done.c.put_right)
    query = select(took.label("minutes"), func.count().label("cases")).group_by(took)
    return {row.minutes: row.cases for row in session.execute(query)}


def _decided_again(session: Session, within: Conditions, period: StatisticsPeriod) -> Iterable[Decided]:
    undone = select(CaseStepRow.case_id).where(CaseStepRow.step == Step.UNDO.value, CaseStepRow.at >= period.begins_at)
    steps = (*_DECISIONS, Step.UNDO.value)
    query = (
        select(CaseStepRow.case_id, CaseStepRow.number, CaseStepRow.step, CaseStepRow.actor)
        .join(CaseRow, CaseRow.id == CaseStepRow.case_id)
        .where(*within, CaseStepRow.case_id.in_(undone), CaseStepRow.step.in_(steps))
    )
    for row in session.execute(query):
        yield Decided(row.case_id, row.number, Step(row.step), row.actor)


def _most(counts: Iterable[tuple[str, int]]) -> list[str]:
    """Return the names with the most cases, as many as are shown by name."""
    sums: dict[str, int] = defaultdict(int)
    for name, cases in counts:
        sums[name] += cases
    return sorted(sums, key=lambda name: (-sums[name], name))[:MOST_NAMED]


def _camera_names(session: Session, cameras: Sequence[str]) -> dict[str, str]:
    """Return what the cameras and their sites were called in their newest case."""
    newest = select(func.max(CaseRow.id)).where(CaseRow.camera_id.in_(cameras)).group_by(CaseRow.camera_id)
    query = select(CaseRow.camera_id, CaseRow.site_name, CaseRow.camera_name).where(CaseRow.id.in_(newest))
    return {row[0]: f"{row[1]} · {row[2]}" for row in session.execute(query)}


def _site_names(session: Session, sites: Sequence[str]) -> dict[str, str]:
    newest = select(func.max(CaseRow.id)).where(CaseRow.site_id.in_(sites)).group_by(CaseRow.site_id)
    query = select(CaseRow.site_id, CaseRow.site_name).where(CaseRow.id.in_(newest))
    return {row[0]: row[1] for row in session.execute(query)}
