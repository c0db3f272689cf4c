"""Pictures are fitted without distortion, and boxes come back to where they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.inference.letterbox import PADDING_LEVEL, Letterbox


@given(st.integers(16, 2200), st.integers(16, 3900), st.sampled_from([320, 640, 960]))
def test_the_input_is_a_multiple_of_the_stride_and_no_larger_than_needed(height: int, width: int, size: int) -> None:
    letterbox = Letterbox.fit(height, width, size, 32)
    assert letterbox.shape[0] % 32 == 0
    assert letterbox.shape[1] % 32 == 0
    assert max(letterbox.shape) == size
    assert letterbox.apply(np.zeros((height, width, 3), np.uint8)).shape == (*letterbox.shape, 3)


@given(st.integers(64, 1100), st.integers(64, 2000), st.data())
def test_a_box_survives_the_way_there_and_back(height: int, width: int, data: st.DataObject) -> None:
    letterbox = Letterbox.fit(height, width, 640, 32)
    left, right = sorted(data.draw(st.tuples(st.integers(0, width), st.integers(0, width))))
    top, bottom = sorted(data.draw(st.tuples(st.integers(0, height), st.integers(0, height))))
    box = np.array([[left, top, right, bottom]], dtype=np.float32)
    shift = np.array([letterbox.left, letterbox.top] * 2, dtype=np.float32)
    there = box * np.float32(letterbox.scale) + shift
    assert letterbox.restore(there, height, width) == pytest.approx(box, abs=0.01 / letterbox.scale + 0.01)


def test_the_padding_is_grey_and_lies_on_both_sides() -> None:
    padded = Letterbox.fit(360, 640, 640, 32).apply(np.full((360, 640, 3), 200, np.uint8))
    assert padded.shape == (384, 640, 3)
    assert (padded[0] == PADDING_LEVEL).all()
    assert (padded[-1] == PADDING_LEVEL).all()
    assert (padded[12:372] == 200).all()
