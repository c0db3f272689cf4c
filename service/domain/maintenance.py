"""When trouble with a camera becomes a maintenance case, and when the case closes on its own: pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.health import HealthReport
from streams.health.observation import HealthKind

OPENS_AFTER: Mapping[HealthKind, timedelta] = {
    HealthKind.OFFLINE: timedelta(minutes=30),
    HealthKind.NO_KEYFRAME: timedelta(minutes=30),
    HealthKind.FROZEN: timedelta(minutes=30),
    HealthKind.BLACK: timedelta(hours=2),
    HealthKind.OVEREXPOSED: timedelta(hours=2),
    HealthKind.BLURRED_OR_DIRTY: timedelta(hours=24),
    HealthKind.COVERED: timedelta(minutes=15),
    HealthKind.MOVED: timedelta(minutes=15),
    HealthKind.CLOCK_DRIFT: timedelta(hours=24),
    HealthKind.BIT_RATE_COLLAPSE: timedelta(hours=2),
}
"""How long an observation has to last before somebody is sent."""
ITSELF = "dustwatch"
"""Who closed a case that closed on its own."""


class MaintenanceState(StrEnum):
    """Where a maintenance case stands."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class MaintenanceCase:
    """A camera that somebody has to look at; at most one is open for each camera and kind.

    `key` is that of the observation that opened it, `since` when that one started. `healthy_since` is when the last of
    its observations ended, None while one goes on. All times are UTC.
    """

    id: int
    key: str
    site_id: str
    site_name: str
    camera_id: str
    camera_name: str
    kind: HealthKind
    since: datetime
    opened_at: datetime
    healthy_since: datetime | None
    state: MaintenanceState
    closed_at: datetime | None = None
    closed_by: str = ""
    note: str = ""


@dataclass(frozen=True)
class MaintenanceRule:
    """Decides over observations and cases; `closes_after` is how long a camera has to be healthy again."""

    opens_after: Mapping[HealthKind, timedelta] = field(default_factory=lambda: OPENS_AFTER)
    closes_after: timedelta = timedelta(hours=24)

    def opens_case(self, report: HealthReport, now: datetime) -> bool:
        """Return whether the observation alone is reason enough for a case: it lasted, and is not long over."""
        lasted = (report.ended_at or now) - report.started_at
        return lasted >= self.opens_after[report.kind] and not self.closes_case(report.ended_at, now)

    def joins_case(self, report: HealthReport, case: MaintenanceCase) -> bool:
        """Return whether the observation belongs to the open case, however short it was."""
        same = (report.camera_id, report.kind) == (case.camera_id, case.kind)
        return same and (report.ended_at is None or report.ended_at >= case.since)

    def closes_case(self, healthy_since: datetime | None, now: datetime) -> bool:
        """Return whether a case whose camera is healthy since then (None: is not) closes on its own."""
        return healthy_since is not None and now - healthy_since >= self.closes_after


def healthy_since(ends: Iterable[datetime | None]) -> datetime | None:
    """Return when the last of a case's observations ended; None while one goes on, or when there is none."""
    latest = None
    for end in ends:
        if end is None:
            return None
        latest = end if latest is None else max(latest, end)
    return latest
