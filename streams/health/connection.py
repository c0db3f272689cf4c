"""Judges a camera's connection: silence, missing keyframes, a drifting clock, a collapsed bit rate."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from streams.feed import CameraState, FeedStatus
from streams.health.observation import Finding, HealthKind
from streams.health.parameters import HealthParameters

RATE_SPAN = timedelta(seconds=60)
RATES_A_DAY = 24 * 60
DRIFT_JUMP_S = 0.8
"""A drift that changes by more from one look to the next is a camera that began to count anew."""
NO_JUDGEMENT = Finding(None)


class ConnectionHealth:
    """Takes a camera's status every few seconds; a status that says the feed was stopped is not judged."""

    def __init__(self, parameters: HealthParameters) -> None:
        self._parameters = parameters
        self._began_at: datetime | None = None
        self._drift = DriftWindow(parameters)
        self._bit_rate = BitRate(parameters)

    def look(self, status: FeedStatus, now: datetime) -> dict[HealthKind, Finding]:
        """Judge the kinds of the connection; `now` is UTC."""
        if status.state is CameraState.STOPPED:
            return {}
        self._began_at = self._began_at or now
        silent_s = (now - (status.last_packet_at or self._began_at)).total_seconds()
        silent = status.last_packet_at is None or silent_s > self._parameters.silence_s
        return {
            HealthKind.OFFLINE: Finding(silent, {"silent_s": silent_s, "connections": float(status.connections)}),
            HealthKind.NO_KEYFRAME: NO_JUDGEMENT if silent else self._keyframe(status, now, self._began_at),
            HealthKind.CLOCK_DRIFT: NO_JUDGEMENT if silent else self._drift.look(status, now),
            HealthKind.BIT_RATE_COLLAPSE: self._bit_rate.look(status, now, silent=silent),
        }

    def _keyframe(self, status: FeedStatus, now: datetime, began_at: datetime) -> Finding:
        age_s = (now - (status.last_keyframe_at or began_at)).total_seconds()
        return Finding(age_s > self._parameters.keyframe_age_s, {"keyframe_age_s": age_s})


class DriftWindow:
    """The clock's drift over the last half hour or so of one connection."""

    def __init__(self, parameters: HealthParameters) -> None:
        self._parameters = parameters
        self._connections = -1
        self._drifts: deque[tuple[datetime, float]] = deque()

    def look(self, status: FeedStatus, now: datetime) -> Finding:
        """Take one more drift; judged once the window is full."""
        drifts, drift_s = self._drifts, status.clock_drift_s
        jumped = bool(drifts) and (abs(drift_s - drifts[-1][1]) > DRIFT_JUMP_S or now < drifts[-1][0])
        if jumped or status.connections != self._connections:
            drifts.clear()
            self._connections = status.connections
        drifts.append((now, drift_s))
        window = timedelta(seconds=self._parameters.clock_drift_window_s)
        while len(drifts) > 2 and now - drifts[1][0] >= window:
            drifts.popleft()
        span_s = (now - drifts[0][0]).total_seconds()
        if span_s < self._parameters.clock_drift_window_s:
            return NO_JUDGEMENT
        gained_s = drift_s - drifts[0][1]
        ppm = 1e6 * gained_s / span_s
        enough = abs(gained_s) >= self._parameters.clock_drift_least_s
        return Finding(enough and abs(ppm) >= self._parameters.clock_drift_ppm, {"drift_ppm": ppm})


@dataclass(frozen=True)
class _Received:
    at: datetime
    bytes: int
    connections: int


class BitRate:
    """Bytes a minute against the camera's own median over a day; minutes with an interruption do not count."""

    def __init__(self, parameters: HealthParameters) -> None:
        self._parameters = parameters
        self._since: _Received | None = None
        self._rates: deque[float] = deque(maxlen=RATES_A_DAY)

    def look(self, status: FeedStatus, now: datetime, *, silent: bool) -> Finding:
        """Take one more count of bytes; judged when a minute is full."""
        since = self._since
        if silent:
            self._since = None
            return NO_JUDGEMENT
        if since is None or since.connections != status.connections or now < since.at:
            self._since = _Received(now, status.received_bytes, status.connections)
            return NO_JUDGEMENT
        if now - since.at < RATE_SPAN:
            return NO_JUDGEMENT
        self._since = _Received(now, status.received_bytes, status.connections)
        rate = 8 * (status.received_bytes - since.bytes) / (now - since.at).total_seconds() / 1000
        known = len(self._rates)
        usual = median(self._rates) if known else 0.0
        self._rates.append(rate)
        if known < self._parameters.bit_rate_least_minutes:
            return NO_JUDGEMENT
        return Finding(rate < self._parameters.bit_rate_share * usual, {"kbit_per_s": rate, "usual_kbit_per_s": usual})
