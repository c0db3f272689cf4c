"""A site and its cameras tell where they are, and a place that is none is refused in one line."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from service.config.file import load_config
from tests.service.config.test_file import ENVIRONMENT, GOOD, problems_of
from vision.evidence.manifest import Position

POSITION = "    position: {latitude: 31.2304, longitude: 121.4737}\n"
ADDRESS = "    district: 浦东新区\n    street: 张江镇\n    address: 科苑路 1 号\n"


def test_a_site_tells_where_it_is_and_a_camera_where_it_hangs(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    located = GOOD.replace("cameras:\n", POSITION + ADDRESS + "cameras:\n")
    path.write_text(located, encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    place = config.place(config.cameras[0])
    assert place.position == Position(latitude=31.2304, longitude=121.4737)
    assert (place.district, place.street, place.address) == ("浦东新区", "张江镇", "科苑路 1 号")
    own = "    position: {latitude: 31.2311, longitude: 121.4729}\n"
    path.write_text(located.replace("    zones:\n", own + "    zones:\n"), encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    assert config.place(config.cameras[0]).position == Position(latitude=31.2311, longitude=121.4729)


@pytest.mark.parametrize(
    ("position", "problem"),
    [
        ("{latitude: 121.4737, longitude: 31.2304}", ":4: sites[0].position: write decimal degrees"),
        ("{latitude: 31.2, longitude: 181}", "are the two confused?"),
        ("{latitude: .nan, longitude: 121}", "write decimal degrees"),
        ("{latitude: 31°13′N, longitude: 121}", ":4: sites[0].position.latitude: "),
        ("{latitude: 31.2}", "sites[0].position.longitude: it is missing"),
        ("{latitude: 31.2, longitud: 121}", "did you mean longitude?"),
    ],
)
def test_a_position_that_is_none_is_told_in_one_line(tmp_path: Path, position: str, problem: str) -> None:
    problems = problems_of(tmp_path, GOOD.replace("cameras:\n", f"    position: {position}\ncameras:\n"))
    assert any(problem in each for each in problems)


def test_the_picture_of_commissioning_is_named_by_its_hash(tmp_path: Path) -> None:
    picture = tmp_path / "reference.png"
    cv2.imwrite(str(picture), np.zeros((4, 4, 3), np.uint8))
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD.replace("    zones:\n", f"    reference: {picture}\n    zones:\n"), encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    watched = config.gate_camera(config.cameras[0])
    assert watched is not None
    assert watched.reference_sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
