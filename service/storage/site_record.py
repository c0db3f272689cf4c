"""What the cases tell about sites: open and overdue ones, confirmed offences, cameras, look-backs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, case, func, select
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import CaseState
from service.domain.lifecycle import STANDS_CONFIRMED
from service.domain.look_backs import LookBack
from service.storage.look_back_rows import look_back_of
from service.storage.scope_rows import in_scope
from service.storage.tables import CaseRow, LookBackRow

OPEN = frozenset(CaseState) - {
    CaseState.REJECTED,
    CaseState.CLOSED,
    CaseState.PASSED,
    CaseState.WITHDRAWN,
    CaseState.MERGED,
}
"""The states in which somebody still has something to do."""
_OPEN = sorted(state.value for state in OPEN)


@dataclass(frozen=True)
class Standing:
    """How a site stands: its open cases, and how many of them are overdue; `name` is as its newest cases have it."""

    name: str
    open: int
    overdue: int


@dataclass(frozen=True)
class SiteCamera:
    """A camera that found something at a site."""

    camera_id: str
    name: str


class SiteRecord:
    """Reads cases by their sites; changes nothing. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standings(self, now: datetime, scope: Scope = EVERYWHERE) -> dict[str, Standing]:
        """Return how each site of the scope stands that has open cases, by the site's id."""
        late = func.sum(case((CaseRow.due_at < now, 1), else_=0))
        query = (
            select(CaseRow.site_id, func.max(CaseRow.site_name), func.count(), late)
            .where(CaseRow.state.in_(_OPEN), *in_scope(scope, CaseRow.site_id))
            .group_by(CaseRow.site_id)
        )
        with Session(self._engine) as session:
            return {site_id: Standing(name, count, overdue) for site_id, name, count, overdue in session.execute(query)}

    def name(self, site_id: str) -> str | None:
        """Return what the site is called by its newest case, None where it has none."""
        query = select(CaseRow.site_name).where(CaseRow.site_id == site_id).order_by(CaseRow.opened_at.desc()).limit(1)
        with Session(self._engine) as session:
            return session.scalar(query)

    def offences(self, site_id: str, since: datetime) -> Mapping[str, int]:
        """Return the confirmed cases of the site that were found from `since` on, counted by rule."""
        confirmed = sorted(state.value for state in STANDS_CONFIRMED)
        query = (
            select(CaseRow.rule, func.count())
            .where(CaseRow.site_id == site_id, CaseRow.opened_at >= since, CaseRow.state.in_(confirmed))
            .group_by(CaseRow.rule)
        )
        with Session(self._engine) as session:
            return dict(session.execute(query).all())

    def cameras(self, site_id: str) -> tuple[SiteCamera, ...]:
        """Return the cameras that found something at the site, by their ids."""
        query = (
            select(CaseRow.camera_id, func.max(CaseRow.camera_name))
            .where(CaseRow.site_id == site_id)
            .group_by(CaseRow.camera_id)
            .order_by(CaseRow.camera_id)
        )
        with Session(self._engine) as session:
            return tuple(SiteCamera(camera_id, name) for camera_id, name in session.execute(query))

    def look_backs(self, site_id: str, limit: int = 30) -> tuple[LookBack, ...]:
        """Return the look-backs of the site's cases, the last due first."""
        query = (
            select(LookBackRow)
            .join(CaseRow, CaseRow.id == LookBackRow.case_id)
            .where(CaseRow.site_id == site_id)
            .order_by(LookBackRow.due_at.desc(), LookBackRow.case_id.desc())
            .limit(limit)
        )
        with Session(self._engine) as session:
            return tuple(look_back_of(row) for row in session.scalars(query))
