"""Keeps cases and the history of their reviews in the database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain.cases import (
    Case,
    CaseState,
    Decision,
    EvidenceItem,
    Finding,
    LaterPackage,
    Review,
    decide,
)
from service.domain.corrections import Correction
from service.errors import AlreadyDecided, NoSuchCase
from service.storage.database import storage_errors
from service.storage.tables import CaseRow, LaterPackageRow, ReviewRow
from vision.evidence.manifest import Stage


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list; None means all."""

    state: CaseState | None = None
    rule: str | None = None
    camera_id: str | None = None


@dataclass(frozen=True)
class CasePage:
    """Some cases, newest first; `next_cursor` asks for the older ones, None when there are none."""

    cases: tuple[Case, ...]
    next_cursor: int | None


@dataclass(frozen=True)
class Revision:
    """Grows with every case, decision and later picture; two equal revisions mean that nothing happened between."""

    last_case: int
    last_review: int
    last_later: int


class CaseStore:
    """The queue's only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_or_get(self, finding: Finding) -> tuple[Case, bool]:
        """Put the finding into the queue, or return the case that has its key already.

        Returns the case and whether it is new. The database's unique constraint decides between two at once.
        """
        row = CaseRow(
            **{name: getattr(finding, name) for name in _PLAIN_COLUMNS},
            measures=dict(finding.measures),
            evidence=[asdict(item) for item in finding.evidence],
            state=CaseState.FOUND,
        )
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                session.add(row)
                session.flush()
                return _case(row), True
        except IntegrityError:
            existing = self.by_key(finding.key)
            if existing is None:
                raise
            return existing, False

    def add_later(self, case_id: int, later: LaterPackage) -> tuple[Case, bool]:
        """Add a later picture to the case, unless the case has one of this number already.

        Returns the case with all its later pictures, and whether it is new.
        """
        columns = {name: getattr(later, name) for name in _LATER_COLUMNS}
        row = LaterPackageRow(
            **columns,
            case_id=case_id,
            stage=later.stage.value,
            measures=dict(later.measures),
            evidence=[asdict(item) for item in later.evidence],
        )
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                session.add(row)
        except IntegrityError:
            case = self.get(case_id)
            if all(each.number != later.number for each in case.later):
                raise
            return case, False
        return self.get(case_id), True

    def get(self, case_id: int) -> Case:
        """Return the case.

        Raises:
            NoSuchCase: there is none of this number.
        """
        with Session(self._engine) as session:
            row = session.get(CaseRow, case_id)
            if row is None:
                raise NoSuchCase(case_id=case_id)
            return _case(row)

    def by_key(self, key: str) -> Case | None:
        """Return the case of the violation with this key, or None."""
        with Session(self._engine) as session:
            row = session.scalar(select(CaseRow).where(CaseRow.key == key))
            return None if row is None else _case(row)

    def page(self, wanted: CaseFilter | None = None, *, limit: int = 50, cursor: int | None = None) -> CasePage:
        """List up to `limit` cases, the last received first, older than `cursor` (a `next_cursor` of before)."""
        conditions = _conditions(wanted or CaseFilter(), cursor)
        query = select(CaseRow).where(*conditions).order_by(CaseRow.id.desc()).limit(limit + 1)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            cases = tuple(_case(row) for row in rows[:limit])
        return CasePage(cases, cases[-1].id if len(rows) > limit else None)

    def counts(self) -> dict[CaseState, int]:
        """Return how many cases are in each state."""
        with Session(self._engine) as session:
            found = {row[0]: row[1] for row in session.execute(_COUNTS)}
        return {state: found.get(state.value, 0) for state in CaseState}

    def reviews(self, case_id: int) -> tuple[Review, ...]:
        """Return the case's decisions, oldest first."""
        query = select(ReviewRow).where(ReviewRow.case_id == case_id).order_by(ReviewRow.id)
        with Session(self._engine) as session:
            return tuple(_review(row) for row in session.scalars(query))

    def decide(
        self,
        case_id: int,
        decision: Decision,
        *,
        at: datetime,
        reason: str = "",
        reviewer: str = "",
        correction: Correction | None = None,
    ) -> tuple[Case, Review]:
        """Decide the case and add the decision to its history; of two people at once, one wins.

        Raises:
            NoSuchCase: there is none of this number.
            AlreadyDecided: somebody was quicker.
            NotDecided: there is nothing to take back.
        """
        before = self.get(case_id)
        after = decide(before, decision)
        review = Review(case_id, decision, reason, reviewer, at, correction)
        # The state is compared again inside the UPDATE, so nobody can slip in between reading and writing.
        swap = (
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.state == before.state.value)
            .values(state=after.state.value)
        )
        with storage_errors(), Session(self._engine) as session, session.begin():
            if cast(CursorResult[Any], session.execute(swap)).rowcount == 1:
                session.add(_review_row(review))
                return after, review
        raise AlreadyDecided(case_id=case_id, state=self.get(case_id).state)

    def revision(self) -> Revision:
        """Return a value that changes when there is anything new to show; cheap enough to ask every second."""
        query = select(
            select(func.coalesce(func.max(CaseRow.id), 0)).scalar_subquery(),
            select(func.coalesce(func.max(ReviewRow.id), 0)).scalar_subquery(),
            select(func.coalesce(func.max(LaterPackageRow.id), 0)).scalar_subquery(),
        )
        with Session(self._engine) as session:
            return Revision(*session.execute(query).one())

    def check(self) -> None:
        """Ask the database for an answer; raises what the driver raises when there is none."""
        self.revision()

    def close(self) -> None:
        """Close the connections; the store must not be used after."""
        self._engine.dispose()


_COUNTS = select(CaseRow.state, func.count()).group_by(CaseRow.state)
_PLAIN_COLUMNS: Sequence[str] = (
    "key",
    "rule",
    "site_id",
    "site_name",
    "camera_id",
    "camera_name",
    "opened_at",
    "received_at",
    "folder",
    "manifest_sha256",
)
_LATER_COLUMNS: Sequence[str] = ("key", "number", "captured_at", "received_at", "folder", "manifest_sha256")


def _conditions(wanted: CaseFilter, cursor: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(CaseRow.state == wanted.state.value)
    if wanted.rule is not None:
        conditions.append(CaseRow.rule == wanted.rule)
    if wanted.camera_id is not None:
        conditions.append(CaseRow.camera_id == wanted.camera_id)
    if cursor is not None:
        conditions.append(CaseRow.id < cursor)
    return conditions


def _case(row: CaseRow) -> Case:
    return Case(
        **{name: getattr(row, name) for name in _PLAIN_COLUMNS},
        id=row.id,
        state=CaseState(row.state),
        measures=dict(row.measures),
        evidence=tuple(EvidenceItem(**item) for item in row.evidence),
        later=tuple(_later(each) for each in row.later),
    )


def _later(row: LaterPackageRow) -> LaterPackage:
    return LaterPackage(
        **{name: getattr(row, name) for name in _LATER_COLUMNS},
        stage=Stage(row.stage),
        measures=dict(row.measures),
        evidence=tuple(EvidenceItem(**item) for item in row.evidence),
    )


def _review(row: ReviewRow) -> Review:
    correction = None if row.correction is None else Correction.model_validate(row.correction)
    return Review(row.case_id, Decision(row.decision), row.reason, row.reviewer, row.decided_at, correction)


def _review_row(review: Review) -> ReviewRow:
    return ReviewRow(
        case_id=review.case_id,
        decision=review.decision,
        reason=review.reason,
        reviewer=review.reviewer,
        decided_at=review.decided_at,
        correction=None if review.correction is None else review.correction.model_dump(mode="json"),
    )
