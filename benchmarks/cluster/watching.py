"""Reads once in a while, from the nodes' status files, when each camera was last looked at, and by how many nodes."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

STALE_S = 3.0


@dataclass
class Watching:
    """The looks of all cameras, as far as the shards' status files tell."""

    shards: Path
    cameras: tuple[str, ...]
    last_look: dict[str, float] = field(default_factory=dict)
    longest_gap_s: dict[str, float] = field(default_factory=dict)
    at_once: int = 0
    """The most shards that looked at one camera in the same few seconds."""
    _frames: dict[tuple[str, str], int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read_for_ever, daemon=True).start()

    def stop(self) -> None:
        """Read no more."""
        self._stop.set()

    def have_all_looked_since(self, moment: float) -> bool:
        """Tell whether every camera was looked at since a Unix time."""
        return all(self.last_look.get(camera, 0.0) > moment for camera in self.cameras)

    def _read_for_ever(self) -> None:
        while not self._stop.wait(0.5):
            now, seen = time.time(), dict.fromkeys(self.cameras, 0)
            for path in self.shards.glob("*/status.json"):
                try:
                    document = json.loads(path.read_text())
                except (OSError, ValueError):
                    continue
                if now - datetime.fromisoformat(document["at"]).timestamp() > STALE_S:
                    continue
                for camera, told in document["cameras"].items():
                    frames, known = told["status"]["frames"], self._frames.get((path.parent.name, camera))
                    self._frames[path.parent.name, camera] = frames
                    if camera in seen and frames and frames != known:
                        seen[camera] += 1
            for camera, shards in seen.items():
                if shards:
                    self._note(camera, now)
                    self.at_once = max(self.at_once, shards)

    def _note(self, camera: str, now: float) -> None:
        if camera in self.last_look:
            gap = now - self.last_look[camera]
            self.longest_gap_s[camera] = max(gap, self.longest_gap_s.get(camera, 0.0))
        self.last_look[camera] = now
