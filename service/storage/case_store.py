"""Keeps cases and their history in the database."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import Case, CaseState, Decision, Finding, LaterPackage, Review
from service.domain.corrections import Correction
from service.domain.due import AWAITED_AFTER, Awaited, DueTimes, load_due_times
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told, take_step
from service.domain.office.levels import ControlLevel
from service.domain.office.rule_book import RuleBook
from service.errors import BadMergeTarget, CaseChanged, NoSuchCase
from service.office_rules import shipped_rules
from service.storage.alert_store import due_after
from service.storage.case_filter import CaseFilter as CaseFilter
from service.storage.case_filter import conditions
from service.storage.case_rows import LATER_COLUMNS, MOVING_COLUMNS, PLAIN_COLUMNS, case_of
from service.storage.database import lock_for_writing, storage_errors
from service.storage.history_rows import entry_of, row_of
from service.storage.look_back_rows import follow_step
from service.storage.notice_rows import tell_found, tell_step
from service.storage.scope_rows import in_scope
from service.storage.tables import CaseRow, CaseStepRow, LaterPackageRow, SiteRow

MOST_COUNTED = 1000


@dataclass(frozen=True)
class CasePage:
    """Some cases, newest first; `next_cursor` asks for the older ones, None when there are none."""

    cases: tuple[Case, ...]
    next_cursor: int | None


@dataclass(frozen=True)
class Revision:
    """Grows with every case, step and later picture; two equal revisions mean that nothing happened between."""

    last_case: int
    last_step: int
    last_later: int


class CaseStore:
    """The queue's only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine, due_times: DueTimes | None = None, rules: RuleBook | None = None) -> None:
        """Keep the cases in this database; due times and rules are those that come along unless others are given."""
        self._engine = engine
        self._rules = rules or shipped_rules()
        self._due_times = due_times or load_due_times()

    @property
    def engine(self) -> Engine:
        """The database, for the stores of other subjects in it."""
        return self._engine

    def add_or_get(self, finding: Finding, *, then: Callable[[Session], None] | None = None) -> tuple[Case, bool]:
        """Put the finding into the queue, or return the case that has its key already.

        With it is written what `then` writes. Returns the case and whether it is new. The database's unique constraint
        decides between two at once.
        """
        row = CaseRow(
            **{name: getattr(finding, name) for name in PLAIN_COLUMNS},
            measures=dict(finding.measures),
            evidence=[asdict(item) for item in finding.evidence],
            state=CaseState.FOUND,
        )
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                level = _level(session, finding.site_id)
                row.due_at = self._due_times.due(Awaited.REVIEW, rule=finding.rule, level=level, at=finding.received_at)
                session.add(row)
                session.flush()
                if then is not None:
                    then(session)
                case = case_of(row)
                tell_found(session, case)
                return case, True
        except IntegrityError:
            existing = self.by_key(finding.key)
            if existing is None:
                raise
            return existing, False

    def add_later(
        self, case_id: int, later: LaterPackage, *, then: Callable[[Session], None] | None = None
    ) -> tuple[Case, bool]:
        """Add a later picture to the case, unless the case has one of this number already.

        With it is written what `then` writes. Returns the case with all its later pictures, and whether it is new.
        """
        columns = {name: getattr(later, name) for name in LATER_COLUMNS}
        row = LaterPackageRow(
            **columns,
            case_id=case_id,
            stage=later.stage.value,
            outcome=None if later.outcome is None else later.outcome.value,
            measures=dict(later.measures),
            evidence=[asdict(item) for item in later.evidence],
        )
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                session.add(row)
                session.flush()
                if then is not None:
                    then(session)
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
            return case_of(row)

    def by_key(self, key: str) -> Case | None:
        """Return the case of the violation with this key, or None."""
        with Session(self._engine) as session:
            row = session.scalar(select(CaseRow).where(CaseRow.key == key))
            return None if row is None else case_of(row)

    def page(self, wanted: CaseFilter | None = None, *, limit: int = 50, cursor: int | None = None) -> CasePage:
        """List up to `limit` cases, the last received first, older than `cursor` (a `next_cursor` of before)."""
        query = select(CaseRow).order_by(CaseRow.id.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(CaseRow.id < cursor)
        with Session(self._engine) as session:
            rows = session.scalars(query.where(*conditions(session, wanted or CaseFilter()))).all()
            cases = tuple(case_of(row) for row in rows[:limit])
        return CasePage(cases, cases[-1].id if len(rows) > limit else None)

    def counts(self, scope: Scope = EVERYWHERE) -> dict[CaseState, int]:
        """Return how many cases of the scope are in each state; `MOST_COUNTED` for as many or more.

        Counting them all takes long.
        """
        with Session(self._engine) as session:
            return dict(zip(CaseState, session.execute(_counts(scope)).one(), strict=True))

    def history(self, case_id: int) -> tuple[HistoryEntry, ...]:
        """Return every step that was taken with the case, oldest first."""
        query = select(CaseStepRow).where(CaseStepRow.case_id == case_id).order_by(CaseStepRow.number)
        with Session(self._engine) as session:
            return tuple(entry_of(row) for row in session.scalars(query))

    def reviews(self, case_id: int) -> tuple[Review, ...]:
        """Return the decisions of the case's history, oldest first."""
        return tuple(_review(entry) for entry in self.history(case_id) if entry.step in _DECISIONS)

    def decide(
        self,
        case_id: int,
        decision: Decision,
        *,
        at: datetime,
        reason: str = "",
        reviewer: str = "",
        correction: Correction | None = None,
        role: Role = Role.REVIEWER,
    ) -> tuple[Case, Review]:
        """Decide the case, or take the decision back: `take_step` for who reviews. Raises what that does."""
        told = Told(reason=reason, correction=correction)
        case, entry = self.take_step(case_id, Step(decision.value), Actor(reviewer, role), told, at=at)
        return case, _review(entry)

    def take_step(
        self, case_id: int, step: Step, actor: Actor, told: Told, *, at: datetime, version: int | None = None
    ) -> tuple[Case, HistoryEntry]:
        """Take the step and add it to the case's history; of two people at once, one wins.

        With a `version` the step is meant for that version of the case only.

        Raises:
            NoSuchCase: there is none of this number, or none to merge into.
            CaseChanged: somebody was quicker.
            AlreadyDecided, NotDecided, StepNotPossible, StepNotAllowed, StepIncomplete, BadMergeTarget: see
                `service.domain.lifecycle.take_step`.
        """
        before = self.get(case_id)
        if version is not None and version != before.version:
            raise _changed(before)
        after, entry = take_step(before, step, actor, told, at)
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            written = self.write_step(session, before, after, entry)
            if written is not None:
                return written, entry
        now = self.get(case_id)
        take_step(now, step, actor, told, at)  # tells who was first, where the step is not possible any more
        raise _changed(now)

    def write_step(self, session: Session, before: Case, after: Case, entry: HistoryEntry) -> Case | None:
        """Write a step that was judged by what the case was `before`, as the only writer; None when it has changed.

        Returns the case with its new due time.

        Raises:
            NoSuchCase, BadMergeTarget: the case can't be merged into the one that is told.
        """
        if entry.told.target_case is not None and entry.step is Step.MERGE:
            _check_target(session, before.id, entry.told.target_case)
        level = _level(session, before.site_id)
        due_at, ordinary = due_after(session, before, entry, level=level, due_times=self._due_times, rules=self._rules)
        after = replace(after, due_at=due_at, ordinary_due_at=ordinary)
        if not _swap(session, before, after):
            return None
        row = row_of(entry)
        row.was_due_at = before.due_at if entry.step in AWAITED_AFTER else None
        session.add(row)
        tell_step(session, after, entry)
        follow_step(session, entry, after, self._due_times.set_of(entry.at).look_back_tried)
        return after

    def revision(self) -> Revision:
        """Return a value that changes when there is anything new to show; cheap enough to ask every second."""
        query = select(
            select(func.coalesce(func.max(CaseRow.id), 0)).scalar_subquery(),
            select(func.coalesce(func.max(CaseStepRow.id), 0)).scalar_subquery(),
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


_DECISIONS = frozenset(Step(decision.value) for decision in Decision)


def _counts(scope: Scope) -> Select[Any]:
    within = in_scope(scope, CaseRow.site_id)
    return select(
        *(
            select(func.count())
            .select_from(select(CaseRow.id).where(CaseRow.state == state.value, *within).limit(MOST_COUNTED).subquery())
            .scalar_subquery()
            .label(state.value)
            for state in CaseState
        )
    )


def _review(entry: HistoryEntry) -> Review:
    decision, told = Decision(entry.step.value), entry.told
    return Review(entry.case_id, decision, told.reason, entry.actor.name, entry.at, told.correction)


def _swap(session: Session, before: Case, after: Case) -> bool:
    # State and version are compared again inside the UPDATE, so nobody can slip in between reading and writing.
    swap = (
        update(CaseRow)
        .where(CaseRow.id == before.id, CaseRow.state == before.state.value, CaseRow.version == before.version)
        .values({name: getattr(after, name) for name in MOVING_COLUMNS})
    )
    return cast(CursorResult[Any], session.execute(swap)).rowcount == 1


def _check_target(session: Session, case_id: int, target: int) -> None:
    """Lock both cases, always in the same order, and see that the target is there and not merged itself."""
    query = select(CaseRow.id, CaseRow.state).where(CaseRow.id.in_((case_id, target))).order_by(CaseRow.id)
    states = {row[0]: row[1] for row in session.execute(query.with_for_update())}
    if target not in states:
        raise NoSuchCase(case_id=target)
    if states[target] == CaseState.MERGED.value:
        raise BadMergeTarget(case_id=case_id, target=target)


def _level(session: Session, site_id: str) -> ControlLevel | None:
    level = session.scalar(select(SiteRow.control_level).where(SiteRow.id == site_id))
    return None if level is None else ControlLevel(level)


def _changed(case: Case) -> CaseChanged:
    return CaseChanged(case_id=case.id, state=case.state, who=case.changed_by)
