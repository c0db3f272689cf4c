"""Takes one step with many cases in one transaction, and answers the same request with the same answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import Case, CaseState
from service.domain.lifecycle import Actor, Step, Told, take_step
from service.errors import CaseChanged, NoSuchCase, RequestKeyTaken, ServiceError
from service.storage.case_rows import case_of
from service.storage.case_store import CaseStore
from service.storage.database import lock_for_writing, storage_errors
from service.storage.scope_rows import in_scope
from service.storage.tables import BulkStepsRow, CaseRow

KEPT = timedelta(days=7)
"""How long a request may be sent again."""
ActorOf = Callable[[CaseState], Actor]
"""Who takes the step with a case in this state; raises StepNotAllowed where they have no such role."""


@dataclass(frozen=True)
class WantedCase:
    """A case that the step is meant for; with a `version`, for that version of it only."""

    case_id: int
    version: int | None = None


@dataclass(frozen=True)
class StepOutcome:
    """What became of the step with one case: its state and version after it, or the error's class and text."""

    case_id: int
    done: bool
    state: str = ""
    version: int = 0
    error: str = ""
    detail: str = ""


@dataclass(frozen=True)
class RequestKey:
    """What tells a request that is sent again: the sender's key, and the SHA-256 of what was asked."""

    key: str
    request_sha256: str


class BulkSteps:
    """Takes steps with many cases of a queue."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store

    def take(
        self,
        wanted: Sequence[WantedCase],
        step: Step,
        actor_of: ActorOf,
        told: Told,
        *,
        at: datetime,
        scope: Scope = EVERYWHERE,
        request: RequestKey | None = None,
    ) -> tuple[StepOutcome, ...]:
        """Take the step with each case that it is possible with, and tell what became of each, in their order.

        A case outside of the scope is told as one that is not there, also as the one to merge into.

        What was done is written together with the answer: a request that comes again within `KEPT` is given that
        answer, and does nothing.

        Raises:
            RequestKeyTaken: the key was used for another request.
        """
        with storage_errors(), Session(self._store.engine) as session, session.begin():
            lock_for_writing(session)
            if request is not None and (before := session.get(BulkStepsRow, request.key)) is not None:
                if before.request_sha256 != request.request_sha256:
                    raise RequestKeyTaken
                return tuple(StepOutcome(**each) for each in before.answer)
            target = () if told.target_case is None else (told.target_case,)
            cases = _read(session, (*(each.case_id for each in wanted), *target), scope)
            outcomes = tuple(self._take(session, cases, each, step, actor_of, told, at) for each in wanted)
            if request is not None:
                session.execute(delete(BulkStepsRow).where(BulkStepsRow.at < at - KEPT))
                answer = [asdict(each) for each in outcomes]
                session.add(BulkStepsRow(key=request.key, request_sha256=request.request_sha256, at=at, answer=answer))
            return outcomes

    def _take(
        self,
        session: Session,
        cases: dict[int, Case],
        wanted: WantedCase,
        step: Step,
        actor_of: ActorOf,
        told: Told,
        at: datetime,
    ) -> StepOutcome:
        try:
            case = cases.get(wanted.case_id)
            if case is None:
                raise NoSuchCase(case_id=wanted.case_id)
            if told.target_case is not None and told.target_case not in cases:
                raise NoSuchCase(case_id=told.target_case)
            if wanted.version not in (None, case.version):
                raise CaseChanged(case_id=case.id, state=case.state, who=case.changed_by)
            after, entry = take_step(case, step, actor_of(case.state), told, at)
            written = self._store.write_step(session, case, after, entry)
            if written is None:  # by nobody but who writes past the lock
                raise CaseChanged(case_id=case.id, state=case.state, who=case.changed_by)
        except ServiceError as error:
            return StepOutcome(wanted.case_id, done=False, error=type(error).__name__, detail=str(error))
        return StepOutcome(wanted.case_id, done=True, state=written.state.value, version=written.version)


def _read(session: Session, ids: Iterable[int], scope: Scope) -> dict[int, Case]:
    query = select(CaseRow).where(CaseRow.id.in_(tuple(ids)), *in_scope(scope, CaseRow.site_id))
    rows = session.scalars(query).all()
    return {row.id: case_of(row) for row in rows}
