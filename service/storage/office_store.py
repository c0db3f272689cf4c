"""Reads what the red and black lists and the coverage of inspections are made of."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.lifecycle import STANDS_CONFIRMED, Role, Step
from service.domain.office.advice import DatedStep, course_of
from service.domain.office.coverage import KeyProject
from service.domain.office.days import day_of
from service.domain.office.escalation import EscalationRule, escalation_of
from service.domain.office.offences import Offence, nearest_before
from service.domain.office.ranking import SiteRecord
from service.domain.office.site_events import (
    ESCALATED,
    LOOK_BACK_FAILED,
    OVERDUE,
    RECTIFIED_IN_TIME,
    Inspection,
    SiteEvent,
    records_of,
)
from service.storage.alert_tables import OfficeSeedRow
from service.storage.database import lock_for_writing, storage_errors
from service.storage.report_store import late_cases
from service.storage.scope_rows import Condition, in_scope
from service.storage.tables import CaseRow, CaseStepRow, SiteRow

INSPECTS = (Step.VERIFY, Step.RETURN, Step.PASS, Step.REOPEN)
"""Steps that people take after they have been on the spot; a camera's look is no inspection."""
_CONFIRMED = [state.value for state in STANDS_CONFIRMED]


class OfficeStore:
    """Reads sites' records; writes the seed of the draw, once. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def records(
        self, begins_at: datetime, ends_at: datetime, now: datetime, rule: EscalationRule
    ) -> tuple[SiteRecord, ...]:
        """Return the record of every site of the list, from one moment up to and without another; aware times."""
        until = min(ends_at, now)
        with Session(self._engine) as session:
            sites = [(row.id, row.name) for row in session.execute(select(SiteRow.id, SiteRow.name))]
            events = [
                *_offences(session, begins_at, ends_at),
                *_late(session, begins_at, ends_at, now),
                *_steps(session, Step.REOPEN, LOOK_BACK_FAILED, begins_at, ends_at),
                *_rectified(session, begins_at, ends_at),
                *_escalated(session, begins_at, ends_at, until, rule),
            ]
            inspections = list(_inspections(session, CaseStepRow.at >= begins_at, CaseStepRow.at < ends_at))
        return records_of(sites, events, inspections)

    def key_projects(self, scope: Scope = EVERYWHERE) -> tuple[KeyProject, ...]:
        """Return the scope's projects in key areas, with the days on which people inspected them."""
        query = select(SiteRow.id, SiteRow.name, SiteRow.district).where(SiteRow.is_key_area)
        with Session(self._engine) as session:
            days: dict[str, set[Inspection]] = {}
            key_areas = select(SiteRow.id).where(SiteRow.is_key_area)
            for each in _inspections(session, CaseRow.site_id.in_(key_areas)):
                days.setdefault(each.site_id, set()).add(each)
            rows = session.execute(query.where(*in_scope(scope, SiteRow.id)).order_by(SiteRow.id)).all()
        return tuple(
            KeyProject(row.id, row.name, row.district, tuple(sorted(each.day for each in days.get(row.id, ()))))
            for row in rows
        )

    def seed(self) -> str:
        """Return the text by which the turn of projects is drawn; it is made up once and told to nobody."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            row = session.get(OfficeSeedRow, 1)
            if row is None:
                lock_for_writing(session)
                row = session.get(OfficeSeedRow, 1) or OfficeSeedRow(id=1, seed=secrets.token_hex(16))
                session.add(row)
            return row.seed


def _offences(session: Session, begin: datetime, end: datetime) -> Iterator[SiteEvent]:
    query = select(CaseRow.site_id, CaseRow.rule).where(
        CaseRow.opened_at >= begin, CaseRow.opened_at < end, CaseRow.state.in_(_CONFIRMED)
    )
    return (SiteEvent(row.site_id, row.rule) for row in session.execute(query))


def _late(session: Session, begin: datetime, end: datetime, now: datetime) -> Iterator[SiteEvent]:
    late = late_cases(begin, end, now, ()).subquery()
    query = select(CaseRow.site_id).where(CaseRow.id.in_(select(late.c[0])))
    return (SiteEvent(site_id, OVERDUE) for site_id in session.scalars(query))


def _steps(session: Session, step: Step, event: str, begin: datetime, end: datetime) -> Iterator[SiteEvent]:
    query = (
        select(CaseRow.site_id)
        .join(CaseStepRow, CaseStepRow.case_id == CaseRow.id)
        .where(CaseStepRow.step == step.value, CaseStepRow.at >= begin, CaseStepRow.at < end)
    )
    return (SiteEvent(site_id, event) for site_id in session.scalars(query))


def _rectified(session: Session, begin: datetime, end: datetime) -> Iterator[SiteEvent]:
    """Yield a site for each verification of the period whose last report before had come in time."""
    verified = select(CaseStepRow.case_id).where(
        CaseStepRow.step == Step.VERIFY.value, CaseStepRow.at >= begin, CaseStepRow.at < end
    )
    query = (
        select(CaseRow.site_id, CaseStepRow.step, CaseStepRow.at, CaseStepRow.was_due_at)
        .join(CaseStepRow, CaseStepRow.case_id == CaseRow.id)
        .where(CaseRow.id.in_(verified), CaseStepRow.step.in_((Step.REPORT.value, Step.VERIFY.value)))
        .order_by(CaseRow.id, CaseStepRow.number)
    )
    in_time = False
    for row in session.execute(query):
        if row.step == Step.REPORT.value:
            in_time = row.was_due_at is not None and row.at <= row.was_due_at
        elif in_time and begin <= row.at < end:
            yield SiteEvent(row.site_id, RECTIFIED_IN_TIME)


def _escalated(
    session: Session, begin: datetime, end: datetime, now: datetime, rule: EscalationRule
) -> Iterator[SiteEvent]:
    """Yield a site for each offence that was found in the period and is dealt with strictly at its end."""
    columns = (CaseRow.id, CaseRow.site_id, CaseRow.rule, CaseRow.opened_at, CaseRow.due_at)
    found = [CaseRow.opened_at >= begin, CaseRow.opened_at < end, CaseRow.state.in_(_CONFIRMED)]
    sites = select(CaseRow.site_id).where(*found)
    counted = [CaseRow.opened_at >= begin - _longest(rule), CaseRow.opened_at < end, CaseRow.state.in_(_CONFIRMED)]
    query = select(*columns).where(CaseRow.site_id.in_(sites), *counted)
    by_site: dict[str, list[tuple[Offence, datetime | None]]] = {}
    for row in session.execute(query):
        offence = Offence(row.id, row.site_id, row.rule, row.opened_at)
        by_site.setdefault(row.site_id, []).append((offence, row.due_at))
    steps: dict[int, list[DatedStep]] = {}
    history = (
        select(CaseStepRow.case_id, CaseStepRow.step, CaseStepRow.at, CaseStepRow.was_due_at)
        .where(CaseStepRow.case_id.in_(select(CaseRow.id).where(*found)), CaseStepRow.at < end)
        .order_by(CaseStepRow.case_id, CaseStepRow.number)
    )
    for case_id, step, at, was_due_at in session.execute(history):
        steps.setdefault(case_id, []).append(DatedStep(Step(step), at, was_due_at))
    for site_id, offences in by_site.items():
        before = nearest_before((each for each, _ in offences), rule.counting, rule.offences)
        for offence, due_at in offences:
            if begin <= offence.found_at < end:
                course = course_of(steps.get(offence.case_id, []), due_at)
                others, handovers = before[offence.case_id], course.handovers
                if escalation_of(offence, others, handovers, course.rectified_at, now, rule).is_escalated:
                    yield SiteEvent(site_id, ESCALATED)


def _longest(rule: EscalationRule) -> timedelta:
    """Return how far back an offence can count; a day more, since offices count days and not hours."""
    return timedelta(days=1 + max(366, rule.counting.window_days))


def _inspections(session: Session, *within: Condition) -> Iterator[Inspection]:
    query = (
        select(CaseRow.site_id, CaseStepRow.at)
        .join(CaseStepRow, CaseStepRow.case_id == CaseRow.id)
        .where(CaseStepRow.step.in_([step.value for step in INSPECTS]), CaseStepRow.role != Role.MACHINE.value, *within)
    )
    return (Inspection(row.site_id, day_of(row.at)) for row in session.execute(query))
