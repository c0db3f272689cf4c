"""The loop over all cameras: one camera's fault or a full disk ends nothing and loses nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.inference.detector import Detector
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.feed import CameraFeed
from streams.full_rate import FullRateSampler
from streams.looks import Sampler
from streams.patrol import PatrolPlan, PatrolSampler
from tests.conftest import RtspCamera, wait_until
from tests.made_video import make_video
from tests.vision.evidence.packages import PLACE, recorder
from tests.vision.truck_stories import GATE
from vision.best_view import BestView, Facing
from vision.engine import Engine
from vision.evidence.recorder import EvidenceRecorder
from vision.evidence.verify import verify_package
from vision.gate_watch import GateCamera, GateWatch
from vision.geometry import Zone
from vision.networks import Networks
from vision.patrol_watch import PatrolWatch
from vision.privacy import PAINT
from vision.truck_vote import VEHICLE_CLASSES
from vision.unwashed_truck import UnwashedTruckParameters
from vision.violations import RuleName, Violation
from vision.watch import Finding, Seen
from vision.watched_camera import WatchedCamera


class OneViolation(GateWatch):
    """Finds a violation in its fifth picture, whatever is in it."""

    pictures = 0

    def see(self, seen: Seen) -> list[Finding]:
        self.pictures += 1
        if self.pictures != 5:
            return []
        box = (0.2, 0.3, 0.5, 0.8)
        found = Violation(
            RuleName.UNWASHED_TRUCK, self.camera.place.camera_id, seen.captured_at, 1, box, {"wash_seconds": 0.0}
        )
        best_at = seen.captured_at - timedelta(seconds=0.4)
        return [Finding(found, self._scene(found), BestView(best_at, box, Facing.REAR, 1.0))]


class Faulty(GateWatch):
    """Fails at every picture."""

    def see(self, seen: Seen) -> list[Finding]:
        raise RuntimeError("a fault")


def _gate(url: str, name: str, kind: type[GateWatch], sampler: Sampler | None = None) -> WatchedCamera:
    place = PLACE.model_copy(update={"camera_id": name})
    watch = kind(GateCamera(place, GATE, UnwashedTruckParameters(), 5.0, "Asia/Shanghai"))
    return WatchedCamera(CameraFeed(name, VideoSource(url), sampler or FullRateSampler(5.0)), watch, mode="gate")


def _yard(url: str, name: str = "yard", interval_s: float = 1.0) -> WatchedCamera:
    sampler = PatrolSampler(PatrolPlan(interval_s, change_gate=False))
    return WatchedCamera(CameraFeed(name, VideoSource(url), sampler), PatrolWatch(), mode="patrol")


@contextmanager
def _running(cameras: list[WatchedCamera], store: EvidenceRecorder) -> Iterator[Engine]:
    vehicles = Detector(load_model(), VEHICLE_CLASSES, input_size=320, threads=1)
    surfaces = SurfaceSegmenter(load_model("surfaces"), input_size=320, threads=1)
    engine = Engine(Networks(vehicles, surfaces), store, cameras)
    stop = threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop,))
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
    with _running([_gate(url, "bad", Faulty), _gate(url, "good", OneViolation)], store) as engine:
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
        with _running([_gate(play(video).url, "gate", OneViolation)], store) as engine:
            wait_until(lambda: len(refused) > 3, 30, "several tries")
            assert list((tmp_path / "staged").iterdir()) == []
            full.undo()
            wait_until(lambda: any(store.ready_folder.iterdir()), 30, "the violation, stored at last")
            assert engine.reports()["gate"].inspected > 0


def test_patrol_measures_surfaces_beside_a_gate(video: Path, play: Callable[..., RtspCamera], tmp_path: Path) -> None:
    url, store = play(video).url, recorder(tmp_path)
    with _running([_yard(url), _gate(url, "gate", OneViolation)], store) as engine:
        wait_until(lambda: engine.reports()["gate"].inspected > 3, 30, "pictures of the gate")
        wait_until(lambda: engine.reports()["yard"].inspected > 2, 30, "pictures of the yard")
        yard = engine.reports()["yard"]
        assert set(yard.figures) == {"bare_soil_share", "dust_net_share", "hoarding_share"}
        assert all(0 <= share <= 1 for share in yard.figures.values())
        assert yard.mode == "patrol"
        assert yard.cpu_s > 0


def test_cameras_come_and_go_while_the_others_are_watched(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    url = play(video).url
    with _running([_yard(url, "stays")], recorder(tmp_path)) as engine:
        wait_until(lambda: "stays" in engine.reports(), 10, "the first camera")
        engine.add(_yard(url, "comes"))
        wait_until(lambda: "comes" in engine.reports(), 10, "the new camera")
        wait_until(lambda: engine.reports()["comes"].inspected > 1, 30, "pictures of the new camera")
        connections = engine.reports()["stays"].status.connections
        engine.remove("comes")
        wait_until(lambda: set(engine.reports()) == {"stays"}, 10, "the camera to go")
        before = engine.reports()["stays"].inspected
        wait_until(lambda: engine.reports()["stays"].inspected > before, 30, "more pictures of the other")
        assert engine.reports()["stays"].status.connections == connections
        wait_until(lambda: threading.active_count() < 40 and not _thread("camera-comes"), 15, "its thread to end")


def test_evidence_is_taken_from_the_main_stream_where_the_networks_look_at_another(
    play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    large = play(make_video(tmp_path / "large.mp4", width=1280, height=720))
    small = play(make_video(tmp_path / "small.mp4", width=320, height=180))
    watched = _gate(small.url, "gate", OneViolation)
    camera = WatchedCamera(
        watched.feed, watched.watch, mode="gate", recording=CameraFeed("gate", VideoSource(large.url))
    )
    store = recorder(tmp_path / "edge")
    with _running([camera], store):
        wait_until(lambda: any(store.ready_folder.iterdir()), 40, "the violation")
    (package,) = store.ready_folder.iterdir()
    picture = cv2.imread(str(package / "clean.jpg"))
    assert picture is not None
    assert picture.shape == (720, 1280, 3)
    best = cv2.imread(str(package / "best_view.jpg"))
    assert best is not None
    assert best.shape[:2] == pytest.approx((0.5 * 1.3 * 720, 0.3 * 1.3 * 1280), abs=2)
    assert verify_package(package) == []


def test_private_areas_are_painted_over_where_the_networks_own_picture_is_the_evidence(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    watched = _gate(play(video).url, "gate", OneViolation)
    private = Zone([(0.2, 0.3), (0.6, 0.3), (0.6, 0.7), (0.2, 0.7)])
    store = recorder(tmp_path)
    camera = WatchedCamera(watched.feed, watched.watch, mode="gate", privacy=(private,))
    with _running([camera], store):
        wait_until(lambda: any(store.ready_folder.iterdir()), 40, "the violation")
    assert camera.shown.newest is not None
    shown = cv2.imdecode(np.frombuffer(camera.shown.newest.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    height, width = shown.shape[:2]
    inside = shown[int(0.35 * height) : int(0.65 * height), int(0.25 * width) : int(0.55 * width)].astype(int)
    assert abs(inside - PAINT[0]).max() < 12
    (package,) = store.ready_folder.iterdir()
    for name in ("clean.jpg", "annotated.jpg"):
        picture = cv2.imread(str(package / name))
        assert picture is not None
        inside = picture[-240:][113:135, 126:152].astype(int)  # away from what is drawn on it
        assert abs(inside - PAINT[0]).max() < 12
    assert not (package / "clip.mp4").exists()
    assert watched.feed.cut(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) == []


def _thread(name: str) -> bool:
    return any(thread.name == name for thread in threading.enumerate())
