"""Keeps the look-backs that cameras are asked for, and takes the steps that their answers lead to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.cases import Case, LaterPackage
from service.domain.lifecycle import HistoryEntry, take_step
from service.domain.look_backs import ANSWER_WAITED_FOR, LookBack, Standing, consequence
from service.storage.case_rows import case_of
from service.storage.case_store import CaseStore
from service.storage.database import lock_for_writing, storage_errors
from service.storage.look_back_rows import look_back_of, settle
from service.storage.tables import CaseRow, LookBackRow
from vision.evidence.manifest import Outcome

_OPEN = LookBackRow.standing == Standing.OPEN.value


class LookBackStore:
    """The look-backs of a queue's cases. Every method is one transaction and safe from any thread."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    def due(self, camera_ids: Sequence[str], now: datetime) -> tuple[tuple[Case, LookBack], ...]:
        """Return what these cameras are asked for now, with the cases, the longest due first."""
        query = (
            select(CaseRow, LookBackRow)
            .join(LookBackRow, LookBackRow.case_id == CaseRow.id)
            .where(_OPEN, LookBackRow.due_at <= now, CaseRow.camera_id.in_(camera_ids))
            .order_by(LookBackRow.due_at, LookBackRow.case_id)
        )
        with Session(self._store.engine) as session:
            return tuple((case_of(case), look_back_of(row)) for case, row in session.execute(query))

    def of_case(self, case_id: int) -> tuple[LookBack, ...]:
        """Return every look-back of a case, the first one first."""
        query = select(LookBackRow).where(LookBackRow.case_id == case_id).order_by(LookBackRow.number)
        with Session(self._store.engine) as session:
            return tuple(look_back_of(row) for row in session.scalars(query))

    def answer(
        self, case_id: int, later: LaterPackage, *, then: Callable[[Session], None] | None = None
    ) -> tuple[Case, bool]:
        """Add the picture that answers a look-back to the case, and take the step that it leads to.

        A picture that the case has already changes nothing; one of a void look-back is kept, and leads to no step.
        With it is written what `then` writes. Returns the case with all its later pictures, and whether it is new.
        """

        def step(session: Session) -> None:
            if then is not None:
                then(session)
            self._take(session, case_id, later)

        return self._store.add_later(case_id, later, then=step)

    def give_up(self, now: datetime) -> tuple[HistoryEntry, ...]:
        """Note in the cases that no answer came where none is waited for any more; return the notes."""
        query = select(LookBackRow).where(_OPEN, LookBackRow.until <= now - ANSWER_WAITED_FOR)
        with storage_errors(), Session(self._store.engine) as session, session.begin():
            lock_for_writing(session)
            rows = session.scalars(query.order_by(LookBackRow.case_id)).all()
            notes = [self._settle(session, row, Standing.UNANSWERED, None, now) for row in rows]
        return tuple(note for note in notes if note is not None)

    def _take(self, session: Session, case_id: int, later: LaterPackage) -> None:
        row = session.get(LookBackRow, (case_id, later.number))
        if row is not None and later.outcome is not None:
            self._settle(session, row, Standing.ANSWERED, later.outcome, later.received_at)

    def _settle(
        self, session: Session, row: LookBackRow, standing: Standing, outcome: Outcome | None, at: datetime
    ) -> HistoryEntry | None:
        look_back = look_back_of(row)
        if not settle(row, standing, outcome, at):
            return None
        case = case_of(session.get_one(CaseRow, row.case_id))
        leads_to = consequence(look_back, case, outcome)
        after, entry = take_step(case, leads_to.step, leads_to.actor, leads_to.told, at)
        self._store.write_step(session, case, after, entry)
        return entry
