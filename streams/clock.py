"""Turns a camera's presentation timestamps into UTC, from when the packets arrive."""

from datetime import datetime, timedelta

JUMP = timedelta(seconds=5)
"""A timestamp that lies further than this from its arrival means that the camera restarted its count."""
STEP_BACK = timedelta(seconds=1)
"""A timestamp this much before the newest one means the same; B-frames, which come later than shown, stay within it."""
DRIFT_PER_SECOND = timedelta(milliseconds=1)
"""How fast the origin may move later: follows a camera whose crystal runs slow, and no faster."""


class ArrivalClock:
    """Maps presentation time to UTC by the quickest arrival seen.

    A packet can't arrive before it was captured, but the network may delay it; so the earliest origin (arrival less
    presentation time) is the best estimate, and single late packets do not shake the times.
    """

    def __init__(self) -> None:
        self._origin: datetime | None = None
        self._first_origin: datetime | None = None
        self._last_arrival: datetime | None = None
        self._newest: timedelta | None = None

    @property
    def drift_s(self) -> float:
        """Seconds by which the camera's clock has fallen behind ours since it began to count; ahead is negative."""
        if self._origin is None or self._first_origin is None:
            return 0.0
        return (self._origin - self._first_origin).total_seconds()

    def captured_at(self, presentation_s: float, arrived_at: datetime) -> datetime:
        """Return the UTC time of a packet with this presentation time (seconds) that arrived at `arrived_at` (UTC)."""
        presented = timedelta(seconds=presentation_s)
        observed = arrived_at - presented
        stepped_back = self._newest is not None and self._newest - presented > STEP_BACK
        if self._origin is None or self._last_arrival is None or stepped_back or abs(observed - self._origin) > JUMP:
            self._origin = self._first_origin = observed
            self._newest = None
        else:
            waited_s = max(0.0, (arrived_at - self._last_arrival).total_seconds())
            self._origin = min(observed, self._origin + DRIFT_PER_SECOND * waited_s)
        self._last_arrival = arrived_at
        self._newest = presented if self._newest is None else max(self._newest, presented)
        return self._origin + presented
