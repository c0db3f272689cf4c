"""Evidence is stored at once, completed later, and survives a process that is killed in between."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import pytest

from streams.addresses import VideoSource
from streams.clips import ClipRefused
from streams.frames import decode_all
from streams.sources import OpenVideo
from tests.vision.evidence.packages import (
    CLOCK,
    OPENED_AT,
    SOFTWARE,
    VEHICLES,
    Memory,
    make_package,
    picture,
    recorder,
    scene,
    violation,
)
from tests.vision.evidence.test_calibration import GROUND
from vision.best_view import TruckPicture
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Claim, Follows, Manifest, ModelUsed, Stage
from vision.evidence.recorder import PATIENCE
from vision.evidence.verify import verify_package
from vision.geometry import Zone
from vision.violations import RuleName


def _manifest(package: Path) -> Manifest:
    return Manifest.model_validate_json((package / "manifest.json").read_bytes())


def test_a_package_holds_the_pictures_the_clip_and_what_they_prove(tmp_path: Path, video: Path) -> None:
    package = make_package(tmp_path, video)
    manifest = _manifest(package)
    assert verify_package(package) == []
    assert {file.name for file in manifest.files} == {"clean.jpg", "annotated.jpg", "clip.mp4"}
    assert manifest.place.site_name == "星河湾二期"
    assert manifest.local_time.isoformat() == "2026-03-01T16:00:00+08:00"
    assert manifest.measures == {"wash_seconds": 3.5}
    for file in manifest.files:
        assert hashlib.sha256((package / file.name).read_bytes()).hexdigest() == file.sha256


def test_the_clean_picture_is_as_it_was_and_the_caption_hides_nothing(tmp_path: Path, video: Path) -> None:
    package = make_package(tmp_path, video)
    clean = cv2.imread(str(package / "clean.jpg"))
    annotated = cv2.imread(str(package / "annotated.jpg"))
    assert clean is not None
    assert annotated is not None
    assert abs(clean.astype(int) - picture()).max() < 8
    assert annotated.shape[0] > clean.shape[0]


def test_the_truck_as_it_was_seen_best_is_a_file_of_its_own(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    making.begin(
        violation(), scene(), picture(), lambda *_: [], best_view=TruckPicture(OPENED_AT, picture()[50:150, 60:220])
    )
    (package,) = making.finish_due(OPENED_AT + timedelta(minutes=1), lambda _: None, lambda *_: [])
    assert verify_package(package) == []
    roles = {file.role: file.name for file in _manifest(package).files}
    assert roles == {"clean": "clean.jpg", "annotated": "annotated.jpg", "best_view": "best_view.jpg"}
    best = cv2.imread(str(package / "best_view.jpg"))
    assert best is not None
    assert best.shape == (100, 160, 3)


def test_the_clip_covers_the_seconds_before_and_after(tmp_path: Path, video: Path) -> None:
    package = make_package(tmp_path, video)
    clip = _manifest(package).clip
    assert clip is not None
    assert clip.complete
    assert clip.starts_at <= OPENED_AT - timedelta(seconds=1)
    assert clip.ends_at == OPENED_AT + timedelta(seconds=1)
    with OpenVideo(VideoSource(str(package / "clip.mp4"))) as opened:
        frames = list(decode_all(opened.packets()))
    assert len(frames) == pytest.approx((clip.ends_at - clip.starts_at).total_seconds() * 25, abs=2)


def test_nothing_is_ready_before_the_clip_is_complete(tmp_path: Path, video: Path) -> None:
    memory = Memory(video)
    memory.reaches_to = OPENED_AT + timedelta(seconds=0.5)
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), memory.cut)
    assert making.finish_due(OPENED_AT + timedelta(seconds=1), memory.newest, memory.cut) == []
    assert list(making.ready_folder.iterdir()) == []


@pytest.mark.parametrize("step", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_step_of_the_clock_that_the_camera_does_not_follow_yet_cuts_no_clip_short(
    tmp_path: Path, video: Path, step: timedelta
) -> None:
    memory = Memory(video)
    memory.reaches_to = OPENED_AT + timedelta(seconds=0.5)
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), memory.cut)
    soon = OPENED_AT + timedelta(seconds=1) + step
    assert making.finish_due(soon, memory.newest, memory.cut, lambda _: step) == []
    assert len(making.finish_due(soon + PATIENCE, memory.newest, memory.cut, lambda _: step)) == 1


def test_a_camera_that_fell_silent_is_not_waited_for_without_end(tmp_path: Path, video: Path) -> None:
    memory = Memory(video)
    memory.reaches_to = OPENED_AT + timedelta(seconds=0.5)
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), memory.cut)
    late = OPENED_AT + timedelta(seconds=1) + PATIENCE
    (package,) = making.finish_due(late, memory.newest, memory.cut)
    clip = _manifest(package).clip
    assert clip is not None
    assert not clip.complete
    assert verify_package(package) == []


def test_a_killed_process_leaves_what_the_next_one_completes(tmp_path: Path, video: Path) -> None:
    memory = Memory(video)
    recorder(tmp_path).begin(violation(), scene(), picture(), memory.cut)
    (package,) = recorder(tmp_path).recover()
    clip = _manifest(package).clip
    assert clip is not None
    assert not clip.complete
    assert clip.ends_at <= OPENED_AT
    assert verify_package(package) == []
    assert recorder(tmp_path).recover() == []


@pytest.mark.parametrize("left_over", [".clip.mp4", "manifest.json"])
def test_a_process_killed_while_completing_is_made_good(tmp_path: Path, video: Path, left_over: str) -> None:
    memory = Memory(video)
    recorder(tmp_path).begin(violation(), scene(), picture(), memory.cut)
    (tmp_path / "staged" / violation().key / left_over).write_bytes(b"half")
    (package,) = recorder(tmp_path).recover()
    assert verify_package(package) == []


def test_a_process_killed_while_storing_leaves_no_trace(tmp_path: Path) -> None:
    half = tmp_path / "staged" / ".0b0c"
    half.mkdir(parents=True)
    (half / "clean.jpg").write_bytes(b"half")
    assert recorder(tmp_path).recover() == []
    assert not half.exists()


def test_the_same_violation_is_stored_once(tmp_path: Path, video: Path) -> None:
    memory = Memory(video)
    making = recorder(tmp_path)
    for _ in range(3):
        making.begin(violation(), scene(), picture(), memory.cut)
    assert len(making.finish_due(OPENED_AT + timedelta(hours=1), memory.newest, memory.cut)) == 1


def test_without_packets_the_pictures_alone_are_the_evidence(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), lambda *_: [])
    (package,) = making.finish_due(OPENED_AT + timedelta(hours=1), lambda _: None, lambda *_: [])
    assert _manifest(package).clip is None
    assert verify_package(package) == []


def test_a_camera_with_private_areas_gets_no_clip_and_the_manifest_says_why(tmp_path: Path, video: Path) -> None:
    memory = Memory(video)
    making = recorder(tmp_path)
    private = Zone([(0.1, 0.1), (0.4, 0.1), (0.4, 0.4)])
    making.begin(violation(), replace(scene(), privacy=(private,)), picture(), memory.cut)
    (package,) = making.finish_due(OPENED_AT + timedelta(hours=1), memory.newest, memory.cut)
    manifest = _manifest(package)
    assert verify_package(package) == []
    assert (manifest.clip, manifest.clip_withheld) == (None, "privacy")
    assert manifest.zones["privacy_1"] == private.points
    assert not (package / "clip.mp4").exists()


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vision.evidence.clip_file.write_clip", refuse)
    memory = Memory(video)
    making = recorder(tmp_path)
    with pytest.raises(OSError, match="No space"):
        making.begin(violation(), scene(), picture(), memory.cut)
    assert list((tmp_path / "staged").iterdir()) == []
    monkeypatch.undo()
    making.begin(violation(), scene(), picture(), memory.cut)
    assert len(making.finish_due(OPENED_AT + timedelta(hours=1), memory.newest, memory.cut)) == 1


def test_packets_that_make_no_clip_do_not_lose_the_violation(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ClipRefused("Invalid argument")

    monkeypatch.setattr("vision.evidence.clip_file.write_clip", refuse)
    memory = Memory(video)
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), memory.cut)
    (package,) = making.finish_due(OPENED_AT + timedelta(hours=1), memory.newest, memory.cut)
    assert _manifest(package).clip is None
    assert verify_package(package) == []


@pytest.mark.parametrize(("rule", "name"), [(RuleName.UNWASHED_TRUCK, "test"), (RuleName.UNCOVERED_SOIL, "surfaces")])
def test_the_manifest_names_the_model_that_the_rule_rests_on(tmp_path: Path, rule: RuleName, name: str) -> None:
    surfaces = ModelUsed(name="surfaces", sha256="1" * 64)
    making = recorder(tmp_path, {RuleName.UNCOVERED_SOIL: [surfaces, VEHICLES]})
    found = replace(violation(), rule=rule)
    making.begin(found, scene(), picture(), lambda *_: [])
    (folder,) = making.finish_due(OPENED_AT + timedelta(minutes=1), lambda _: None, lambda *_: [])
    assert _manifest(folder).model.name == name


def test_the_manifest_tells_all_models_the_software_the_clock_and_what_was_set_up(tmp_path: Path) -> None:
    surfaces = ModelUsed(name="surfaces", sha256="1" * 64, version="2")
    making = recorder(tmp_path, {RuleName.UNCOVERED_SOIL: [surfaces, VEHICLES]})
    calibration = calibration_of(GROUND)
    claim = Claim(class_name="bare_soil", points=[(0.1, 0.5), (0.5, 0.5), (0.5, 0.9)])
    told = replace(scene(), claims=[claim], calibration=calibration, reference_sha256="2" * 64)
    making.begin(replace(violation(), rule=RuleName.UNCOVERED_SOIL), told, picture(), lambda *_: [])
    (folder,) = making.finish_due(OPENED_AT + timedelta(minutes=1), lambda _: None, lambda *_: [])
    manifest = _manifest(folder)
    assert manifest.models == [surfaces, VEHICLES]
    assert manifest.software == "dustwatch test"
    assert manifest.software_versions == SOFTWARE
    assert manifest.clock_state == CLOCK
    assert (manifest.claims, manifest.calibration, manifest.reference_sha256) == ([claim], calibration, "2" * 64)
    assert verify_package(folder) == []


def test_a_later_picture_is_a_package_of_its_own_in_the_same_chain_without_a_clip(tmp_path: Path, video: Path) -> None:
    memory, making = Memory(video), recorder(tmp_path)
    first, follows = violation(), Follows(key=violation().key, number=1, stage=Stage.LASTING)
    making.begin(first, scene(), picture(), memory.cut)
    making.finish_due(OPENED_AT + timedelta(seconds=30), memory.newest, memory.cut)
    later = replace(first, opened_at=OPENED_AT + timedelta(hours=1), measures={"wash_seconds": 3.0})
    making.begin(later, scene(), picture(), memory.cut, follows=follows)
    (package,) = making.finish_due(later.opened_at, lambda _: None, memory.cut)
    manifest = _manifest(package)
    assert verify_package(package) == []
    assert package.name == manifest.key == follows.package_key
    assert (manifest.follows, manifest.opened_at, manifest.clip) == (follows, later.opened_at, None)
    assert {file.role for file in manifest.files} == {"clean", "annotated"}
    assert manifest.chain is not None
    assert manifest.chain.number == 2


def test_a_later_picture_left_by_a_killed_process_is_completed(tmp_path: Path) -> None:
    follows = Follows(key=violation().key, number=1, stage=Stage.ENDED)
    recorder(tmp_path).begin(violation(), scene(), picture(), lambda *_: [], follows=follows)
    (package,) = recorder(tmp_path).recover()
    assert _manifest(package).follows == follows
    assert verify_package(package) == []
