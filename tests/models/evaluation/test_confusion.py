"""Rates of confusion matrices are those of their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.evaluation.confusion import (
    count_pairs,
    false_alarm_share,
    false_alarms_by_name,
    fold_foreign,
    mean_of,
    rates,
)

OURS = 4
matrices = hnp.arrays(np.int64, (OURS, OURS), elements=st.integers(0, 10**9))
masks = hnp.arrays(np.uint8, (6, 7), elements=st.integers(0, OURS - 1))


def test_the_rates_of_a_small_case_by_hand() -> None:
    truth = np.array([[0, 0, 0, 1], [1, 1, 3, 255]], np.uint8)
    called = np.array([[0, 0, 3, 0], [1, 3, 3, 0]], np.uint8)
    matrix = count_pairs(truth, called, OURS, OURS)
    assert matrix.tolist() == [[2, 0, 0, 1], [1, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]
    soil = rates(matrix, 0)
    assert (soil.iou, soil.precision, soil.recall) == (2 / 4, 2 / 3, 2 / 3)
    assert soil.f1 == pytest.approx(2 / 3)
    assert rates(matrix, 2) == type(soil)(None, None, None, None)
    assert false_alarm_share(matrix, 0) == 1 / 4


def test_foreign_classes_count_as_other_and_are_told_by_name() -> None:
    truth = np.array([3, 3, 4, 4, 4, 4, 5], np.uint8)
    called = np.array([3, 0, 0, 0, 3, 3, 3], np.uint8)
    matrix = count_pairs(truth, called, 6, OURS)
    square = fold_foreign(matrix, into=3)
    assert square.tolist() == [[0] * 4, [0] * 4, [0] * 4, [3, 0, 0, 4]]
    assert false_alarm_share(square, 0) == 3 / 7
    names = {0: "bare_soil", 1: "dust_net", 2: "hoarding", 3: "other", 4: "fence", 5: "wall"}
    assert false_alarms_by_name(matrix, 0, names) == {"other": 0.5, "fence": 0.5, "wall": 0.0}
    assert fold_foreign(matrix, into=None).sum() == 2


@given(matrices, st.integers(0, OURS - 1))
def test_rates_lie_between_0_and_1_and_the_iou_is_the_least(matrix: np.ndarray, index: int) -> None:
    found = rates(matrix, index)
    for value in (found.iou, found.precision, found.recall, found.f1, false_alarm_share(matrix, index)):
        assert value is None or 0 <= value <= 1
    if found.iou is not None:
        assert found.f1 is not None
        assert found.iou <= found.f1
        assert found.f1 == pytest.approx(2 * found.iou / (1 + found.iou))


@given(masks)
def test_a_perfect_answer_has_an_iou_of_1_for_all_that_is_there(truth: np.ndarray) -> None:
    matrix = count_pairs(truth, truth, OURS, OURS)
    for index in range(OURS):
        assert rates(matrix, index).iou == (1 if (truth == index).any() else None)
        assert false_alarm_share(matrix, index) in (0, None)


@given(masks, masks, st.permutations(range(42)))
def test_the_order_of_the_pixels_does_not_matter(truth: np.ndarray, called: np.ndarray, order: list[int]) -> None:
    matrix = count_pairs(truth, called, OURS, OURS)
    assert (count_pairs(truth.ravel()[order], called.ravel()[order], OURS, OURS) == matrix).all()


@given(masks, masks, st.permutations(range(OURS)))
def test_renaming_the_classes_renames_the_rates(truth: np.ndarray, called: np.ndarray, names: list[int]) -> None:
    table = np.array(names, np.uint8)
    matrix = count_pairs(truth, called, OURS, OURS)
    renamed = count_pairs(table[truth], table[called], OURS, OURS)
    for index in range(OURS):
        assert rates(renamed, names[index]) == rates(matrix, index)


@given(masks, masks)
def test_every_judged_pixel_is_counted_once(truth: np.ndarray, called: np.ndarray) -> None:
    assert count_pairs(truth, called, OURS, OURS).sum() == truth.size
    assert count_pairs(np.full_like(truth, 255), called, OURS, OURS).sum() == 0


def test_the_mean_leaves_out_what_is_not_there() -> None:
    assert mean_of([0.5, None, 1.0]) == 0.75
    assert mean_of([None]) is None
