"""Escalation (从严处罚): handed over twice and still not rectified, or two offences within a year on one project."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from service.domain.office.days import OFFICE_TIME, day_of
from service.domain.office.offences import Counting, Offence, earlier_offences
from service.domain.office.parameters import Parameters
from service.domain.office.reasons import Reason, because


class EscalationRule(Parameters):
    """How often is too often."""

    missed_handovers: int = Field(ge=1, le=20, title="交办到期仍未整改的次数 Handovers that passed their due time")
    offences: int = Field(ge=2, le=100, title="一年内同一项目的违规起数 Offences within a year on one project")
    counting: Counting
    guided_offences_count: bool = Field(title="先行指导的违规也计入 Offences that were met with guidance count as well")


class EscalationReason(StrEnum):
    """What was found, as English texts."""

    NOT_RECTIFIED = "handed over {count} times and not rectified in time; the last was due on {due}"
    REPEATED_IN_DAYS = "offence {count} on this project within {days} days; the earlier ones: {cases}"
    REPEATED_IN_YEAR = "offence {count} on this project in the year {year}; the earlier ones: {cases}"


@dataclass(frozen=True)
class Handover:
    """One handing over (交办) of a case and the time it was due at, both timezone-aware."""

    handed_at: datetime
    due_at: datetime

    def __post_init__(self) -> None:
        if self.due_at <= self.handed_at:
            raise ValueError("a handover is due after it was made")


@dataclass(frozen=True)
class Escalation:
    """Whether the case is dealt with strictly, and each ground for it."""

    is_escalated: bool
    reasons: tuple[Reason, ...]


def escalation_of(
    offence: Offence,
    others: Iterable[Offence],
    handovers: Sequence[Handover],
    rectified_at: datetime | None,
    now: datetime,
    rule: EscalationRule,
) -> Escalation:
    """Return whether the offence's case is dealt with strictly, by the rule of the day it was found on.

    `rectified_at` is when the rectification that stood was told, None while there is none (a look-back that fails
    takes it away). Once escalated, a late rectification does not take it back. `others` are offences of any project.
    """
    reasons = (_not_rectified(handovers, rectified_at, now, rule), _repeated(offence, others, rule))
    found = tuple(reason for reason in reasons if reason is not None)
    return Escalation(bool(found), found)


def missed(handovers: Iterable[Handover], rectified_at: datetime | None, now: datetime) -> list[Handover]:
    """Return the handovers whose due time passed before the case was rectified, in the order of their due times."""
    end = now if rectified_at is None else min(now, rectified_at)
    return sorted((each for each in handovers if each.due_at < end), key=lambda each: each.due_at)


def _not_rectified(
    handovers: Iterable[Handover], rectified_at: datetime | None, now: datetime, rule: EscalationRule
) -> Reason | None:
    late = missed(handovers, rectified_at, now)
    if len(late) < rule.missed_handovers:
        return None
    due = late[-1].due_at.astimezone(OFFICE_TIME)
    return because(EscalationReason.NOT_RECTIFIED, count=len(late), due=f"{due:%Y-%m-%d %H:%M}")


def _repeated(offence: Offence, others: Iterable[Offence], rule: EscalationRule) -> Reason | None:
    counted = [each for each in others if rule.guided_offences_count or not each.was_guided]
    earlier = earlier_offences(offence, counted, rule.counting)
    if len(earlier) + 1 < rule.offences:
        return None
    params = {
        "count": len(earlier) + 1,
        "cases": ", ".join(f"{each.case_id} ({day_of(each.found_at)})" for each in earlier),
    }
    if rule.counting.window == "calendar_year":
        return because(EscalationReason.REPEATED_IN_YEAR, year=day_of(offence.found_at).year, **params)
    return because(EscalationReason.REPEATED_IN_DAYS, days=rule.counting.window_days, **params)
