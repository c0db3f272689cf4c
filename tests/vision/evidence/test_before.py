"""The picture of before is the newest lawful one of what is drawn now, replaced seldom and as a whole."""

from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.vision.evidence.packages import OPENED_AT, picture, recorder, scene, violation
from vision.evidence.before import RENEWED_EVERY, BeforePictures
from vision.evidence.manifest import FileRole, Manifest
from vision.evidence.verify import verify_package
from vision.violations import RuleName

SOIL, HOARDING = RuleName.UNCOVERED_SOIL, RuleName.MISSING_HOARDING


def pictures(folder: Path, drawn: str = "a") -> BeforePictures:
    return BeforePictures(folder, "yard", {SOIL: drawn})


def test_what_was_kept_comes_back_with_its_time_in_another_process(tmp_path: Path) -> None:
    pictures(tmp_path).keep(SOIL, picture(), OPENED_AT)
    newest = pictures(tmp_path).newest(SOIL)
    assert newest is not None
    assert newest.captured_at == OPENED_AT
    decoded = cv2.imdecode(np.frombuffer(newest.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert abs(decoded.astype(int) - picture()).max() < 8
    assert [path.name for path in tmp_path.iterdir()] == ["yard-uncovered_soil.jpg"]


def test_colours_are_kept(tmp_path: Path) -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 2] = 255
    pictures(tmp_path).keep(SOIL, red, OPENED_AT)
    decoded = cv2.imread(str(tmp_path / "yard-uncovered_soil.jpg"))
    assert decoded is not None
    assert decoded[16, 16, 2] > 200 > decoded[16, 16, 0]


def test_it_is_replaced_no_sooner_than_after_ten_minutes_also_by_another_process(tmp_path: Path) -> None:
    first = pictures(tmp_path)
    assert first.is_due(SOIL, OPENED_AT)
    first.keep(SOIL, picture(), OPENED_AT)
    for each in (first, pictures(tmp_path)):
        assert not each.is_due(SOIL, OPENED_AT + RENEWED_EVERY - timedelta(seconds=1))
        assert each.is_due(SOIL, OPENED_AT + RENEWED_EVERY)


def test_a_picture_of_what_was_drawn_before_is_none(tmp_path: Path) -> None:
    pictures(tmp_path).keep(SOIL, picture(), OPENED_AT)
    assert pictures(tmp_path, "b").newest(SOIL) is None
    assert pictures(tmp_path, "b").is_due(SOIL, OPENED_AT)


def test_of_a_rule_that_judges_nothing_no_picture_is_wanted(tmp_path: Path) -> None:
    assert not pictures(tmp_path).is_due(HOARDING, OPENED_AT)
    assert pictures(tmp_path).newest(HOARDING) is None


@pytest.mark.parametrize("content", [b"", b"no picture", "a picture of another's"])
def test_what_can_not_be_read_is_no_picture_and_is_replaced(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "yard-uncovered_soil.jpg"
    if isinstance(content, str):
        cv2.imwrite(str(path), picture())
    else:
        path.write_bytes(content)
    assert pictures(tmp_path).newest(SOIL) is None
    assert pictures(tmp_path).is_due(SOIL, OPENED_AT)


def test_the_package_holds_it_and_tells_when_it_was_captured(tmp_path: Path) -> None:
    pictures(tmp_path / "before").keep(SOIL, picture(), OPENED_AT - timedelta(hours=2))
    newest, making = pictures(tmp_path / "before").newest(SOIL), recorder(tmp_path / "edge")
    assert newest is not None
    making.begin(violation(), scene(), picture(), lambda *_: [], before=newest)
    (package,) = making.finish_due(OPENED_AT + timedelta(minutes=1), lambda _: None, lambda *_: [])
    manifest = Manifest.model_validate_json((package / "manifest.json").read_bytes())
    assert verify_package(package) == []
    assert manifest.before is not None
    assert manifest.before.captured_at == OPENED_AT - timedelta(hours=2)
    assert [file.name for file in manifest.files if file.role is FileRole.BEFORE] == ["before.jpg"]
    assert (package / "before.jpg").read_bytes() == newest.jpeg
