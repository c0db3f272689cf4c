"""Pollution alerts (重污染天气预警): their levels in time, and the due time of a case that an alert falls upon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from service.domain.office.levels import AlertLevel
from service.domain.office.parameters import Parameters


class AlertMeasures(Parameters):
    """What a level asks for while it lasts."""

    interval_factor: float = Field(gt=0, le=1, title="巡看间隔乘以此系数 Inspection intervals are multiplied by this")
    due_hours: float = Field(
        gt=0, le=24 * 60, title="预警期间整改时限，小时 Hours of the alert within which a case is due"
    )


class AlertRule(Parameters):
    """The measures of every level."""

    levels: dict[AlertLevel, AlertMeasures]

    @model_validator(mode="after")
    def _stricter_levels_ask_for_more(self) -> Self:
        if missing := [level.value for level in AlertLevel if level not in self.levels]:
            raise ValueError(f"levels are missing: {', '.join(missing)}")
        for milder, stricter in pairwise(AlertLevel):
            before, after = self.levels[milder], self.levels[stricter]
            if after.interval_factor > before.interval_factor or after.due_hours > before.due_hours:
                raise ValueError(f"{stricter.value} asks for less than {milder.value}")
        return self


@dataclass(frozen=True)
class AlertChange:
    """The alert is given or changed to a level, or lifted (None), at a timezone-aware time."""

    at: datetime
    level: AlertLevel | None


@dataclass(frozen=True)
class AlertSpan:
    """A time from `since` on, up to and without `until`, which is None while it goes on."""

    since: datetime
    until: datetime | None


class AlertHistory:
    """All changes of one area's alert, in any order; two at one time are a mistake."""

    def __init__(self, changes: Iterable[AlertChange] = ()) -> None:
        self._changes = sorted(changes, key=lambda change: change.at)
        if any(one.at == other.at for one, other in pairwise(self._changes)):
            raise ValueError("the alert was changed twice at one time")

    def level_at(self, moment: datetime) -> AlertLevel | None:
        """Return the level that holds at the moment, None without an alert."""
        return next((change.level for change in reversed(self._changes) if change.at <= moment), None)

    def spans_of(self, level: AlertLevel) -> tuple[AlertSpan, ...]:
        """Return when the alert was at this level or a stricter one without a break."""
        spans: list[AlertSpan] = []
        since: datetime | None = None
        for change in self._changes:
            is_in_it = change.level is not None and change.level.is_at_least(level)
            if is_in_it and since is None:
                since = change.at
            elif not is_in_it and since is not None:
                spans.append(AlertSpan(since, change.at))
                since = None
        return tuple(spans if since is None else [*spans, AlertSpan(since, None)])


@dataclass(frozen=True)
class DueTime:
    """When a case is due; `alert` is the level that brought it forward, None where none did."""

    due_at: datetime
    alert: AlertLevel | None


def due_under_alert(handed_at: datetime, ordinary_due_at: datetime, alerts: AlertHistory, rule: AlertRule) -> DueTime:
    """Return when a case that was handed over is due, by the rule of the day it was found on.

    It is due once a level, or a stricter one, has lasted for that level's hours without a break since the case was
    handed over, and at its ordinary due time at the latest. So an alert that is given in the middle of a term brings
    the due time forward; one that becomes stricter may bring it forward again, counted from when it became so; one
    that becomes milder goes on as the milder one that it also was before; one that is lifted before the time came
    leaves the ordinary due time. What was overdue stays so. While an alert goes on it is taken to last.
    """
    due = DueTime(ordinary_due_at, None)
    for level in AlertLevel:
        term = timedelta(hours=rule.levels[level].due_hours)
        for span in alerts.spans_of(level):
            due_at = max(span.since, handed_at) + term
            if due_at < due.due_at and (span.until is None or due_at <= span.until):
                due = DueTime(due_at, level)
    return due
