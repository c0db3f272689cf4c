"""The loop over all cameras: one camera's fault or a full disk ends nothing and loses nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import supervision as sv

from models.inference.detector import Detector
from models.registry.registry import load_model
from streams.feed import CameraFeed
from streams.frames import DecodeMode
from streams.sources import VideoSource
from tests.conftest import RtspCamera, wait_until
from tests.vision.evidence.packages import PLACE, recorder
from tests.vision.truck_stories import GATE
from vision.engine import Engine, WatchedCamera
from vision.evidence.recorder import EvidenceRecorder
from vision.gate_watch import GateCamera, GateWatch
from vision.truck_vote import VEHICLE_CLASSES
from vision.unwashed_truck import UnwashedTruckParameters
from vision.violations import RuleName, Violation


class OneViolation(GateWatch):
    """Finds a violation in its first frame, whatever is in it."""

    done = False

    def observe(self, detections: sv.Detections, captured_at: datetime, width: int, height: int) -> list[Violation]:
        if self.done:
            return []
        self.done = True
        box = (0.2, 0.3, 0.5, 0.8)
        return [
            Violation(RuleName.UNWASHED_TRUCK, self.camera.place.camera_id, captured_at, 1, box, {"wash_seconds": 0.0})
        ]


class Faulty(GateWatch):
    """Fails at every frame."""

    def observe(self, detections: sv.Detections, captured_at: datetime, width: int, height: int) -> list[Violation]:
        raise RuntimeError("a fault")


def _watched(url: str, name: str, kind: type[GateWatch]) -> WatchedCamera:
    place = PLACE.model_copy(update={"camera_id": name})
    watch = kind(GateCamera(place, GATE, UnwashedTruckParameters(), 5.0, "Asia/Shanghai"))
    return WatchedCamera(CameraFeed(name, VideoSource(url), frames_per_second=5.0), watch)


@contextmanager
def _running(cameras: list[WatchedCamera], store: EvidenceRecorder) -> Iterator[Engine]:
    engine = Engine(cameras, Detector(load_model(), VEHICLE_CLASSES, input_size=320), store)
    stop = threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop, threading.Event()))
    thread.start()
    try:
        yield engine
    finally:
        stop.set()
        thread.join()


def test_a_fault_with_one_camera_leaves_the_others_alone(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url = play(video).url
    store = recorder(tmp_path)
    with _running([_watched(url, "bad", Faulty), _watched(url, "good", OneViolation)], store) as engine:
        wait_until(lambda: min(report.inspected for report in engine.reports().values()) > 5, 30, "frames of both")
        wait_until(lambda: any(store.ready_folder.iterdir()), 30, "the violation of the good camera")


def test_a_violation_found_while_the_disk_is_full_is_stored_when_there_is_room(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []

    def refuse(path: Path, data: bytes) -> None:
        refused.append(path)
        raise OSError(28, "No space left on device")

    store = recorder(tmp_path)
    with monkeypatch.context() as full:
        full.setattr("vision.evidence.recorder.write_durably", refuse)
        with _running([_watched(play(video).url, "gate", OneViolation)], store) as engine:
            wait_until(lambda: len(refused) > 3, 30, "several tries")
            assert list((tmp_path / "staged").iterdir()) == []
            full.undo()
            wait_until(lambda: any(store.ready_folder.iterdir()), 30, "the violation, stored at last")
            assert engine.reports()["gate"].inspected > 0


def test_a_camera_that_is_not_judged_is_remembered_and_leaves_the_others_alone(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url, store = play(video).url, recorder(tmp_path)
    watched = WatchedCamera(CameraFeed("yard", VideoSource(url), mode=DecodeMode.KEYFRAMES), None)
    with _running([watched, _watched(url, "gate", OneViolation)], store) as engine:
        wait_until(lambda: engine.reports()["gate"].inspected > 3, 30, "frames of the gate")
        wait_until(lambda: engine.reports()["yard"].status.frames > 2, 30, "keyframes of the yard")
        yard = engine.reports()["yard"]
        assert (yard.judged, yard.inspected, yard.tracks) == (False, 0, 0)
        assert engine.reports()["gate"].judged
        now = datetime.now(UTC)
        assert len(watched.feed.cut(now - timedelta(seconds=30), now)) > 10
        assert yard.status.dropped == 0
