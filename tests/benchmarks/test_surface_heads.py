"""The parts of the comparison of heads that decide its figures: outlines from masks, and a class map from instances."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.surface_heads_onnx import Instances, paint_instances, read_instances
from benchmarks.surface_squares import area_outlines, square_mask
from models.data.sample import NOT_JUDGED, rasterise

OTHER = 3


def away_from_borders(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) == 0


def test_an_area_with_holes_stays_one_outline_that_leaves_them_out() -> None:
    mask = np.full((64, 64), OTHER, np.uint8)
    mask[8:56, 8:56] = 0
    mask[16:26, 16:26] = OTHER
    mask[36:48, 30:50] = OTHER

    outlines = area_outlines(mask)

    assert [outline.class_id for outline in outlines] == [0]
    wrong = (rasterise(outlines, 64, 64, OTHER) != mask) & away_from_borders(mask)
    assert wrong.sum() < 30  # the ways to the holes
    assert not wrong[18:24, 18:24].any()
    assert not wrong[38:46, 32:48].any()


@given(st.lists(st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(6, 40)] * 2, st.integers(0, 2)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_outlines_filled_again_give_the_mask_but_for_borders(areas: list[tuple[int, int, int, int, int]]) -> None:
    mask = np.full((96, 96), OTHER, np.uint8)
    for left, top, width, height, number in areas:
        mask[top : top + height, left : left + width] = number

    filled = rasterise(area_outlines(mask), 96, 96, OTHER)

    wrong = (filled != mask) & away_from_borders(mask)
    assert wrong.mean() < 0.03  # specks that are left out, ways to holes


def test_padding_of_a_square_is_not_judged() -> None:
    square = square_mask(np.zeros((36, 64), np.uint8), 32)

    assert (square[:18] == 0).all()
    assert (square[18:] == NOT_JUDGED).all()


def test_the_surest_instance_lies_on_top_and_ends_at_its_box() -> None:
    boxes = np.array([[0, 0, 32, 32], [16, 0, 48, 32]], np.float32)
    instances = Instances(boxes, np.array([0, 2]), np.zeros((2, 1), np.float32))
    logits = np.ones((2, 8, 16), np.float32)

    painted = paint_instances(instances, logits, scale=0.5, shape=(64, 128))

    assert (painted[:, :32] == 0).all()
    assert (painted[:, 32:96] == 2).all()
    assert (painted[:, 96:] == OTHER).all()


def test_a_mask_lies_where_its_cells_lie_in_the_picture() -> None:
    instances = Instances(np.array([[0, 0, 64, 32]], np.float32), np.array([1]), np.zeros((1, 1), np.float32))
    logits = np.full((1, 8, 16), -1, np.float32)
    logits[0, :, 4:8] = 1  # input pixels 16 to 32, picture pixels 32 to 64

    painted = paint_instances(instances, logits, scale=0.5, shape=(64, 128))

    assert np.flatnonzero(painted[32] == 1).tolist() == pytest.approx(range(32, 64), abs=1)


def test_an_instance_can_reach_over_the_pictures_border() -> None:
    instances = Instances(np.array([[-8, -8, 90, 40]], np.float32), np.array([1]), np.zeros((1, 1), np.float32))

    painted = paint_instances(instances, np.ones((1, 8, 16), np.float32), scale=0.5, shape=(64, 128))

    assert (painted == 1).all()


def test_overlapping_boxes_of_a_class_are_one_instance_and_unsure_ones_none() -> None:
    found = np.array(
        [  # centre x and y, width, height, scores of two classes, one coefficient
            [10, 10, 10, 10, 0.6, 0.1, 1],
            [10, 10, 10, 9.5, 0.9, 0.1, 2],
            [10, 10, 10, 10, 0.1, 0.7, 3],
            [40, 10, 10, 10, 0.2, 0.1, 4],
        ],
        np.float32,
    ).T

    instances = read_instances(found, classes=2, threshold=0.5)

    assert instances.classes.tolist() == [1, 0]  # the surest last
    assert instances.coefficients[:, 0].tolist() == [3, 2]
    assert instances.boxes_xyxy[1].tolist() == [5, 5.25, 15, 14.75]


def test_no_instance_makes_everything_other() -> None:
    instances = read_instances(np.zeros((7, 5), np.float32), classes=2, threshold=0.5)

    painted = paint_instances(instances, np.zeros((0, 8, 8), np.float32), scale=1, shape=(32, 32))

    assert (painted == OTHER).all()
