"""How long evidence is kept: by what became of the case, by rule, and never less than a legal hold lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.domain.cases import CaseState

FINISHED = frozenset({CaseState.REJECTED.value, CaseState.WITHDRAWN.value, CaseState.PASSED.value})
"""States in which nothing is left to be done; the evidence of any other is never deleted.

A merged case is none of them: its evidence belongs to the case in which it goes on.
"""
_Days = Annotated[int, Field(ge=1, le=36_500)]


class RetentionRule(BaseModel):
    """Days that evidence is kept, counted from the case's last step; a state that is not named keeps it for ever.

    The defaults: 90 days for what was no violation, three years for what was, as it may come before a court.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Mapping[str, _Days] = {"rejected": 90, "withdrawn": 365, "passed": 1095}
    days_by_rule: Mapping[str, Mapping[str, _Days]] = {}
    """For some rules other days, by the rule's name and then by state."""

    @model_validator(mode="after")
    def _names_finished_states(self) -> Self:
        named = {*self.days, *(state for days in self.days_by_rule.values() for state in days)}
        if unfinished := sorted(named - FINISHED):
            message = f"evidence of {', '.join(unfinished)} cases is never deleted; known are {sorted(FINISHED)}"
            raise ValueError(message)
        return self

    def days_of(self, rule: str, state: str) -> int | None:
        """Return how many days the evidence of such a case is kept, None for ever."""
        return self.days_by_rule.get(rule, {}).get(state, self.days.get(state))


@dataclass(frozen=True)
class KeptEvidence:
    """A case's evidence, and what decides about it. `settled_at` (UTC) is when the last step was taken with it."""

    case_id: int
    key: str
    rule: str
    state: str
    settled_at: datetime
    size_bytes: int
    is_held: bool


def due(kept: Iterable[KeptEvidence], rule: RetentionRule, now: datetime) -> tuple[KeptEvidence, ...]:
    """Return what may be deleted now, the longest settled first."""
    return tuple(sorted((each for each in kept if is_due(each, rule, now)), key=lambda each: each.settled_at))


def is_due(kept: KeptEvidence, rule: RetentionRule, now: datetime) -> bool:
    """Whether the evidence may be deleted now."""
    days = rule.days_of(kept.rule, kept.state)
    if kept.is_held or kept.state not in FINISHED or days is None:
        return False
    return now - kept.settled_at >= timedelta(days=days)
