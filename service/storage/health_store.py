"""Keeps what the edges observed of their cameras' health, each observation in its newest state."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.health import HealthReport
from service.errors import ObservationKeyTaken
from service.storage.database import storage_errors
from service.storage.scope_rows import in_scope
from service.storage.tables import HealthObservationRow


@dataclass(frozen=True)
class ReceivedReport:
    """A report in the database: its number, and when its newest state came in (UTC)."""

    id: int
    report: HealthReport
    received_at: datetime


@dataclass(frozen=True)
class ReportPage:
    """Some reports, the last observation first; `next_cursor` asks for the older ones, None when there are none."""

    reports: tuple[ReceivedReport, ...]
    next_cursor: int | None


class HealthStore:
    """The observations' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, report: HealthReport, received_at: datetime) -> tuple[ReceivedReport, bool]:
        """Add the observation, or take over its newer state; return what is stored, and whether it is new.

        States may come in any order: once an end is known, one without an end, or with an earlier one, changes nothing.

        Raises:
            ObservationKeyTaken: the key belongs to another camera, kind or start.
        """
        row = HealthObservationRow(**report.model_dump(), received_at=received_at)
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                session.add(row)
                session.flush()
                return _received(row), True
        except IntegrityError:
            return self._renew(report, received_at), False

    def page(
        self,
        *,
        camera_id: str | None = None,
        ongoing: bool | None = None,
        scope: Scope = EVERYWHERE,
        limit: int = 50,
        cursor: int | None = None,
    ) -> ReportPage:
        """List up to `limit` observations of the scope's sites older than `cursor`; None means all."""
        query = select(HealthObservationRow).order_by(HealthObservationRow.id.desc()).limit(limit + 1)
        query = query.where(*in_scope(scope, HealthObservationRow.site_id))
        if camera_id is not None:
            query = query.where(HealthObservationRow.camera_id == camera_id)
        if ongoing is not None:
            has_no_end = HealthObservationRow.ended_at.is_(None)
            query = query.where(has_no_end if ongoing else ~has_no_end)
        if cursor is not None:
            query = query.where(HealthObservationRow.id < cursor)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            reports = tuple(_received(row) for row in rows[:limit])
        return ReportPage(reports, reports[-1].id if len(rows) > limit else None)

    def ongoing(self, scope: Scope = EVERYWHERE) -> tuple[HealthReport, ...]:
        """Return everything that is wrong now at the scope's sites, by camera and then by start."""
        order = (HealthObservationRow.camera_id, HealthObservationRow.started_at, HealthObservationRow.id)
        query = select(HealthObservationRow).where(HealthObservationRow.ended_at.is_(None)).order_by(*order)
        query = query.where(*in_scope(scope, HealthObservationRow.site_id))
        with Session(self._engine) as session:
            return tuple(report_of(row) for row in session.scalars(query))

    def _renew(self, report: HealthReport, received_at: datetime) -> ReceivedReport:
        row_of_key = HealthObservationRow.key == report.key
        not_later: ColumnElement[bool] = HealthObservationRow.ended_at.is_(None)
        if report.ended_at is not None:
            not_later = or_(not_later, HealthObservationRow.ended_at <= report.ended_at)
        # The end is compared inside the UPDATE, so that of two states at once the later one wins.
        renew = update(HealthObservationRow).where(row_of_key, not_later)
        changing = {"site_id", "site_name", "camera_name", "ended_at", "figures"}
        with storage_errors(), Session(self._engine) as session, session.begin():
            row = session.scalars(select(HealthObservationRow).where(row_of_key)).one()
            if (row.camera_id, row.kind, row.started_at) != (report.camera_id, report.kind, report.started_at):
                raise ObservationKeyTaken(key=report.key)
            values = report.model_dump(include=changing)
            session.execute(
                renew.values(**values, received_at=received_at).execution_options(synchronize_session=False)
            )
            session.refresh(row)
            return _received(row)


def report_of(row: HealthObservationRow) -> HealthReport:
    """Return the report that a row holds."""
    return HealthReport.model_validate({name: getattr(row, name) for name in HealthReport.model_fields})


def _received(row: HealthObservationRow) -> ReceivedReport:
    return ReceivedReport(row.id, report_of(row), row.received_at)
