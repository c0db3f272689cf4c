"""The reader reads drawn plates on a rendered truck, offline, and says when it can't."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.drawn_plates import Seen
from benchmarks.plates import rendered_trucks
from tests.vision.plates.plated_truck import SEEN, with_plate
from vision.plates.reader import BgrImage, PlateReader

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def reader() -> PlateReader:
    pytest.importorskip("rapidocr", reason="needs the extra: pip install 'dustwatch[plates]'")
    return PlateReader.load()


@pytest.fixture(scope="module")
def truck() -> BgrImage:
    return rendered_trucks()[0]


@pytest.mark.parametrize(
    ("text", "two_lines"), [("苏A8K326", False), ("苏E73915", True), ("浙B12345D", False)], ids=["front", "rear", "new"]
)
def test_a_near_plate_is_read_where_it_is(reader: PlateReader, truck: BgrImage, text: str, two_lines: bool) -> None:
    reading = reader.read(with_plate(truck, text, two_lines=two_lines))
    assert reading is not None
    assert (reading.text, reading.is_valid_format) == (text, True)
    assert 0.8 <= reading.confidence <= 1.0
    left, top, right, bottom = reading.bbox_xyxy
    assert left < truck.shape[1] / 2 < right
    assert top < truck.shape[0] * 0.6 < bottom
    assert right - left == pytest.approx(SEEN.width_px, rel=0.25)


def test_a_plate_too_small_to_read_is_refused(reader: PlateReader, truck: BgrImage) -> None:
    reading = reader.read(with_plate(truck, "苏A8K326", seen=Seen(width_px=24)))
    assert reading is None or not reading.is_valid_format


def test_other_writing_is_no_plate(reader: PlateReader, truck: BgrImage) -> None:
    reading = reader.read(with_plate(truck, "安全生产第一家"))
    assert reading is None


def test_pictures_with_nothing_give_nothing(reader: PlateReader, truck: BgrImage) -> None:
    assert reader.plate_of([truck, np.zeros((0, 10, 3), np.uint8)]) is None
    assert reader.plate_of([]) is None


def test_views_of_one_truck_agree(reader: PlateReader, truck: BgrImage) -> None:
    near, nearer = (with_plate(truck, "苏A8K326", seen=Seen(width)) for width in (120, 160))
    reading = reader.plate_of([near, with_plate(truck, "苏A8K329"), nearer])
    assert reading is not None
    assert (reading.text, reading.views) == ("苏A8K326", 2)


def test_without_its_packages_it_says_what_to_install() -> None:
    program = """
import sys
sys.modules["rapidocr"] = None
from vision.plates.reader import PlateReader
PlateReader.load()
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert "pip install 'dustwatch[plates]'" in ended.stderr
