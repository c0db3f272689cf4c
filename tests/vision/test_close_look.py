"""Vehicles are looked at closely where that is asked for and where they are large enough to show their mud."""

import cv2
import numpy as np
import pytest
import supervision as sv

from models.inference.detector import CLASS_SCORES
from models.inference.mud import MudClassifier
from models.registry.registry import load_model
from vision.close_look import MUD, SHARPNESS, look_closely, sharpness_of

IMAGE = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8)
LARGE, SMALL, ELSEWHERE = (100, 100, 300, 250), (400, 50, 440, 90), (400, 200, 600, 350)


@pytest.fixture(scope="module")
def mud() -> MudClassifier:
    return MudClassifier(load_model("mud"), threads=1)


def _vehicles(*scores: tuple[float, float, float]) -> sv.Detections:
    boxes = np.array([LARGE, SMALL, ELSEWHERE], dtype=np.float32)[: len(scores)]
    return sv.Detections(boxes, data={CLASS_SCORES: np.array(scores, dtype=np.float32).reshape(-1, 3)})


def test_the_large_truck_that_is_asked_about_is_judged_alone(mud: MudClassifier) -> None:
    vehicles = look_closely(IMAGE, _vehicles(*[(0.0, 0.1, 0.8)] * 3), mud, lambda box: box[3] < 0.9)
    assert np.isnan(vehicles.data[MUD]).tolist() == [False, True, True]
    assert np.isnan(vehicles.data[SHARPNESS]).tolist() == [False, True, True]
    assert 0 <= vehicles.data[MUD][0] <= 1
    (expected,) = mud.judge([IMAGE], [np.array(LARGE, dtype=np.float32)])
    assert vehicles.data[MUD][0] == pytest.approx(expected, abs=1e-4)


def test_a_car_is_not_judged(mud: MudClassifier) -> None:
    vehicles = look_closely(IMAGE, _vehicles((0.9, 0.0, 0.1)), mud, lambda _: True)
    assert np.isnan(vehicles.data[MUD]).all()


def test_a_blurred_picture_is_less_sharp_at_any_size() -> None:
    sharp = cv2.resize(IMAGE[:64, :64], (256, 256), interpolation=cv2.INTER_NEAREST)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 8)
    assert sharpness_of(blurred) < 0.2 * sharpness_of(sharp)
    double = cv2.resize(sharp, (512, 512), interpolation=cv2.INTER_NEAREST)
    assert sharpness_of(double) == pytest.approx(sharpness_of(sharp), rel=0.1)
