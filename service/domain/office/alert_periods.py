"""Pollution alerts as the office gives them: times of one level, which do not overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from service.domain.office.alert import AlertChange, AlertHistory
from service.domain.office.errors import AlertsOverlap
from service.domain.office.levels import AlertLevel


@dataclass(frozen=True)
class AlertPeriod:
    """A level from `starts_at` on, up to and without `ends_at`, which is None while it goes on; aware times."""

    starts_at: datetime
    ends_at: datetime | None
    level: AlertLevel


def in_order(periods: Iterable[AlertPeriod]) -> tuple[AlertPeriod, ...]:
    """Return the periods by their beginnings.

    Raises:
        AlertsOverlap: one begins before the one before it has ended.
    """
    sorted_periods = tuple(sorted(periods, key=lambda each: each.starts_at))
    for earlier, later in pairwise(sorted_periods):
        if earlier.ends_at is None or earlier.ends_at > later.starts_at:
            raise AlertsOverlap(since=f"{earlier.starts_at:%Y-%m-%d %H:%M} UTC")
    return sorted_periods


def history_of(periods: Sequence[AlertPeriod]) -> AlertHistory:
    """Return the levels in time; where one period begins as another ends, the level changes without a break."""
    beginnings = {each.starts_at for each in periods}
    changes = [AlertChange(each.starts_at, each.level) for each in periods]
    changes += [
        AlertChange(each.ends_at, None)
        for each in periods
        if each.ends_at is not None and each.ends_at not in beginnings
    ]
    return AlertHistory(changes)
