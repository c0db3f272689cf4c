"""Masks become COCO polygons that cover the same area, holes and all."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import union_all

from datasets.coco import mask_outlines, without_holes


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60), st.integers(8, 40), st.integers(8, 40)), max_size=6))
def test_outlines_cover_the_mask(rectangles: list[tuple[int, int, int, int]]) -> None:
    mask = np.zeros((100, 130), np.uint8)
    for number, (x, y, width, height) in enumerate(rectangles):
        mask[y : y + height, x : x + width] = number % 2 == 0  # every second one cuts a hole
    areas = mask_outlines(mask)
    border = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).sum()
    assert abs(sum(area.area for area in areas) - mask.sum()) <= border
    for area in areas:
        parts = without_holes(area)
        assert all(not part.interiors for part in parts)
        assert union_all(parts).symmetric_difference(area).area < 0.01


def test_a_ring_keeps_its_hole() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[5:35, 5:35] = 1
    mask[15:25, 15:25] = 0
    (area,) = mask_outlines(mask)
    assert area.bounds == (5, 5, 35, 35)
    assert abs(area.area - 800) <= 4
    assert len(without_holes(area)) == 2


def test_specks_are_left_out() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[5:8, 5:8] = mask[20, 20:35] = 1
    assert mask_outlines(mask) == []
