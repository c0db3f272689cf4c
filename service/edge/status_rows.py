"""What an edge's cameras did between two readings of its status: one row of rates and states a camera."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.edge.status import CameraStatus, EdgeStatus
from streams.feed import CameraState
from streams.health.observation import HealthKind
from vision.watched_camera import CameraReport

WINDOW = timedelta(seconds=10)
"""Rates are told over the last so many seconds."""


@dataclass(frozen=True)
class CameraRow:
    """One camera at a glance; None where two readings do not tell.

    `frames_per_second` are received, `inspected_per_minute` seen by the networks. `unchanged_share` (0..1) is of all
    looks since the start. `dropped` and `reconnects` count since the start. `cpu_percent` is of one processor core.
    `problem` is what is wrong with the connection, in one line, and `trouble` the kinds of what ails the camera.
    """

    camera: str
    name: str
    site: str
    state: CameraState
    mode: str
    frames_per_second: float | None
    inspected_per_minute: float | None
    unchanged_share: float | None
    lag_s: float
    dropped: int
    reconnects: int
    last_picture_age_s: float | None
    cpu_percent: float | None
    problem: str
    trouble: tuple[HealthKind, ...]


def remember(readings: Sequence[EdgeStatus], new: EdgeStatus) -> list[EdgeStatus]:
    """Return the readings with the new one, without those that are no longer needed.

    The oldest one kept is at least `WINDOW` old where there is one. An edge that was started again begins anew.
    """
    if readings and new.at == readings[-1].at:
        return list(readings)
    kept = [old for old in readings if old.process == new.process and old.at < new.at]
    while len(kept) > 1 and new.at - kept[1].at >= WINDOW:
        kept.pop(0)
    return [*kept, new]


def camera_rows(before: EdgeStatus, after: EdgeStatus, now: datetime) -> list[CameraRow]:
    """Return a row for each camera of the later reading, those in trouble first; ages are told at `now`, UTC."""
    seconds = (after.at - before.at).total_seconds() if before.process == after.process else 0.0
    rows = [_row(name, before.cameras.get(name), camera, seconds, now) for name, camera in after.cameras.items()]
    return sorted(rows, key=lambda row: (row.state is CameraState.LIVE and not row.trouble, row.site, row.camera))


def _row(name: str, before: CameraStatus | None, after: CameraStatus, seconds: float, now: datetime) -> CameraRow:
    report, status = after.report, after.report.status
    earlier = None if before is None else before.report

    def rate(count: Callable[[CameraReport], float]) -> float | None:
        """Return what was counted a second; None where the camera is new, or was set up anew meanwhile."""
        if seconds <= 0 or earlier is None or count(report) < count(earlier):
            return None
        return (count(report) - count(earlier)) / seconds

    inspected = rate(lambda each: each.inspected)
    cpu = rate(lambda each: each.cpu_s)
    return CameraRow(
        camera=name,
        name=after.place.camera_name,
        site=after.place.site_name,
        state=_worst(after),
        mode=report.mode,
        frames_per_second=rate(lambda each: each.status.packets),
        inspected_per_minute=None if inspected is None else inspected * 60,
        unchanged_share=status.unchanged / status.frames if status.frames else None,
        lag_s=report.lag_s,
        dropped=status.dropped,
        reconnects=sum(max(0, feed.connections - 1) for feed in report.feeds),
        last_picture_age_s=None if status.last_packet_at is None else _seconds(now - status.last_packet_at),
        cpu_percent=None if cpu is None else cpu * 100,
        problem=next((feed.problem for feed in report.feeds if feed.problem), ""),
        trouble=tuple(sorted(after.trouble)),
    )


def _worst(camera: CameraStatus) -> CameraState:
    """Return the state of the stream that is not live, where there is one."""
    states = [feed.state for feed in camera.report.feeds]
    return next((state for state in states if state is not CameraState.LIVE), CameraState.LIVE)


def _seconds(age: timedelta) -> float:
    return max(0.0, age.total_seconds())
