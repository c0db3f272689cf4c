"""Keeps legal holds, and the list of evidence that was deleted, to which rows are only ever added."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from service.domain.cases import Case, CaseState
from service.domain.retention import FINISHED, KeptEvidence, RetentionRule, is_due
from service.errors import AlreadyHeld, NotHeld
from service.storage.case_store import CaseFilter, CaseStore
from service.storage.database import lock_for_writing, storage_errors
from service.storage.tables import EvidenceDeletionRow, LegalHoldRow

_PAGE = 200


@dataclass(frozen=True)
class LegalHold:
    """Why a case's evidence must stay, whoever said so, and since when (UTC)."""

    case_id: int
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class Deletion:
    """What was deleted when (UTC), and what it was: `manifest_sha256` still names it."""

    case_id: int
    key: str
    state: str
    manifest_sha256: str
    size_bytes: int
    deleted_at: datetime


class RetentionStore:
    """Every method is one transaction and safe from any thread, but `kept`, which reads page by page."""

    def __init__(self, engine: Engine, cases: CaseStore) -> None:
        self._engine = engine
        self._cases = cases

    def hold(self, case_id: int, *, reason: str, by: str, at: datetime) -> LegalHold:
        """Keep the case's evidence until `release`.

        Raises:
            NoSuchCase: there is none of this number.
            AlreadyHeld: it is held already.
        """
        self._cases.get(case_id)
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            if _open_hold(session, case_id) is not None:
                raise AlreadyHeld(case_id=case_id)
            session.add(LegalHoldRow(case_id=case_id, reason=reason, set_by=by, set_at=at, released_by=""))
        return LegalHold(case_id, reason, by, at)

    def release(self, case_id: int, *, by: str, at: datetime) -> None:
        """End the hold; the row stays and tells who ended it. Raises NotHeld."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = _open_hold(session, case_id)
            if row is None:
                raise NotHeld(case_id=case_id)
            session.execute(
                update(LegalHoldRow).where(LegalHoldRow.id == row.id).values(released_by=by, released_at=at)
            )

    def holds(self) -> tuple[LegalHold, ...]:
        """Return the holds that are not released, oldest first."""
        query = select(LegalHoldRow).where(LegalHoldRow.released_at.is_(None)).order_by(LegalHoldRow.id)
        with Session(self._engine) as session:
            return tuple(LegalHold(row.case_id, row.reason, row.set_by, row.set_at) for row in session.scalars(query))

    def deletions(self) -> tuple[Deletion, ...]:
        """Return everything that was deleted, oldest first."""
        query = select(EvidenceDeletionRow).order_by(EvidenceDeletionRow.id)
        with Session(self._engine) as session:
            return tuple(
                Deletion(row.case_id, row.key, row.state, row.manifest_sha256, row.size_bytes, row.deleted_at)
                for row in session.scalars(query)
            )

    def kept(self) -> Iterator[KeptEvidence]:
        """Return the evidence of finished cases that is not deleted yet."""
        held = {each.case_id for each in self.holds()}
        deleted = {each.case_id for each in self.deletions()}
        for state in CaseState:
            if state.value not in FINISHED:
                continue
            cursor: int | None = None
            while True:
                page = self._cases.page(CaseFilter(state), limit=_PAGE, cursor=cursor)
                yield from (self._kept(case, held) for case in page.cases if case.id not in deleted)
                cursor = page.next_cursor
                if cursor is None:
                    break

    def note_deletion(self, case_id: int, rule: RetentionRule, at: datetime) -> Deletion | None:
        """Write down that the evidence is deleted, before it is; None when it may not be any more.

        What decides is read again as the only writer, so that neither a hold nor a decision can slip in between.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            case = self._cases.get(case_id)
            held = {case_id} if _open_hold(session, case_id) is not None else set()
            if not is_due(self._kept(case, held), rule, at):
                return None
            size = _size(case)
            deletion = Deletion(case.id, case.key, case.state.value, case.manifest_sha256, size, at)
            session.add(EvidenceDeletionRow(**vars(deletion)))
            return deletion

    def _kept(self, case: Case, held: set[int]) -> KeptEvidence:
        steps = [entry.at for entry in self._cases.history(case.id)]
        return KeptEvidence(
            case_id=case.id,
            key=case.key,
            rule=case.rule,
            state=case.state.value,
            settled_at=max([case.received_at, *steps]),
            size_bytes=_size(case),
            is_held=case.id in held,
        )


def _size(case: Case) -> int:
    return sum(item.size_bytes for package in case.packages for item in package.evidence)


def _open_hold(session: Session, case_id: int) -> LegalHoldRow | None:
    query = select(LegalHoldRow).where(LegalHoldRow.case_id == case_id, LegalHoldRow.released_at.is_(None))
    return session.scalar(query)
