"""Surfaces come back where they are in the picture, whatever its size, and thresholds decide what is believed."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import ModelError
from models.inference.surfaces import SurfaceSegmenter, label
from models.registry.registry import load_model
from tests.models.made_models import SURFACES, colour_network, made_model

BARE_SOIL, DUST_NET, HOARDING, OTHER = range(4)
BGR = {BARE_SOIL: (0, 0, 255), DUST_NET: (0, 255, 0), HOARDING: (255, 0, 0), OTHER: (0, 0, 0)}
NAMES = tuple(SURFACES.values())


@pytest.fixture(scope="module")
def segmenter() -> SurfaceSegmenter:
    return SurfaceSegmenter(made_model(colour_network()), input_size=320, threads=1)


def quarters(height: int, width: int, classes: Sequence[int]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a picture whose quarters show these classes, and the truth."""
    truth = np.empty((height, width), np.uint8)
    rows, columns = height // 2, width // 2
    truth[:rows, :columns], truth[:rows, columns:], truth[rows:, :columns], truth[rows:, columns:] = classes
    return np.array([BGR[class_id] for class_id in range(4)], np.uint8)[truth], truth


@settings(max_examples=25)
@given(st.integers(100, 700), st.integers(100, 700), st.permutations(range(4)))
def test_each_surface_is_where_it_is(height: int, width: int, classes: Sequence[int]) -> None:
    picture, truth = quarters(height, width, classes)
    segmenter = SurfaceSegmenter(made_model(colour_network()), input_size=320, threads=1)
    (found,) = segmenter.segment([picture])
    assert found.labels().shape == truth.shape
    blur = round(12 / found.scale) + 2
    inner = np.ones_like(truth, bool)
    inner[height // 2 - blur : height // 2 + blur] = False
    inner[:, width // 2 - blur : width // 2 + blur] = False
    inner[height - blur :], inner[:, width - blur :] = False, False  # the last cells see some padding
    assert (found.labels()[inner] == truth[inner]).all()


def test_cells_lie_where_their_pixels_are(segmenter: SurfaceSegmenter) -> None:
    picture, truth = quarters(640, 640, [BARE_SOIL, OTHER, DUST_NET, HOARDING])
    (found,) = segmenter.segment([picture])
    assert found.probabilities.shape == (4, 40, 40)
    assert (found.labels() != truth).mean() < 0.001
    assert found.probabilities.sum(axis=0) == pytest.approx(np.ones((40, 40)), abs=1e-5)


@settings(max_examples=25)
@given(st.integers(100, 700), st.integers(100, 700), st.permutations(range(4)))
def test_points_have_the_class_of_their_pixel(height: int, width: int, classes: Sequence[int]) -> None:
    picture, _ = quarters(height, width, classes)
    segmenter = SurfaceSegmenter(made_model(colour_network()), input_size=320, threads=1)
    (found,) = segmenter.segment([picture])
    rows, columns = np.mgrid[3:height:17, 3:width:17].reshape(2, -1)
    at_points = found.labels_at(np.stack([(columns + 0.5) / width, (rows + 0.5) / height], axis=1))
    assert (at_points != found.labels()[rows, columns]).mean() < 0.01


def test_the_padding_is_no_part_of_the_map(segmenter: SurfaceSegmenter) -> None:
    (wide,) = segmenter.segment([np.zeros((180, 320, 3), np.uint8)])
    assert wide.probabilities.shape == (4, 23, 40)
    assert wide.at_picture_size().shape == (4, 180, 320)


def test_pictures_of_different_sizes_come_back_in_their_order(segmenter: SurfaceSegmenter) -> None:
    kinds = [BARE_SOIL, HOARDING, DUST_NET, OTHER, BARE_SOIL]
    shapes = [(90, 160), (200, 100), (90, 160), (64, 64), (200, 100)]
    pictures = [np.full((*shape, 3), BGR[kind], np.uint8) for shape, kind in zip(shapes, kinds, strict=True)]
    maps = segmenter.segment(pictures)
    assert [found.shape for found in maps] == shapes
    assert [int(found.labels()[20, 20]) for found in maps] == kinds
    assert segmenter.segment([]) == []


def test_a_class_below_its_threshold_is_other_even_where_it_is_likeliest() -> None:
    probabilities = np.array([0.45, 0.3, 0.15, 0.1], np.float32).reshape(4, 1, 1)
    assert label(probabilities, NAMES, {}).item() == OTHER
    assert label(probabilities, NAMES, {"bare_soil": 0.45}).item() == BARE_SOIL
    assert label(probabilities, NAMES, {"dust_net": 0.2}).item() == DUST_NET
    assert label(probabilities, NAMES, {"bare_soil": 0.4, "dust_net": 0.2}).item() == BARE_SOIL


def test_a_class_that_reaches_its_threshold_stands_although_other_is_likelier() -> None:
    probabilities = np.array([0.3, 0.1, 0.0, 0.6], np.float32).reshape(4, 1, 1)
    assert label(probabilities, NAMES, {"bare_soil": 0.25}).item() == BARE_SOIL


@given(st.lists(st.floats(0, 1, width=32), min_size=4, max_size=4), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_finds_more(values: list[float], one: float, another: float) -> None:
    low, high = sorted((one, another))
    probabilities = np.array(values, np.float32).reshape(4, 1, 1)
    strict = label(probabilities, NAMES, {"bare_soil": high}).item() == BARE_SOIL
    assert not strict or label(probabilities, NAMES, {"bare_soil": low}).item() == BARE_SOIL


def test_the_cards_thresholds_are_used_unless_others_are_given() -> None:
    model = made_model(colour_network(), thresholds={"bare_soil": 1.0})
    (found,) = SurfaceSegmenter(model, threads=1).segment([np.full((64, 64, 3), (0, 0, 255), np.uint8)])
    assert (found.labels() == OTHER).all()
    assert (found.labels({}) == BARE_SOIL).all()


def test_models_that_tell_no_surfaces_apart() -> None:
    with pytest.raises(ModelError, match="does not tell surfaces apart"):
        SurfaceSegmenter(load_model())
    with pytest.raises(ModelError, match="surfaces"):
        SurfaceSegmenter(made_model(b"no network"))
    five = {**SURFACES, 4: "water"}
    with pytest.raises(ModelError, match="instead of"):
        SurfaceSegmenter(made_model(colour_network(), classes=five)).segment([np.zeros((64, 64, 3), np.uint8)])
