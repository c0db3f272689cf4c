"""Average precision and false alarms of boxes agree with cases worked out by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
import supervision as sv
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.boxes import BoxPair, average_precisions, false_alarms_by_class, match_boxes

TRUCK, CAR = 7, 2
Box = tuple[float, float, float, float]
A, B, FAR = (0, 0, 10, 10), (20, 20, 30, 30), (50, 50, 60, 60)


def boxes(*found: tuple[Box, int, float]) -> sv.Detections:
    return sv.Detections(
        xyxy=np.array([box for box, _, _ in found], np.float32).reshape(-1, 4),
        class_id=np.array([class_id for _, class_id, _ in found], np.int64),
        confidence=np.array([score for _, _, score in found], np.float32),
    )


def pair(detected: Sequence[tuple[Box, int, float]], there: Sequence[tuple[Box, int]]) -> BoxPair:
    return BoxPair(boxes(*detected), boxes(*((box, class_id, 1.0) for box, class_id in there)))


def test_average_precision_by_hand() -> None:
    """One of two trucks found, by the surest box: precision 1 up to a recall of 0.5, which are 51 of 101 points."""
    found = average_precisions([pair([(A, TRUCK, 0.9), (FAR, TRUCK, 0.8)], [(A, TRUCK), (B, TRUCK)])])
    assert found == {TRUCK: (pytest.approx(51 / 101), pytest.approx(51 / 101))}


def test_a_surer_false_alarm_lowers_the_precision() -> None:
    """False, then right: precision 1/2 at a recall of 1/2, and 2/3 from the second hit on."""
    detected = [(FAR, TRUCK, 0.9), (A, TRUCK, 0.8), (B, TRUCK, 0.7)]
    found = average_precisions([pair(detected, [(A, TRUCK), (B, TRUCK)])])
    assert found[TRUCK][0] == pytest.approx(2 / 3)


def test_the_overlap_decides_at_which_iou_a_box_counts() -> None:
    """IoU 0.8 counts at 0.5, 0.55 ... 0.8, but not at 0.85, 0.9 and 0.95."""
    found = average_precisions([pair([((0, 0, 10, 8), TRUCK, 0.9)], [(A, TRUCK)])])
    assert found[TRUCK] == (pytest.approx(1), pytest.approx(0.7))


def test_classes_do_not_mix_and_missed_classes_have_0() -> None:
    found = average_precisions([pair([(A, CAR, 0.9)], [(A, TRUCK)]), pair([(B, CAR, 0.5)], [(B, CAR)])])
    assert found[TRUCK] == (0, 0)
    assert found[CAR][0] == pytest.approx(0.5)


def test_nothing_there_has_no_average_precision() -> None:
    assert average_precisions([pair([(A, TRUCK, 0.9)], [])]) == {}
    assert average_precisions([pair([], [])]) == {}
    assert average_precisions([]) == {}


def test_an_object_is_found_once_by_the_surest_box() -> None:
    matched = match_boxes([pair([(A, TRUCK, 0.5), (A, TRUCK, 0.9)], [(A, TRUCK)])], TRUCK)
    assert matched.scores.tolist() == pytest.approx([0.9, 0.5])
    assert matched.found.tolist() == [True, False]
    assert matched.there == 1


def test_false_alarms_are_told_by_what_they_lie_on() -> None:
    detected = [(A, TRUCK, 0.9), (B, TRUCK, 0.8), (FAR, TRUCK, 0.1)]
    matched = match_boxes([pair(detected, [(A, TRUCK), (B, CAR)])], TRUCK)
    assert false_alarms_by_class(matched, 0.5) == {CAR: 1}
    assert false_alarms_by_class(matched, 0.0) == {CAR: 1, -1: 1}


@given(st.lists(st.tuples(st.sampled_from([A, B, FAR]), st.sampled_from([TRUCK, CAR])), max_size=5, unique=True))
def test_perfect_boxes_have_an_average_precision_of_1(there: list[tuple[Box, int]]) -> None:
    found = average_precisions([pair([(box, class_id, 0.9) for box, class_id in there], there)])
    assert set(found) == {class_id for _, class_id in there}
    assert all(at_50 == pytest.approx(1) and mean == pytest.approx(1) for at_50, mean in found.values())


@given(st.permutations(range(4)))
def test_the_order_of_the_pictures_does_not_matter(order: list[int]) -> None:
    pairs = [
        pair([(A, TRUCK, 0.9)], [(A, TRUCK)]),
        pair([(A, TRUCK, 0.8)], []),
        pair([], [(B, TRUCK)]),
        pair([(B, TRUCK, 0.7), (FAR, CAR, 0.6)], [(B, TRUCK), (A, CAR)]),
    ]
    shuffled = [pairs[index] for index in order]
    assert average_precisions(shuffled) == average_precisions(pairs)
    assert match_boxes(shuffled, TRUCK).found.tolist() == match_boxes(pairs, TRUCK).found.tolist()
