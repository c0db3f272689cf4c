"""Reads once in a while, from the nodes' status files, when each camera was last looked at, and by which nodes."""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

STALE_S = 3.0


@dataclass
class Watching:
    """The looks of all cameras, as far as the shards' status files tell; a shard is named by its folder."""

    shards: Path
    cameras: tuple[str, ...]
    last_look: dict[str, float] = field(default_factory=dict)
    longest_gap_s: dict[str, float] = field(default_factory=dict)
    looked_by: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    """By camera and shard, when looks of it were seen, in Unix seconds; a second or so after they took place."""
    looks: int = 0
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

    def so_far(self) -> dict[tuple[str, str], list[float]]:
        """Return `looked_by` as it is now, whatever is read meanwhile."""
        return self.looked_by.copy()

    def process_of(self, shard: str) -> int:
        """Return the process that wrote the shard's status."""
        return int(json.loads((self.shards / shard / "status.json").read_text())["process"])

    def _read_for_ever(self) -> None:
        while not self._stop.wait(0.5):
            self.take_in(self._documents(), time.time())

    def _documents(self) -> dict[str, Mapping[str, object]]:
        found = {}
        for path in self.shards.glob("*/status.json"):
            try:
                found[path.parent.name] = json.loads(path.read_text())
            except (OSError, ValueError):
                continue
        return found

    def take_in(self, documents: Mapping[str, Mapping[str, object]], now: float) -> None:
        """Take in what the shards' status files say at a Unix time."""
        seen = dict.fromkeys(self.cameras, 0)
        for shard, document in documents.items():
            if now - datetime.fromisoformat(str(document["at"])).timestamp() > STALE_S:
                continue
            for camera in self._looked_at(shard, document["cameras"]) & seen.keys():
                seen[camera] += 1
                self.looked_by.setdefault((camera, shard), []).append(now)
        for camera, shards in seen.items():
            if shards:
                self._note(camera, now)
                self.at_once = max(self.at_once, shards)

    def _looked_at(self, shard: str, cameras: object) -> frozenset[str]:
        found = set()
        assert isinstance(cameras, Mapping)
        for camera, told in cameras.items():
            frames, known = told["status"]["frames"], self._frames.get((shard, camera))
            self._frames[shard, camera] = frames
            if frames and frames != known:
                found.add(camera)
                self.looks += frames - known if known is not None and frames > known else 1
        return frozenset(found)

    def _note(self, camera: str, now: float) -> None:
        if camera in self.last_look:
            gap = now - self.last_look[camera]
            self.longest_gap_s[camera] = max(gap, self.longest_gap_s.get(camera, 0.0))
        self.last_look[camera] = now


def newest_shard(looked_by: Mapping[tuple[str, str], list[float]], camera: str) -> str | None:
    """Return the shard that looked at the camera last, None where none has."""
    of_camera = {shard: looks[-1] for (name, shard), looks in looked_by.items() if name == camera and looks}
    return max(of_camera, key=lambda shard: of_camera[shard]) if of_camera else None


@dataclass(frozen=True)
class Handover:
    """How cameras left a shard that was cut off at a moment; all in seconds from then."""

    last_look_s: float
    """The shard's last look at any of them, 0 where it had none any more."""
    first_look_of_others_s: float
    all_looked_at_again_s: float
    shortest_pause_s: float
    """The least time, of all cameras, between the shard's last look and another one's first."""


def handover(
    looked_by: Mapping[tuple[str, str], list[float]], cameras: Iterable[str], shard: str, at: float
) -> Handover | None:
    """Return how the cameras left the shard; None while one of them was not looked at by another one."""
    lasts, firsts = {}, {}
    for camera in cameras:
        own = [look for look in looked_by.get((camera, shard), ()) if look > at]
        by_others = [looks for (name, by), looks in looked_by.items() if name == camera and by != shard]
        others = [look for looks in by_others for look in looks if look > at]
        if not others:
            return None
        firsts[camera] = min(others)
        lasts[camera] = max((look for look in own if look < firsts[camera] + STALE_S), default=at)
    return Handover(
        last_look_s=round(max(lasts.values()) - at, 1),
        first_look_of_others_s=round(min(firsts.values()) - at, 1),
        all_looked_at_again_s=round(max(firsts.values()) - at, 1),
        shortest_pause_s=round(min(firsts[camera] - lasts[camera] for camera in firsts), 1),
    )
