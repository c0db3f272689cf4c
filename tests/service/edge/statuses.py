"""Makes statuses of an edge for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from service.edge.status import CameraStatus, EdgeStatus
from streams.feed import CameraState, FeedStatus
from streams.health.observation import HealthKind
from vision.evidence.manifest import Place
from vision.watched_camera import CameraReport

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
LIVE = FeedStatus(state=CameraState.LIVE, connections=1, last_packet_at=NOON, last_keyframe_at=NOON)


def camera(
    name: str = "gate",
    *,
    feed: dict[str, Any] | None = None,
    trouble: dict[HealthKind, datetime] | None = None,
    **changes: Any,
) -> CameraStatus:
    """Return a live gate camera that has done nothing yet.

    `feed` changes its connection, `trouble` is what ails it, the rest changes its report.
    """
    report = CameraReport(
        status=replace(LIVE, **(feed or {})),
        recording=None,
        mode="gate",
        inspected=0,
        last_inspected_at=None,
        lag_s=0.1,
        cpu_s=0.0,
        networks_cpu_s=0.0,
        ring_bytes=0,
        is_suspended=False,
        figures={},
    )
    place = Place(site_id="xinghe", site_name="星河湾二期", camera_id=name, camera_name="东门出口")
    return CameraStatus(place, replace(report, **changes), trouble or {})


def edge(*cameras: CameraStatus, after_s: float = 0.0, **changes: Any) -> EdgeStatus:
    """Return an edge's status `after_s` seconds past noon."""
    status = EdgeStatus(NOON + timedelta(seconds=after_s), 1, 0, 0, {each.place.camera_id: each for each in cameras})
    return replace(status, **changes)
