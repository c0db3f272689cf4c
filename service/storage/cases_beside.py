"""Finds the cases beside a case: earlier ones of the same site and camera, and those that look alike."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.accounts.scope import Scope
from service.domain.cases import Case, CaseState
from service.storage.case_rows import case_of
from service.storage.scope_rows import in_scope
from service.storage.tables import CaseRow

MOST_COUNTED = 1000
NEWEST = 5
ALIKE_WITHIN = timedelta(days=1)
MOST_ALIKE = 24


@dataclass(frozen=True)
class CameraPast:
    """How many cases the camera had before (at most `MOST_COUNTED` are counted), and the newest of them."""

    count: int
    newest: tuple[Case, ...]


class CasesBeside:
    """Finds cases; changes nothing. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def past(self, case: Case, scope: Scope) -> CameraPast:
        """Return what was found at the same site and camera before the case."""
        at_the_camera = (
            CaseRow.camera_id == case.camera_id,
            CaseRow.site_id == case.site_id,
            CaseRow.opened_at < case.opened_at,
            *in_scope(scope, CaseRow.site_id),
        )
        newest = select(CaseRow).where(*at_the_camera).order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
        counted = select(CaseRow.id).where(*at_the_camera).limit(MOST_COUNTED).subquery()
        with Session(self._engine) as session:
            rows = session.scalars(newest.limit(NEWEST)).all()
            count = session.scalar(select(func.count()).select_from(counted)) or 0
            return CameraPast(count, tuple(case_of(row) for row in rows))

    def look_alikes(self, case: Case, scope: Scope) -> tuple[Case, ...]:
        """Return cases of the same camera and rule that wait for a decision and were found within a day, newest first.

        The case itself is not among them; nothing is alike to a case that was decided.
        """
        if case.state is not CaseState.FOUND:
            return ()
        query = (
            select(CaseRow)
            .where(
                CaseRow.camera_id == case.camera_id,
                CaseRow.opened_at.between(case.opened_at - ALIKE_WITHIN, case.opened_at + ALIKE_WITHIN),
                CaseRow.site_id == case.site_id,
                CaseRow.rule == case.rule,
                CaseRow.state == CaseState.FOUND.value,
                CaseRow.id != case.id,
                *in_scope(scope, CaseRow.site_id),
            )
            .order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())
            .limit(MOST_ALIKE)
        )
        with Session(self._engine) as session:
            return tuple(case_of(row) for row in session.scalars(query))
