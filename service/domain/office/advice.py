"""What the office's rules say about one case: whether guidance comes first, whether it is dealt with strictly."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.lifecycle import Step
from service.domain.office.escalation import Escalation, Handover, escalation_of
from service.domain.office.leniency import Leniency, leniency_of
from service.domain.office.levels import AlertLevel
from service.domain.office.offences import Offence
from service.domain.office.rule_set import RuleSet


@dataclass(frozen=True)
class DatedStep:
    """A step of a case's history, and when what it did had been due, where something was; aware times."""

    step: Step
    at: datetime
    was_due_at: datetime | None


@dataclass(frozen=True)
class Course:
    """How a case went so far: its handovers, and when the rectification that stands was told, None without one."""

    handovers: tuple[Handover, ...] = ()
    rectified_at: datetime | None = None


@dataclass(frozen=True)
class Advice:
    """What the version of the rules says; it decides nothing by itself. `alert` held when the case was found."""

    version: str
    alert: AlertLevel | None
    leniency: Leniency
    escalation: Escalation


def advice_of(
    offence: Offence,
    others: Iterable[Offence],
    course: Course,
    alert: AlertLevel | None,
    now: datetime,
    rules: RuleSet,
) -> Advice:
    """Return the advice by the rules of the day on which the offence was found; `others` are of any project."""
    listed = tuple(others)
    leniency = leniency_of(offence, listed, alert, rules.leniency)
    escalation = escalation_of(offence, listed, course.handovers, course.rectified_at, now, rules.escalation)
    return Advice(rules.version, alert, leniency, escalation)


@dataclass(frozen=True)
class _Open:
    """A handover that was not answered yet, and what was reported since."""

    handed_at: datetime
    due_at: datetime | None = None
    reported_at: datetime | None = None


def course_of(steps: Iterable[DatedStep], due_at: datetime | None) -> Course:
    """Return how a case went, by its steps, the oldest first; `due_at` is when the next step is due, if one is.

    A handover is due when its rectification is, or taking it up while nobody did. One that was declined is none. A
    rectification stands once it was verified, until the case is handed over or opened again.
    """
    handovers: list[Handover] = []
    current: _Open | None = None
    rectified_at: datetime | None = None
    for each in steps:
        if each.step in (Step.ASSIGN, Step.RETURN):
            _end(handovers, current, each.was_due_at if each.step is Step.RETURN else None)
            current, rectified_at = _Open(each.at), None
        elif each.step is Step.DECLINE:
            current = None
        elif each.step is Step.REPORT and current is not None:
            current = replace(current, due_at=current.due_at or each.was_due_at, reported_at=each.at)
        elif each.step is Step.VERIFY and current is not None:
            rectified_at = current.reported_at or each.at
        elif each.step is Step.REOPEN:
            rectified_at = None
    if current is not None and current.reported_at is None:
        _end(handovers, current, due_at)
    else:
        _end(handovers, current, None)
    return Course(tuple(handovers), rectified_at)


def _end(handovers: list[Handover], current: _Open | None, due_at: datetime | None) -> None:
    if current is None:
        return
    due = current.due_at or due_at
    if due is not None and due > current.handed_at:
        handovers.append(Handover(current.handed_at, due))
