"""Cameras whose pictures ended a decoding process are left alone for a while, longer each time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streams.backoff import Backoff

FIRST_S = 20.0
LONGEST_S = 600.0
FORGOTTEN_AFTER_S = 3600.0
"""Without a further death, what was is forgotten."""
FORGIVEN_EACH_S = 60.0
"""So seldom a process that was killed from outside is not held against the camera: once may be chance, and a picture
that drives the machine out of memory kills again at once."""


@dataclass
class _Record:
    deaths: int = 0
    until: float = 0.0
    forgiven_at: float | None = None
    backoff: Backoff = field(default_factory=lambda: Backoff(FIRST_S, LONGEST_S))


class Quarantine:
    """Who is not decoded now. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._records: dict[str, _Record] = {}
        self._lock = threading.Lock()

    def put(self, camera: str) -> float:
        """Leave the camera alone, and return for how many seconds."""
        with self._lock:
            record = self._records.setdefault(camera, _Record())
            if self._clock() - record.until > FORGOTTEN_AFTER_S:
                record.backoff.reset()
            pause_s = record.backoff.next_delay_s()
            record.deaths += 1
            record.until = self._clock() + pause_s
            return pause_s

    def forgives(self, camera: str) -> bool:
        """Tell whether a process that was killed from outside is not held against the camera this time."""
        with self._lock:
            record, now = self._records.setdefault(camera, _Record()), self._clock()
            if record.forgiven_at is not None and now - record.forgiven_at < FORGIVEN_EACH_S:
                return False
            record.forgiven_at = now
            return True

    def holds(self, camera: str) -> bool:
        """Tell whether the camera is left alone now."""
        with self._lock:
            record = self._records.get(camera)
            return record is not None and self._clock() < record.until

    def deaths(self, camera: str) -> int:
        """How many processes the camera's pictures have ended."""
        with self._lock:
            record = self._records.get(camera)
            return 0 if record is None else record.deaths
