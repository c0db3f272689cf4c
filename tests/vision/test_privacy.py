"""What is private is painted over for good, and nothing else."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision.geometry import Zone
from vision.mask_out import masked
from vision.privacy import EDGE_PX, PAINT, paint_over

coordinate = st.floats(0, 1).map(lambda value: round(value, 3))
triangles = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=3)


def _picture(width: int, height: int) -> "np.typing.NDArray[np.uint8]":
    return np.random.default_rng(7).integers(100, 255, (height, width, 3)).astype(np.uint8)


@given(st.lists(triangles, min_size=1, max_size=3), st.integers(16, 90), st.integers(16, 60))
def test_every_pixel_of_an_area_is_painted_and_no_other(
    outlines: list[list[tuple[float, float]]], width: int, height: int
) -> None:
    try:
        areas = [Zone(points) for points in outlines]
    except ValueError:
        assume(False)
    before = _picture(width, height)
    after = paint_over(before, areas)
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    inside = masked(areas, np.stack([x, y], axis=-1))
    assert (after[inside] == PAINT[::-1]).all()
    near = np.zeros_like(inside)
    for area in areas:
        (left, top, right, bottom), reach = area.bbox_xyxy, EDGE_PX + 1
        near |= (
            (x > left - reach / width)
            & (x < right + reach / width)
            & (y > top - reach / height)
            & (y < bottom + reach / height)
        )
    assert (after[~near] == before[~near]).all()


def test_the_picture_that_was_given_stays_as_it_was() -> None:
    before = _picture(64, 36)
    copy = before.copy()
    paint_over(before, [Zone([(0, 0), (1, 0), (1, 1)])])
    assert (before == copy).all()


@pytest.mark.parametrize("points", [[(0, 0), (1, 0), (1, 1), (0, 1)]])
def test_where_areas_overlap_both_are_painted(points: list[tuple[float, float]]) -> None:
    half = Zone([(0, 0), (0.5, 0), (0.5, 1), (0, 1)])
    assert (paint_over(_picture(64, 36), [Zone(points), half]) == PAINT[::-1]).all()
