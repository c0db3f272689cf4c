"""Boxes of calibrated cameras are measured against the smallest lorry."""

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.render.camera import Camera
from tests.vision.truck_stories import START
from vision.geometry import BboxXyxy
from vision.ground_plane import Correspondence
from vision.lorry_size import SMALLEST_LORRY_M, LorrySize
from vision.tracking import Sighting
from vision.truck_vote import LEAST_SIZE, TruckVotes

CAMERA = Camera((12.0, -16.0, 6.5), (1.0, 5.0, 0.5), 60.0)
SIZE = (1920, 1080)
CAR_M, DUMP_LORRY_M = (4.6, 1.8, 1.5), (8.0, 2.5, 3.2)
PLACES = {"x": st.floats(-3, 5), "y": st.floats(-2, 12), "heading": st.floats(0, 360)}


def ground(camera: Camera = CAMERA) -> tuple[Correspondence, ...]:
    places = [(-2.0, 0.0), (4.0, 0.0), (4.0, 9.0), (-2.0, 9.0)]
    seen = camera.project([(x, y, 0.0) for x, y in places]).tolist()
    return tuple(Correspondence((u, v), at) for (u, v), at in zip(seen, places, strict=True))


def box_of(size_m: tuple[float, float, float], x: float, y: float, heading: float) -> BboxXyxy:
    length, width, height = size_m
    c, s = cos(radians(heading)), sin(radians(heading))
    corners = [
        (x + c * a * length / 2 - s * b * width / 2, y + s * a * length / 2 + c * b * width / 2, z)
        for a in (-1, 1)
        for b in (-1, 1)
        for z in (0.0, height)
    ]
    seen = CAMERA.project(corners)
    return (*seen.min(axis=0).tolist(), *seen.max(axis=0).tolist())  # type: ignore[return-value]


@pytest.fixture(scope="module")
def size() -> LorrySize:
    made = LorrySize.of(ground(), SIZE)
    assert made is not None
    return made


@given(**PLACES)
def test_the_smallest_lorry_is_as_large_as_itself(size: LorrySize, x: float, y: float, heading: float) -> None:
    share = size.share(box_of(SMALLEST_LORRY_M, x, y, heading))
    assert share is None or share >= 0.95


@given(**PLACES)
def test_a_car_is_smaller_and_a_dump_lorry_larger(size: LorrySize, x: float, y: float, heading: float) -> None:
    car, lorry = (size.share(box_of(size_m, x, y, heading)) for size_m in (CAR_M, DUMP_LORRY_M))
    assert car is None or car < LEAST_SIZE
    assert lorry is None or lorry > 1.1


def test_a_box_that_the_picture_cuts_off_is_not_measured(size: LorrySize) -> None:
    assert size.share((0.0, 0.3, 0.2, 0.5)) is None
    assert size.share((0.3, 0.6, 0.5, 1.0)) is None


def test_a_box_in_the_sky_is_not_measured(size: LorrySize) -> None:
    assert size.share((0.4, 0.01, 0.5, 0.02)) is None


def test_without_calibration_nothing_is_measured() -> None:
    assert LorrySize.of((), SIZE) is None


def sighting() -> Sighting:
    return Sighting(7, START, (0.4, 0.4, 0.6, 0.6), (0.02, 0.1, 0.88))


def test_what_looks_like_a_truck_is_none_when_it_is_too_small() -> None:
    unmeasured, small, large = (TruckVotes() for _ in range(3))
    for _ in range(5):
        assert [unmeasured.add(sighting()), small.add(sighting(), size=0.8), large.add(sighting(), size=1.2)]
    assert unmeasured.add(sighting())
    assert not small.add(sighting(), size=0.8)
    assert large.add(sighting(), size=1.2)


def test_a_lorry_that_is_hidden_in_most_views_is_told_by_the_others() -> None:
    votes = TruckVotes()
    for size in np.tile([0.5, 0.6, 1.3], 5):
        is_truck = votes.add(sighting(), size=float(size))
    assert is_truck
