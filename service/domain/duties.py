"""What a responsible party still has to do: which of its cases wait for it, and since when. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from service.domain.cases import Case, CaseState
from service.domain.lifecycle import HistoryEntry, Step

STATES = (CaseState.ASSIGNED, CaseState.RECTIFYING)
"""In which a case is with the party that it was handed over to."""
_NEVER = datetime.max.replace(tzinfo=UTC)


def is_reported(history: Sequence[HistoryEntry]) -> bool:
    """Tell whether the party has said that it is put right, and waits for somebody to check; notes change nothing."""
    last = next((entry.step for entry in reversed(history) if entry.step is not Step.NOTE), None)
    return last is Step.REPORT


def sent_back_because(history: Sequence[HistoryEntry]) -> str:
    """Return why the case was sent back last, empty where it was not, or was handed over anew since."""
    last = next((entry for entry in reversed(history) if entry.step in (Step.RETURN, Step.ASSIGN)), None)
    return last.told.reason if last is not None and last.step is Step.RETURN else ""


def by_due_time(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases, the first due first; those of which nothing is due come last."""
    return tuple(sorted(cases, key=lambda case: (case.due_at or _NEVER, case.id)))
