"""Which cameras somebody looks at now, so that their edges send pictures more often."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from service.domain.camera_news import CameraKey

LOOKS_FOR = timedelta(seconds=10)
"""How long one look asks for pictures; an open page looks every 2 s."""
MOST = 100
"""Cameras looked at together; the longest ago looked at goes first."""


class LiveViews:
    """Remembers looks for a few seconds. Safe to call from several threads."""

    def __init__(self) -> None:
        self._looked_at: dict[CameraKey, datetime] = {}
        self._untold: dict[CameraKey, datetime] = {}
        self._lock = threading.Lock()

    def look(self, camera: CameraKey, at: datetime) -> None:
        """Somebody looks at a camera at `at` (UTC)."""
        with self._lock:
            self._note(camera, at)
            self._untold[camera] = at

    def untold(self) -> dict[CameraKey, datetime]:
        """Return the looks since this was asked last, for other services."""
        with self._lock:
            untold, self._untold = self._untold, {}
            return untold

    def hear(self, looks: Mapping[CameraKey, datetime]) -> None:
        """Take over looks that were told by this service or by others."""
        with self._lock:
            for camera, at in sorted(looks.items(), key=lambda look: look[1]):
                known = self._looked_at.get(camera)
                if known is None or known < at:
                    self._note(camera, at)

    def _note(self, camera: CameraKey, at: datetime) -> None:
        self._looked_at.pop(camera, None)
        self._looked_at[camera] = at
        if len(self._looked_at) > MOST:
            self._looked_at.pop(next(iter(self._looked_at)))

    def wanted(self, at: datetime) -> tuple[CameraKey, ...]:
        """Return the cameras that somebody looks at, at `at` (UTC)."""
        with self._lock:
            self._looked_at = {key: looked for key, looked in self._looked_at.items() if at - looked < LOOKS_FOR}
            return tuple(self._looked_at)
