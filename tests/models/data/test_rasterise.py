"""Polygons become masks: later ones lie over earlier ones, and areas are kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.label_files import LabelPolygon
from models.data.sample import rasterise


def rectangle(number: int, left: float, top: float, right: float, bottom: float) -> LabelPolygon:
    return LabelPolygon(number, ((left, top), (right, top), (right, bottom), (left, bottom)))


def test_later_polygons_lie_over_earlier_ones() -> None:
    mask = rasterise([rectangle(0, 0, 0, 1, 1), rectangle(2, 0.5, 0, 1, 1)], 10, 20, 3)
    assert set(np.unique(mask[:, 11:])) == {2}
    assert set(np.unique(mask[:, :9])) == {0}


def test_what_no_polygon_covers_is_ground() -> None:
    assert (rasterise([], 4, 6, 3) == 3).all()


@settings(deadline=None)
@given(st.floats(0, 0.45), st.floats(0, 0.45), st.floats(0.55, 1), st.floats(0.55, 1))
def test_the_area_is_kept_to_a_pixel_along_the_outline(left: float, top: float, right: float, bottom: float) -> None:
    mask = rasterise([rectangle(1, left, top, right, bottom)], 100, 200, 0)
    expected = (right - left) * (bottom - top)
    assert mask.mean() == pytest.approx(expected, abs=((right - left) * 200 + (bottom - top) * 100 + 4) * 2 / 20_000)
