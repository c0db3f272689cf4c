"""Mud is judged on each truck's own part of the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.cards import ModelInput, VerifiedModel
from models.errors import ModelError
from models.inference.mud import MudClassifier, crop
from models.registry.registry import load_model
from tests.models.made_models import brightness_network, made_model


def mud_model(**card: object) -> VerifiedModel:
    facts = {"name": "mud", "task": "classify", "classes": {0: "clean", 1: "muddy"}, "input": ModelInput(size=224)}
    return made_model(brightness_network(), **{**facts, **card})


def box(*sides: float) -> NDArray[np.float32]:
    return np.array(sides, np.float32)


def test_two_trucks_of_one_picture_are_told_apart() -> None:
    picture = np.zeros((300, 600, 3), np.uint8)
    picture[:, 300:] = (0, 0, 255)
    clean, muddy = MudClassifier(mud_model(), threads=1).judge(
        [picture, picture], [box(50, 50, 200, 200), box(400, 100, 550, 250)]
    )
    assert clean < 0.01
    assert muddy > 0.99


def test_a_crop_is_not_distorted_but_padded_with_grey() -> None:
    wide = np.full((56, 224, 3), (0, 0, 255), np.uint8)
    (probability,) = MudClassifier(mud_model(), threads=1).judge_crops([wide])
    red = 0.25 * 1.0 + 0.75 * 114 / 255
    assert probability == pytest.approx(1 / (1 + np.exp(-20 * (red - 0.5))), abs=1e-3)


def test_the_order_of_the_classes_does_not_matter() -> None:
    red = np.full((50, 50, 3), (0, 0, 255), np.uint8)
    (probability,) = MudClassifier(mud_model(classes={0: "muddy", 1: "clean"})).judge_crops([red])
    assert probability < 0.01


def test_nothing_to_judge() -> None:
    assert MudClassifier(mud_model()).judge([], []).shape == (0,)


def test_the_crop_has_a_margin_of_a_tenth_that_ends_at_the_border() -> None:
    picture = np.arange(100 * 200 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 200, 3)
    assert np.array_equal(crop(picture, box(100, 50, 150, 70)), picture[48:72, 95:155])
    assert np.array_equal(crop(picture, box(0, 0, 200, 100)), picture)


@given(st.lists(st.floats(-500, 500, width=32), min_size=4, max_size=4), st.integers(1, 60), st.integers(1, 60))
def test_any_box_gives_some_picture(sides: list[float], height: int, width: int) -> None:
    left, right = sorted(sides[:2])
    top, bottom = sorted(sides[2:])
    part = crop(np.zeros((height, width, 3), np.uint8), box(left, top, right, bottom))
    assert part.size > 0


def test_a_model_that_does_not_tell_mud() -> None:
    with pytest.raises(ModelError, match="muddy"):
        MudClassifier(load_model())
