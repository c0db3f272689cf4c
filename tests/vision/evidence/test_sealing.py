"""Whenever the process is killed or the disk refuses, the chain goes on: no fork, no gap, no number twice."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.vision.evidence.failing_disk import Disk, Killed
from tests.vision.evidence.packages import OPENED_AT, make_chain, picture, read_manifest, recorder, scene, violation
from vision.evidence.chain import read_head
from vision.evidence.chain_check import check_chains, read_chained
from vision.evidence.keyring import Keyring
from vision.evidence.recorder import EvidenceRecorder
from vision.evidence.verify import find_packages, verify_package

VIOLATIONS = [violation(OPENED_AT + timedelta(minutes=number), track_id=number) for number in range(3)]


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of packages are sealed here; a kill loses nothing that was written, so none has to be synced."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def begin_all(making: EvidenceRecorder) -> None:
    for each in VIOLATIONS:
        making.begin(each, scene(), picture(), lambda *_: [])


def finish_all(making: EvidenceRecorder) -> None:
    making.finish_due(OPENED_AT + timedelta(hours=1), lambda _: None, lambda *_: [])


def assert_one_chain(root: Path, count: int = len(VIOLATIONS)) -> None:
    packages = find_packages(root / "ready")
    assert [fault for package in packages for fault in verify_package(package)] == []
    chained = [one for package in packages if (one := read_chained(package))]
    faults, (extent,) = check_chains(chained, {"gate": read_head(root / "chain" / "gate.json")})
    assert faults == []
    assert (extent.packages, extent.last_number) == (count, count)
    assert list((root / "staged").iterdir()) == []


def steps_of_finishing(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    making = recorder(root)
    begin_all(making)
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        finish_all(making)
    assert_one_chain(root)
    return disk.steps


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_the_next_start_continues_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    steps = steps_of_finishing(tmp_path / "whole", monkeypatch)
    assert steps > 20
    for step in range(steps):
        root = tmp_path / f"killed-{step}"
        making = recorder(root)
        begin_all(making)
        with monkeypatch.context() as patch:
            disk = Disk(patch)
            disk.fails_at, disk.after = step, after
            with pytest.raises(Killed):
                finish_all(making)
        recorder(root).recover()
        assert_one_chain(root)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_again_while_recovering_the_chain_still_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    begin_all(recorder(tmp_path))
    for step in (9, 7, 11, 5, 8):
        with monkeypatch.context() as patch:
            disk = Disk(patch)
            disk.fails_at, disk.after = step, after
            with pytest.raises(Killed):
                recorder(tmp_path).recover()
    recorder(tmp_path).recover()
    assert_one_chain(tmp_path)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_disk_that_refuses_any_step_is_tried_again_by_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    steps = steps_of_finishing(tmp_path / "whole", monkeypatch)
    for step in range(steps):
        root = tmp_path / f"refused-{step}"
        making = recorder(root)
        begin_all(making)
        with monkeypatch.context() as patch:
            disk = Disk(patch)
            disk.fails_at, disk.after, disk.error = step, after, OSError(28, "No space left on device")
            with pytest.raises(OSError, match="No space"):
                finish_all(making)
        finish_all(making)
        assert_one_chain(root)


def test_staged_packages_of_an_earlier_process_join_before_new_ones(tmp_path: Path) -> None:
    begin_all(recorder(tmp_path))
    recorder(tmp_path).recover()
    make_chain(tmp_path, 1, first=len(VIOLATIONS))
    assert_one_chain(tmp_path, len(VIOLATIONS) + 1)


def test_each_camera_has_a_chain_of_its_own(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    for camera in ("gate", "yard"):
        place = scene().place.model_copy(update={"camera_id": camera})
        for each in VIOLATIONS[:2]:
            found = type(each)(**{**each.__dict__, "camera_id": camera})
            making.begin(found, type(scene())(**{**scene().__dict__, "place": place}), picture(), lambda *_: [])
    finish_all(making)
    links = sorted(
        (manifest.place.camera_id, manifest.chain.number if manifest.chain else 0)
        for manifest in map(read_manifest, find_packages(tmp_path / "ready"))
    )
    assert links == [("gate", 1), ("gate", 2), ("yard", 1), ("yard", 2)]


def test_a_damaged_head_holds_up_its_own_camera_alone_and_loses_nothing(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    make_chain(tmp_path, 1, first=9)
    head = tmp_path / "chain" / "gate.json"
    whole = head.read_bytes()
    head.write_bytes(whole[:-20])
    begin_all(making)
    place = scene().place.model_copy(update={"camera_id": "yard"})
    other = type(VIOLATIONS[0])(**{**VIOLATIONS[0].__dict__, "camera_id": "yard"})
    making.begin(other, type(scene())(**{**scene().__dict__, "place": place}), picture(), lambda *_: [])
    finish_all(making)
    assert read_head(tmp_path / "chain" / "yard.json").head.number == 1
    assert recorder(tmp_path).recover() == []
    head.write_bytes(whole)
    finish_all(making)
    assert read_head(head).head.number == 1 + len(VIOLATIONS)


def test_a_rotation_in_the_middle_does_not_break_the_chain(tmp_path: Path) -> None:
    make_chain(tmp_path, 1, first=9)
    Keyring(tmp_path / "keys").rotate()
    begin_all(recorder(tmp_path))
    recorder(tmp_path).recover()
    assert_one_chain(tmp_path, 1 + len(VIOLATIONS))
