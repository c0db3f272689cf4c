"""The edge's process: cameras, judgement and delivery, built from the configuration."""

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from models.inference.detector import Detector
from models.registry.registry import load_model
from service.config.schema import Config
from service.delivery.poster import Poster
from service.errors import ServiceError
from streams.feed import CameraFeed
from streams.frames import DecodeMode
from vision.engine import Engine, WatchedCamera
from vision.evidence.manifest import ModelUsed
from vision.evidence.recorder import ClipLength, EvidenceRecorder
from vision.gate_watch import GateWatch
from vision.truck_vote import VEHICLE_CLASSES

log = structlog.get_logger(__name__)

STATUS_NAME = "status.json"
STATUS_EVERY_S = 1.0
RING_SLACK_S = 15.0
"""Seconds the packet ring reaches beyond the clip: a keyframe interval, and the time an inspection may lag."""


class AlreadyRunning(ServiceError):
    """Another process works in the same folder."""

    template = "{folder} is in use by another dustwatch; stop it, or set another data folder"


class Pipeline:
    """Everything that one edge runs."""

    def __init__(self, config: Config) -> None:
        """Load the model and set up the cameras. Raises ModelError."""
        self._config = config
        self._wake = threading.Event()
        model = load_model(config.model)
        self._recorder = EvidenceRecorder(
            config.data,
            clip=ClipLength(config.clip.before_s, config.clip.after_s),
            timezone=config.timezone,
            model=ModelUsed(name=model.card.name, sha256=model.card.sha256),
            software=f"dustwatch {version('dustwatch')}",
        )
        cameras = [self._watched(index) for index in range(len(config.cameras))]
        self._engine = Engine(cameras, Detector(model, VEHICLE_CLASSES), self._recorder)
        self._poster = Poster(self._recorder.ready_folder, config.queue)

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set. Raises AlreadyRunning."""
        with _only_one_in(self._config.data):
            self._recorder.recover()
            self._poster.start()
            reporter = threading.Thread(target=self._report_for_ever, args=(stop,), name="status", daemon=True)
            reporter.start()
            for camera in self._config.cameras:
                if camera.zones.exit_line is None:
                    log.warning("camera.watched_only", camera=camera.id, reason="no exit line is drawn")
                elif camera.zones.wash_bay is None:
                    log.warning("camera.counts_only", camera=camera.id, reason="no wash bay is drawn")
            self._engine.run(stop, self._wake)
            self._poster.stop()
            reporter.join()
            self._write_status()

    def _watched(self, index: int) -> WatchedCamera:
        camera = self._config.cameras[index]
        gate, clip = self._config.gate_camera(camera), self._config.clip
        feed = CameraFeed(
            camera.id,
            camera.source,
            mode=DecodeMode.KEYFRAMES if gate is None else DecodeMode.FULL,
            frames_per_second=camera.frames_per_second,
            ring_seconds=clip.before_s + clip.after_s + RING_SLACK_S,
            on_frame=self._wake.set,
        )
        return WatchedCamera(feed, None if gate is None else GateWatch(gate))

    def _report_for_ever(self, stop: threading.Event) -> None:
        while not stop.wait(STATUS_EVERY_S):
            try:
                self._write_status()
            except OSError as error:
                log.warning("status.not_written", problem=str(error))

    def _write_status(self) -> None:
        """Write what every camera does to `status.json`, replacing it in one step."""
        cameras = {name: asdict(report) for name, report in self._engine.reports().items()}
        status = {
            "at": datetime.now(UTC),
            "process": os.getpid(),
            "waiting": self._poster.waiting(),
            "delivered": self._poster.delivered,
            "cameras": cameras,
        }
        building = self._config.data / f".{STATUS_NAME}"
        building.write_text(json.dumps(status, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
        building.rename(self._config.data / STATUS_NAME)


@contextmanager
def _only_one_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system releases even when the process is killed."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(folder=folder) from None
        yield
