"""The plate comes into the manifest when it was read in time, and evidence is stored whatever becomes of it."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.plates import rendered_trucks
from tests.vision.evidence.packages import OPENED_AT, picture, read_manifest, recorder, scene, violation
from tests.vision.plates.plated_truck import with_plate
from vision.best_view import TruckPicture
from vision.evidence.manifest import Manifest, Plate
from vision.evidence.recorder import EvidenceRecorder, truck_in
from vision.evidence.verify import verify_package
from vision.plates.background import PlateOf, PlatesInBackground
from vision.plates.plate_reading import PlateReading
from vision.plates.reader import BgrImage, PlateReader
from vision.violations import RuleName, Violation

READING = PlateReading("苏A8K326", 0.98765, (0.0, 0.0, 1.0, 1.0), is_valid_format=True, views=1)
AFTER = OPENED_AT + timedelta(minutes=1)


def store(root: Path, plate_of: PlateOf, found: Violation, *, waits: bool = True) -> Manifest:
    """Return the manifest of a violation whose plate is read so; without `waits` nobody waits for the reading."""
    plates = PlatesInBackground(plate_of)
    making = recorder(root, plates=plates)
    making.begin(found, scene(), picture(), lambda *_: [])
    if waits:
        plates.finish()
    manifest = read_manifest(finished(making))
    plates.close()
    return manifest


def finished(making: EvidenceRecorder) -> Path:
    (package,) = making.finish_due(AFTER, lambda _: None, lambda *_: [])
    assert verify_package(package) == []
    return package


def test_what_was_read_in_the_trucks_box_is_told(tmp_path: Path) -> None:
    seen: list[tuple[int, ...]] = []

    def plate_of(pictures: Sequence[BgrImage]) -> PlateReading | None:
        seen.extend(each.shape for each in pictures)
        return READING

    manifest = store(tmp_path, plate_of, violation())
    assert manifest.plate == Plate(text="苏A8K326", confidence=0.988, views=1, valid=True)
    assert seen == [(132, 106, 3)]  # the box (0.2, 0.3, 0.5, 0.8) of 320x240, 5 % larger to each side


@pytest.mark.parametrize(("earlier_s", "views"), [(0.0, 1), (2.0, 2)])
def test_the_best_view_is_read_too_where_it_is_another(tmp_path: Path, earlier_s: float, views: int) -> None:
    shown: list[BgrImage] = []

    def plate_of(pictures: Sequence[BgrImage]) -> PlateReading | None:
        shown.extend(pictures)
        return READING

    plates = PlatesInBackground(plate_of)
    best_view = TruckPicture(OPENED_AT - timedelta(seconds=earlier_s), picture()[50:150, 60:220])
    recorder(tmp_path, plates=plates).begin(violation(), scene(), picture(), lambda *_: [], best_view=best_view)
    plates.finish()
    plates.close()
    assert len(shown) == views


def test_a_plate_on_the_picture_comes_into_the_sealed_manifest(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr", reason="needs the extra: pip install 'dustwatch[plates]'")
    image = with_plate(rendered_trucks()[0], "苏A8K326")
    plates = PlatesInBackground(PlateReader.load().plate_of)
    making = recorder(tmp_path, plates=plates)
    making.begin(replace(violation(), bbox_xyxy=(0.1, 0.1, 0.9, 0.9)), scene(), image, lambda *_: [])
    plates.finish()
    plate = read_manifest(finished(making)).plate
    assert plate is not None
    assert (plate.text, plate.valid, plate.views) == ("苏A8K326", True, 1)


def test_a_plate_that_nobody_could_read_is_told_as_unread(tmp_path: Path) -> None:
    assert store(tmp_path, lambda _: None, violation()).plate == Plate()


def test_a_reader_that_fails_leaves_the_evidence(tmp_path: Path) -> None:
    def fail(_: Sequence[BgrImage]) -> PlateReading | None:
        raise RuntimeError("the network fell over")

    assert store(tmp_path, fail, violation()).plate == Plate()


def test_evidence_does_not_wait_for_a_reader_that_hangs(tmp_path: Path) -> None:
    hold = threading.Event()

    def hang(_: Sequence[BgrImage]) -> PlateReading | None:
        hold.wait(120)
        return READING

    assert store(tmp_path, hang, violation(), waits=False).plate == Plate()
    hold.set()


def test_only_violations_of_trucks_have_plates(tmp_path: Path) -> None:
    found = replace(violation(), rule=RuleName.UNCOVERED_SOIL)
    assert store(tmp_path, lambda _: READING, found).plate is None


def test_without_a_reader_the_manifest_tells_nothing_of_plates(tmp_path: Path) -> None:
    making = recorder(tmp_path)
    making.begin(violation(), scene(), picture(), lambda *_: [])
    assert read_manifest(finished(making)).plate is None


def test_a_truck_at_the_pictures_border_is_cut_there() -> None:
    image = np.arange(100 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 200, 3)
    cut = truck_in(image, (0.5, 0.0, 1.0, 0.5))
    assert np.array_equal(cut, image[0:52, 95:200])
    assert not np.shares_memory(cut, image)
