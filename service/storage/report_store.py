"""Reads what a period's report is made of."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Select, func, select, union
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.lifecycle import STANDS_CONFIRMED, Step
from service.domain.report import Happened, ReportedCase, ReportedStep
from service.domain.report_period import ReportPeriod
from service.storage.scope_rows import Condition, in_scope
from service.storage.tables import CaseRow, CaseStepRow, SiteRow

YEAR = timedelta(days=365)
_AT_ONCE = 5000
Within = tuple[Condition, ...]
"""What a case has to fulfil to be seen at all."""
_CONFIRMED = [state.value for state in STANDS_CONFIRMED]


class ReportStore:
    """Reads reports' facts; changes nothing. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def happened(self, period: ReportPeriod, now: datetime, scope: Scope = EVERYWHERE) -> Happened:
        """Return what happened at the scope's sites; of a period not over yet, up to `now` (timezone-aware)."""
        begin, end, within = period.begins_at, period.ends_at, in_scope(scope, CaseRow.site_id)
        with Session(self._engine) as session:
            found = frozenset(session.scalars(_found(CaseRow.id, begin, end).where(*within)))
            steps = _steps(session, begin, end, within)
            late = frozenset(session.scalars(late_cases(begin, end, now, within)))
            offences = _offences(session, begin, end, within)
            ids = found | late | {step.case_id for step in steps}
            cases = {case.case_id: case for case in _cases(session, ids)}
        return Happened(cases, found, steps, late, offences)


def _found(column: Any, begin: datetime, end: datetime) -> Select[Any]:  # noqa: ANN401 - any column of a case
    return select(column).where(CaseRow.opened_at >= begin, CaseRow.opened_at < end)


def _steps_of(within: Within) -> tuple[Condition, ...]:
    """Return the conditions that keep the steps of cases within the scope; none for all."""
    return (CaseStepRow.case_id.in_(select(CaseRow.id).where(*within)),) if within else ()


def _steps(session: Session, begin: datetime, end: datetime, seen: Within) -> tuple[ReportedStep, ...]:
    """Return the period's steps, and the earlier ones of cases that were verified in it."""
    within = (CaseStepRow.at >= begin, CaseStepRow.at < end, *_steps_of(seen))
    verified = select(CaseStepRow.case_id).where(*within, CaseStepRow.step == Step.VERIFY.value)
    columns = (CaseStepRow.case_id, CaseStepRow.number, CaseStepRow.step, CaseStepRow.at)
    either = union(
        select(*columns).where(*within),
        select(*columns).where(CaseStepRow.case_id.in_(verified), CaseStepRow.at < end),
    ).subquery()
    rows = session.execute(select(either).order_by(either.c.case_id, either.c.number))
    return tuple(ReportedStep(row.case_id, Step(row.step), row.at) for row in rows)


def late_cases(begin: datetime, end: datetime, now: datetime, within: Within) -> Any:  # noqa: ANN401 - a union has no useful type
    """Return the query of the cases in which something fell due in the time, and was not done by then."""
    done = select(CaseStepRow.case_id).where(
        CaseStepRow.was_due_at >= begin,
        CaseStepRow.was_due_at < end,
        CaseStepRow.at > CaseStepRow.was_due_at,
        *_steps_of(within),
    )
    waiting = select(CaseRow.id).where(CaseRow.due_at >= begin, CaseRow.due_at < min(end, now), *within)
    return union(done, waiting)


def _offences(session: Session, begin: datetime, end: datetime, within: Within) -> dict[str, int]:
    offended = _found(CaseRow.site_id, begin, end).where(CaseRow.state.in_(_CONFIRMED), *within).distinct()
    query = (
        select(CaseRow.site_id, func.count())
        .where(CaseRow.site_id.in_(offended), CaseRow.state.in_(_CONFIRMED))
        .where(CaseRow.opened_at >= end - YEAR, CaseRow.opened_at < end)
        .group_by(CaseRow.site_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _cases(session: Session, ids: Iterable[int]) -> Iterator[ReportedCase]:
    query = select(
        CaseRow.id,
        CaseRow.rule,
        CaseRow.site_id,
        CaseRow.site_name,
        func.coalesce(SiteRow.district, ""),
        func.coalesce(SiteRow.category, ""),
        CaseRow.assigned_to,
        CaseRow.opened_at,
        CaseRow.received_at,
    ).outerjoin(SiteRow, SiteRow.id == CaseRow.site_id)
    rest = iter(sorted(ids))
    while portion := list(islice(rest, _AT_ONCE)):
        for row in session.execute(query.where(CaseRow.id.in_(portion))):
            yield ReportedCase(*row)
