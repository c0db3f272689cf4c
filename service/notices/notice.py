"""A notice: something that happened to a case, as it stood then, ready to be told to people and machines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from service.domain.cases import Case, CaseState
from service.domain.lifecycle import HistoryEntry, Role, Step
from service.domain.office.levels import ControlLevel
from service.domain.reminders import Reminder, ReminderKind

FOUND, DUE_SOON, OVERDUE = "found", "due_soon", "overdue"
KINDS: tuple[str, ...] = (FOUND, *(step.value for step in Step), DUE_SOON, OVERDUE)
"""What may be told: a new case, each of the life cycle's steps, and the two kinds of reminder."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class ToldCase(_Told):
    """The case after what happened; `district` and `control_level` are None where the site is not in the list."""

    id: int
    key: str
    rule: str
    state: CaseState
    site_id: str
    site_name: str
    district: str | None
    control_level: ControlLevel | None
    camera_id: str
    camera_name: str
    opened_at: datetime
    due_at: datetime | None
    assigned_to: str
    measures: Mapping[str, float]


class ToldStep(_Told):
    """The step that was taken; `number` counts the case's steps from 1."""

    number: int
    step: Step
    by: str
    role: Role
    reason: str
    party: str
    target_case: int | None


class Notice(_Told):
    """What happened to a case; `at` is UTC. `key` is the same for the same happening, and for no other one."""

    key: str
    kind: str
    """One of `KINDS`."""
    at: datetime
    case: ToldCase
    step: ToldStep | None = None


@dataclass(frozen=True)
class NumberedNotice:
    """A notice as it is kept; numbers grow in the order in which things happened."""

    id: int
    notice: Notice


@dataclass(frozen=True)
class SiteFacts:
    """What a notice tells of a site beyond what its cases know."""

    district: str | None = None
    control_level: ControlLevel | None = None


def found_notice(case: Case, site: SiteFacts) -> Notice:
    """Return the notice of a new case."""
    return Notice(key=f"{case.key}/found", kind=FOUND, at=case.received_at, case=_told_case(case, site))


def step_notice(case: Case, entry: HistoryEntry, site: SiteFacts) -> Notice:
    """Return the notice of a step; `case` is the case after it."""
    told = ToldStep(
        number=entry.number,
        step=entry.step,
        by=entry.actor.name,
        role=entry.actor.role,
        reason=entry.told.reason,
        party=entry.told.party,
        target_case=entry.told.target_case,
    )
    key = f"{case.key}/step/{entry.number}"
    return Notice(key=key, kind=entry.step.value, at=entry.at, case=_told_case(case, site), step=told)


def reminder_notice(case: Case, reminder: Reminder, site: SiteFacts, at: datetime) -> Notice:
    """Return the notice that a case is due soon, or overdue, written at `at`."""
    return Notice(key=reminder_key(case, reminder), kind=_kind(reminder), at=at, case=_told_case(case, site))


def reminder_key(case: Case, reminder: Reminder) -> str:
    """Return the key of a reminder's notice, whenever it is written."""
    return f"{case.key}/{_kind(reminder)}/{reminder.at.astimezone(UTC).isoformat()}"


def _kind(reminder: Reminder) -> str:
    return DUE_SOON if reminder.kind is ReminderKind.BEFORE else OVERDUE


def _told_case(case: Case, site: SiteFacts) -> ToldCase:
    same = {name: getattr(case, name) for name in ToldCase.model_fields if hasattr(case, name)}
    return ToldCase(**same, district=site.district, control_level=site.control_level)
