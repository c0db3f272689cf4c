"""Keeps maintenance cases, opens those that are due and closes those whose camera is healthy again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, or_, select, update
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.health import HealthReport
from service.domain.maintenance import ITSELF, MaintenanceCase, MaintenanceRule, MaintenanceState, healthy_since
from service.errors import MaintenanceCaseClosed, NoSuchMaintenanceCase
from service.storage.database import lock_for_writing, storage_errors
from service.storage.health_store import report_of
from service.storage.scope_rows import in_scope
from service.storage.tables import HealthObservationRow, MaintenanceCaseRow
from streams.health.observation import HealthKind

_IS_OPEN = MaintenanceCaseRow.state == MaintenanceState.OPEN.value


@dataclass(frozen=True)
class MaintenancePage:
    """Some cases, the last opened first; `next_cursor` asks for the older ones, None when there are none."""

    cases: tuple[MaintenanceCase, ...]
    next_cursor: int | None


@dataclass(frozen=True)
class Progress:
    """What one round changed."""

    opened: tuple[MaintenanceCase, ...]
    closed: tuple[MaintenanceCase, ...]


class MaintenanceStore:
    """The maintenance cases' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, case_id: int) -> MaintenanceCase:
        """Return the case.

        Raises:
            NoSuchMaintenanceCase: there is none of this number.
        """
        with Session(self._engine) as session:
            row = session.get(MaintenanceCaseRow, case_id)
            if row is None:
                raise NoSuchMaintenanceCase(case_id=case_id)
            return _case(row)

    def page(
        self,
        state: MaintenanceState | None = None,
        *,
        scope: Scope = EVERYWHERE,
        limit: int = 50,
        cursor: int | None = None,
    ) -> MaintenancePage:
        """List up to `limit` cases of the scope's sites older than `cursor`; None for `state` means all."""
        query = select(MaintenanceCaseRow).order_by(MaintenanceCaseRow.id.desc()).limit(limit + 1)
        query = query.where(*in_scope(scope, MaintenanceCaseRow.site_id))
        if state is not None:
            query = query.where(MaintenanceCaseRow.state == state.value)
        if cursor is not None:
            query = query.where(MaintenanceCaseRow.id < cursor)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            cases = tuple(_case(row) for row in rows[:limit])
        return MaintenancePage(cases, cases[-1].id if len(rows) > limit else None)

    def close(self, case_id: int, *, by: str, note: str, at: datetime) -> MaintenanceCase:
        """Close the case; of two people at once, one wins.

        Raises:
            NoSuchMaintenanceCase: there is none of this number.
            MaintenanceCaseClosed: it is closed already.
        """
        closed = {"state": MaintenanceState.CLOSED.value, "closed_at": at, "closed_by": by, "note": note}
        swap = update(MaintenanceCaseRow).where(MaintenanceCaseRow.id == case_id, _IS_OPEN).values(**closed)
        with storage_errors(), Session(self._engine) as session, session.begin():
            changed = cast(CursorResult[Any], session.execute(swap)).rowcount == 1
        case = self.get(case_id)
        if not changed:
            raise MaintenanceCaseClosed(case_id=case_id)
        return case

    def advance(self, now: datetime, rule: MaintenanceRule) -> Progress:
        """Bring the cases up to date with the observations and the time; a second round at once changes nothing."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)  # so that nobody closes a case while observations are added to it
            cases = {
                (row.camera_id, row.kind): row
                for row in session.scalars(select(MaintenanceCaseRow).where(_IS_OPEN).with_for_update())
            }
            free = _free_observations(session, since=now - rule.closes_after)
            opened = _open_due(session, free, cases, rule, now)
            for row in free:
                case = cases.get((row.camera_id, row.kind))
                if case is not None and rule.joins_case(report_of(row), _case(case)):
                    row.case_id = case.id
            session.flush()
            closed = _follow_health(session, list(cases.values()), rule, now)
            session.flush()
            return Progress(tuple(map(_case, opened)), tuple(map(_case, closed)))


def _free_observations(session: Session, since: datetime) -> Sequence[HealthObservationRow]:
    """Return the observations of no case that go on or ended after `since`, the first one first."""
    recent = or_(HealthObservationRow.ended_at.is_(None), HealthObservationRow.ended_at > since)
    query = select(HealthObservationRow).where(HealthObservationRow.case_id.is_(None), recent)
    return session.scalars(query.order_by(HealthObservationRow.started_at, HealthObservationRow.id)).all()


def _open_due(
    session: Session,
    free: Sequence[HealthObservationRow],
    cases: dict[tuple[str, str], MaintenanceCaseRow],
    rule: MaintenanceRule,
    now: datetime,
) -> list[MaintenanceCaseRow]:
    """Open a case for each camera and kind that has none (`cases` are the open ones) and is due; add it to `cases`."""
    opened = []
    for row in free:
        report = report_of(row)
        if (row.camera_id, row.kind) not in cases and rule.opens_case(report, now):
            case = _new_case(report, now)
            session.add(case)
            session.flush()  # gives the number
            cases[row.camera_id, row.kind] = case
            opened.append(case)
    return opened


def _follow_health(
    session: Session, cases: Sequence[MaintenanceCaseRow], rule: MaintenanceRule, now: datetime
) -> list[MaintenanceCaseRow]:
    """Note on each open case since when its camera is healthy; close and return those that are for long enough."""
    ends: defaultdict[int | None, list[datetime | None]] = defaultdict(list)
    query = select(HealthObservationRow.case_id, HealthObservationRow.ended_at).join(MaintenanceCaseRow).where(_IS_OPEN)
    for case_id, ended_at in session.execute(query):
        ends[case_id].append(ended_at)
    closed = []
    for case in cases:
        case.healthy_since = healthy_since(ends[case.id])
        if rule.closes_case(case.healthy_since, now):
            case.state, case.closed_at, case.closed_by = MaintenanceState.CLOSED.value, now, ITSELF
            closed.append(case)
    return closed


def _new_case(report: HealthReport, now: datetime) -> MaintenanceCaseRow:
    return MaintenanceCaseRow(
        **report.model_dump(include={"key", "site_id", "site_name", "camera_id", "camera_name", "kind"}),
        since=report.started_at,
        opened_at=now,
        healthy_since=report.ended_at,
        state=MaintenanceState.OPEN.value,
        closed_by="",
        note="",
    )


def _case(row: MaintenanceCaseRow) -> MaintenanceCase:
    values = {item.name: getattr(row, item.name) for item in fields(MaintenanceCase)}
    return MaintenanceCase(**{**values, "kind": HealthKind(row.kind), "state": MaintenanceState(row.state)})
