"""Reports of cameras' health, as edges send them."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.health import HealthReport
from streams.health.observation import HealthKind

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """Return the time so many minutes after noon."""
    return NOON + timedelta(minutes=count)


def make_report(start: float = 0, end: float | None = None, **changes: Any) -> HealthReport:
    """Return a report of an observation that lasts from `start` to `end`, both in minutes after noon."""
    report = HealthReport(
        key=str(uuid.uuid4()),
        site_id="s-01",
        site_name="滨江一号地块",
        camera_id="s-01-gate",
        camera_name="东门出口",
        kind=HealthKind.OFFLINE,
        started_at=minutes(start),
        ended_at=None if end is None else minutes(end),
        figures={"tries": 3.0},
    )
    return report.model_copy(update=changes)
