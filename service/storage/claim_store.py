"""Keeps who looks at which case, and hands out the next case that nobody looks at."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.claims import Claim, taken
from service.storage.case_filter import CaseFilter, conditions
from service.storage.case_rows import case_of
from service.storage.claim_tables import ClaimRow
from service.storage.database import lock_for_writing, storage_errors
from service.storage.tables import CaseRow


class ClaimStore:
    """Every method is one transaction and safe from any thread; writers take turns, so that no two get one case."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def live(self, now: datetime) -> dict[int, Claim]:
        """Return the claims that hold, by their case."""
        with Session(self._engine) as session:
            rows = session.scalars(select(ClaimRow).where(ClaimRow.until > now)).all()
            return {row.case_id: _claim(row) for row in rows}

    def take(self, case_id: int, holder: str, who: str, now: datetime) -> Claim:
        """Ask for a case and return the claim that stands: the holder's own, or the one that keeps them out."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            return _take(session, case_id, holder, who, now)

    def take_next(
        self, wanted: CaseFilter, after: int | None, holder: str, who: str, now: datetime, *, keep: Sequence[int] = ()
    ) -> Case | None:
        """Claim the next older case than number `after` that nobody else has, or else the newest, and return it.

        None where there is no such case. The holder's other claims end, but for those of the cases in `keep`, which
        are not given out again.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            session.execute(delete(ClaimRow).where(ClaimRow.holder == holder, ClaimRow.case_id.not_in(tuple(keep))))
            # Claims that have run out are nobody's; taking them away keeps the table as small as the office is.
            session.execute(delete(ClaimRow).where(ClaimRow.until <= now))
            free = select(CaseRow).where(
                *conditions(session, wanted),
                CaseRow.id.not_in(select(ClaimRow.case_id).where(ClaimRow.holder != holder)),
                CaseRow.id.not_in(tuple(keep)),
            )
            newest_first = free.order_by(CaseRow.id.desc()).limit(1)
            row = None if after is None else session.scalar(newest_first.where(CaseRow.id < after))
            row = row or session.scalar(newest_first)
            if row is None:
                return None
            _take(session, row.id, holder, who, now)
            return case_of(row)

    def renew(self, case_ids: Sequence[int], holder: str, who: str, now: datetime) -> None:
        """Hold these cases for another lease, but for those that somebody else took meanwhile."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            for case_id in case_ids:
                _take(session, case_id, holder, who, now)

    def release(self, holder: str) -> None:
        """End all claims of the holder."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            session.execute(delete(ClaimRow).where(ClaimRow.holder == holder))


def _take(session: Session, case_id: int, holder: str, who: str, now: datetime) -> Claim:
    row = session.get(ClaimRow, case_id)
    claim = taken(None if row is None else _claim(row), case_id, holder, who, now)
    if row is None:
        session.add(ClaimRow(case_id=case_id, holder=claim.holder, who=claim.who, until=claim.until))
    elif claim.holder == holder:
        row.holder, row.who, row.until = claim.holder, claim.who, claim.until
    session.flush()
    return claim


def _claim(row: ClaimRow) -> Claim:
    return Claim(row.case_id, row.holder, row.who, row.until)
