"""Notes by the true clock what the edge does: when a camera is live again, and when evidence first lies on its disk."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.chaos.truth import Interval

SETTLE_S = 5.0
"""A camera counts as watched so long after it is live again."""
POLL_S = 0.3


@dataclass
class Watching:
    """Reads the edge's log and data folder; `outages` may be asked for at any time."""

    log: Path
    data: Path
    cameras: tuple[str, ...]
    first_seen: dict[str, float] = field(default_factory=dict)
    """By key, when a package was first seen on the edge's disk, or told in its log, Unix seconds."""
    _down_since: dict[str, float] = field(default_factory=dict)
    _outages: dict[str, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _read: int = 0

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read_for_ever, name="watching", daemon=True).start()

    def stop(self) -> None:
        """Read no more."""
        self._stop.set()

    def down(self, cameras: Iterable[str], since: float) -> None:
        """Note that cameras can't be watched from a Unix time on, until they are live again."""
        with self._lock:
            for camera in cameras:
                self._down_since[camera] = min(since, self._down_since.get(camera, since))

    @property
    def are_all_live(self) -> bool:
        """Whether every camera is watched."""
        with self._lock:
            return not self._down_since

    def outages(self, now: float) -> dict[str, list[Interval]]:
        """Return by camera when it could not be watched so far."""
        with self._lock:
            open_ones = {camera: [Interval(since, now)] for camera, since in self._down_since.items()}
            return {camera: [*self._outages[camera], *open_ones.get(camera, [])] for camera in self.cameras}

    def _read_for_ever(self) -> None:
        while not self._stop.wait(POLL_S):
            self._read_log()
            for name in ("staged", "ready"):
                with suppress(OSError):
                    for package in (self.data / name).iterdir():
                        if not package.name.startswith("."):
                            self.first_seen.setdefault(package.name, time.time())

    def _read_log(self) -> None:
        try:
            with self.log.open("rb") as file:
                file.seek(self._read)
                lines = file.read().splitlines(keepends=True)
        except FileNotFoundError:
            return
        for line in lines:
            if not line.endswith(b"\n"):
                return
            self._read += len(line)
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    self._note(entry)

    def _note(self, entry: dict[str, Any]) -> None:
        if entry.get("event") == "camera.live":
            self._up(str(entry["camera"]))
        elif entry.get("event") == "violation.found":  # a package may be delivered before it was seen on the disk
            self.first_seen.setdefault(str(entry["key"]), time.time())

    def _up(self, camera: str) -> None:
        with self._lock:
            since = self._down_since.pop(camera, None)
            if since is not None:
                self._outages[camera].append(Interval(since, time.time() + SETTLE_S))
