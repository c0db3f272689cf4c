"""Runs the judgement over live cameras: takes their newest frames, detects in batches, judges, stores evidence."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from models.inference.detector import Detector
from streams.feed import CameraFeed, FeedStatus
from streams.frames import Frame
from streams.packets import Packet
from vision.evidence.recorder import EvidenceRecorder, Scene
from vision.gate_watch import GateWatch
from vision.unwashed_truck import GateCounts
from vision.violations import Violation

log = structlog.get_logger(__name__)

MOST_UNSAVED = 100
"""Violations kept in memory while the disk refuses them; each holds one picture."""


@dataclass(frozen=True)
class WatchedCamera:
    """A camera's feed, and the watch that judges its frames; without one it is remembered and not judged."""

    feed: CameraFeed
    watch: GateWatch | None


@dataclass(frozen=True)
class CameraReport:
    """One camera at a glance; one that is not `judged` is watched only, and nothing of it is inspected."""

    status: FeedStatus
    judged: bool
    inspected: int
    tracks: int
    counts: GateCounts


@dataclass(frozen=True)
class _Unsaved:
    violation: Violation
    scene: Scene
    frame: Frame


class Engine:
    """One loop over all cameras; each turn looks at no more than one frame a camera, so that none starves another."""

    def __init__(self, cameras: Sequence[WatchedCamera], detector: Detector, recorder: EvidenceRecorder) -> None:
        self._cameras = {camera.feed.name: camera for camera in cameras}
        self._watches = {name: camera.watch for name, camera in self._cameras.items() if camera.watch is not None}
        self._detector = detector
        self._recorder = recorder
        self._inspected = dict.fromkeys(self._cameras, 0)
        self._unsaved: list[_Unsaved] = []

    def turn(self) -> int:
        """Inspect one frame of every camera that has one, store what came of it, and return how many there were."""
        frames = {name: frame for name, camera in self._cameras.items() if (frame := camera.feed.take()) is not None}
        judged = {name: frame for name, frame in frames.items() if name in self._watches}
        if judged:
            self._inspect(judged)
        self._save()
        self._finish(datetime.now(UTC))
        return len(frames)

    def run(self, stop: threading.Event, wake: threading.Event) -> None:
        """Take turns until `stop` is set; `wake` is set by the feeds when a frame is there."""
        for camera in self._cameras.values():
            camera.feed.start()
        while not stop.is_set():
            wake.wait(0.5)
            wake.clear()
            while self.turn() and not stop.is_set():
                pass
        for camera in self._cameras.values():
            camera.feed.stop()
        self._save()
        self._finish(datetime.max.replace(tzinfo=UTC))

    def reports(self) -> dict[str, CameraReport]:
        """Return every camera's figures by its id."""
        return {
            name: CameraReport(
                status=camera.feed.status,
                judged=camera.watch is not None,
                inspected=self._inspected[name],
                tracks=camera.watch.tracks if camera.watch else 0,
                counts=camera.watch.counts if camera.watch else GateCounts(),
            )
            for name, camera in self._cameras.items()
        }

    def _inspect(self, frames: dict[str, Frame]) -> None:
        found = self._detector.detect([frame.image for frame in frames.values()])
        for (name, frame), detections in zip(frames.items(), found, strict=True):
            self._inspected[name] += 1
            watch = self._watches[name]
            height, width = frame.image.shape[:2]
            try:
                violations = watch.observe(detections, frame.captured_at, width, height)
            except Exception:
                log.exception("camera.not_judged", camera=name)
                continue
            self._unsaved += [_Unsaved(violation, watch.scene(violation), frame) for violation in violations]

    def _save(self) -> None:
        """Store the evidence of new violations; what the disk refuses is tried again next turn."""
        while self._unsaved:
            unsaved = self._unsaved[0]
            try:
                self._recorder.begin(unsaved.violation, unsaved.scene, unsaved.frame.image, self._cut)
            except OSError as error:
                log.warning("evidence.not_stored", key=unsaved.violation.key, problem=str(error))
                self._give_up_the_oldest()
                return
            self._unsaved.pop(0)
            found = unsaved.violation
            log.info("violation.found", key=found.key, rule=found.rule, camera=found.camera_id, **found.measures)

    def _give_up_the_oldest(self) -> None:
        """Keep memory bounded while the disk refuses; what is lost is told."""
        for lost in self._unsaved[:-MOST_UNSAVED]:
            log.error("violation.lost", key=lost.violation.key, camera=lost.violation.camera_id)
        self._unsaved = self._unsaved[-MOST_UNSAVED:]

    def _finish(self, now: datetime) -> None:
        """Close the evidence that is due; what the disk refuses stays staged and is tried again next turn."""
        try:
            self._recorder.finish_due(now, self._newest_packet_at, self._cut)
        except OSError as error:
            log.warning("evidence.not_finished", problem=str(error))

    def _cut(self, camera_id: str, start: datetime, end: datetime) -> list[Packet]:
        return self._cameras[camera_id].feed.cut(start, end)

    def _newest_packet_at(self, camera_id: str) -> datetime | None:
        return self._cameras[camera_id].feed.newest_packet_at
