"""The life cycle of a case: which step leads from which state to which, who may take it, and what it has to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.cases import Case, CaseState, EvidenceItem
from service.domain.corrections import Correction
from service.errors import (
    AlreadyDecided,
    BadMergeTarget,
    HistoryBroken,
    NotDecided,
    StepIncomplete,
    StepNotAllowed,
    StepNotPossible,
)


class Role(StrEnum):
    """In which capacity somebody takes a step."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    DISTRICT = "district"
    STREET = "street"
    SITE = "site"
    ADMINISTRATOR = "administrator"
    MACHINE = "machine"


class Step(StrEnum):
    """What is done with a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    DOUBT = "doubt"
    """The inspector can't tell, and leaves it to a reviewer."""
    UNDO = "undo"
    """Takes the last decision back; the history keeps both."""
    ASSIGN = "assign"
    DECLINE = "decline"
    """The party says that it is not theirs."""
    ACCEPT = "accept"
    """The party begins to put it right."""
    REPORT = "report"
    """The party says that it is put right."""
    RETURN = "return"
    """It is not put right, and handed over once more."""
    VERIFY = "verify"
    CLOSE = "close"
    PASS = "pass"  # noqa: S105 - the look-back was passed; no password
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    NOTE = "note"
    """Adds something to the history, and changes nothing else."""


class Need(StrEnum):
    """What a step may have to tell."""

    REASON = "reason"
    PARTY = "party"
    TARGET_CASE = "target_case"


@dataclass(frozen=True)
class Transition:
    """A row of the table: the step leads from any of `before` to `after` (None: to where it was)."""

    step: Step
    before: frozenset[CaseState]
    after: CaseState | None
    roles: frozenset[Role]
    needs: Need | None = None


_S, _R = CaseState, Role
_EVERYBODY = frozenset(Role)
_OFFICE = frozenset({_R.REVIEWER, _R.ADMINISTRATOR})
_DECIDES = _OFFICE | {_R.INSPECTOR}
_HANDS_OVER = _OFFICE | {_R.DISTRICT}
_PUTS_RIGHT = _OFFICE | {_R.DISTRICT, _R.STREET, _R.SITE}
_CHECKS = _DECIDES | {_R.DISTRICT, _R.STREET}
_LOOKS_BACK = _DECIDES | {_R.MACHINE}


def _row(
    step: Step, before: Iterable[CaseState], after: CaseState | None, roles: frozenset[Role], needs: Need | None = None
) -> Transition:
    return Transition(step, frozenset(before), after, roles, needs)


TRANSITIONS: tuple[Transition, ...] = (
    _row(Step.CONFIRM, (_S.FOUND,), _S.CONFIRMED, _DECIDES),
    _row(Step.REJECT, (_S.FOUND,), _S.REJECTED, _DECIDES),
    _row(Step.DOUBT, (_S.FOUND,), _S.UNSURE, _DECIDES),
    _row(Step.CONFIRM, (_S.UNSURE,), _S.CONFIRMED, _OFFICE),
    _row(Step.REJECT, (_S.UNSURE,), _S.REJECTED, _OFFICE),
    _row(Step.UNDO, (_S.UNSURE, _S.CONFIRMED, _S.REJECTED), _S.FOUND, _DECIDES),
    _row(Step.UNDO, (_S.MERGED,), _S.FOUND, _OFFICE),
    _row(Step.ASSIGN, (_S.CONFIRMED, _S.REOPENED), _S.ASSIGNED, _HANDS_OVER, Need.PARTY),
    _row(Step.DECLINE, (_S.ASSIGNED,), _S.CONFIRMED, _PUTS_RIGHT, Need.REASON),
    _row(Step.ACCEPT, (_S.ASSIGNED,), _S.RECTIFYING, _PUTS_RIGHT),
    _row(Step.REPORT, (_S.RECTIFYING,), _S.RECTIFYING, _PUTS_RIGHT),
    _row(Step.RETURN, (_S.RECTIFYING, _S.VERIFIED), _S.ASSIGNED, _CHECKS, Need.REASON),
    _row(Step.VERIFY, (_S.RECTIFYING,), _S.VERIFIED, _CHECKS),
    _row(Step.CLOSE, (_S.VERIFIED,), _S.CLOSED, _HANDS_OVER),
    _row(Step.PASS, (_S.CLOSED,), _S.PASSED, _LOOKS_BACK),
    _row(Step.REOPEN, (_S.CLOSED, _S.PASSED), _S.REOPENED, _LOOKS_BACK, Need.REASON),
    _row(
        Step.WITHDRAW,
        (_S.CONFIRMED, _S.ASSIGNED, _S.RECTIFYING, _S.VERIFIED, _S.REOPENED),
        _S.WITHDRAWN,
        _OFFICE,
        Need.REASON,
    ),
    _row(Step.MERGE, (_S.FOUND, _S.UNSURE, _S.CONFIRMED), _S.MERGED, _DECIDES | {_R.MACHINE}, Need.TARGET_CASE),
    _row(Step.NOTE, CaseState, None, _EVERYBODY, Need.REASON),
)
"""The whole life cycle; what is not here is not possible."""

_BY_PLACE: Mapping[tuple[CaseState, Step], Transition] = {
    (state, row.step): row for row in TRANSITIONS for state in row.before
}
STANDS_CONFIRMED = frozenset({_S.CONFIRMED, _S.ASSIGNED, _S.RECTIFYING, _S.VERIFIED, _S.CLOSED, _S.PASSED, _S.REOPENED})
"""The states of a case whose violation was confirmed, and not taken back since."""


@dataclass(frozen=True)
class Actor:
    """Who takes a step; the name may be empty."""

    name: str
    role: Role


@dataclass(frozen=True)
class Told:
    """What comes with a step: why, to whom, into which case, what the inspector drew, and pictures or papers."""

    reason: str = ""
    party: str = ""
    target_case: int | None = None
    correction: Correction | None = None
    attachments: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True)
class HistoryEntry:
    """One step of a case's history, kept for ever; numbers count from 1 in each case, `at` is UTC."""

    case_id: int
    number: int
    step: Step
    before: CaseState
    after: CaseState
    actor: Actor
    at: datetime
    told: Told


def possible_steps(state: CaseState, role: Role) -> tuple[Step, ...]:
    """Return the steps that somebody in this role may take now, in the order of the table."""
    return tuple(row.step for row in TRANSITIONS if state in row.before and role in row.roles)


def need_of(state: CaseState, step: Step) -> Need | None:
    """Return what the step has to tell in this state, None when nothing, or when it is not possible."""
    row = _BY_PLACE.get((state, step))
    return row.needs if row else None


def take_step(case: Case, step: Step, actor: Actor, told: Told, at: datetime) -> tuple[Case, HistoryEntry]:
    """Return the case after the step, and the step as its history keeps it; `due_at` is left as it was.

    Raises:
        AlreadyDecided: the case is to be decided but is not waiting for that any more.
        NotDecided: a decision is to be taken back but there is none.
        StepNotPossible: the state does not allow the step.
        StepNotAllowed: the role does not.
        StepIncomplete: a reason, a party or a target case is missing.
        BadMergeTarget: the case is to be merged into itself.
    """
    row = _BY_PLACE.get((case.state, step))
    if row is None:
        raise _impossible(case, step)
    if actor.role not in row.roles:
        raise StepNotAllowed(role=actor.role, step=step)
    if row.needs is not None and not getattr(told, row.needs):
        raise StepIncomplete(step=step, missing=row.needs)
    if step is Step.MERGE and told.target_case == case.id:
        raise BadMergeTarget(case_id=case.id, target=told.target_case)
    after = replace(
        case,
        state=row.after or case.state,
        version=case.version + 1,
        changed_by=actor.name,
        assigned_to=told.party if step is Step.ASSIGN else case.assigned_to,
    )
    return after, HistoryEntry(case.id, after.version, step, case.state, after.state, actor, at, told)


def replay(history: Iterable[HistoryEntry]) -> CaseState:
    """Return the state that the history leads to, the first step first.

    Raises:
        HistoryBroken: a step is missing, doubled, or does not follow from the one before it.
    """
    state = CaseState.FOUND
    for number, entry in enumerate(history, start=1):
        row = _BY_PLACE.get((state, entry.step))
        if row is None or (entry.number, entry.before, entry.after) != (number, state, row.after or state):
            raise HistoryBroken(case_id=entry.case_id, number=number)
        state = entry.after
    return state


def _impossible(case: Case, step: Step) -> AlreadyDecided | NotDecided | StepNotPossible:
    if step in (Step.CONFIRM, Step.REJECT, Step.DOUBT):
        return AlreadyDecided(case_id=case.id, state=case.state, who=case.changed_by)
    if step is Step.UNDO and case.state is CaseState.FOUND:
        return NotDecided(case_id=case.id)
    return StepNotPossible(case_id=case.id, state=case.state, who=case.changed_by, step=step)
