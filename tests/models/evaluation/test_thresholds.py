"""The threshold chosen is the best one, and always the same one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.thresholds import CANDIDATES, ThresholdSweep

scored = st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), max_size=30)


def sweep_of(pairs: list[tuple[float, bool]], missed: int = 0) -> ThresholdSweep:
    sweep = ThresholdSweep()
    scores = np.array([score for score, _ in pairs], np.float32)
    sweep.add(scores, np.array([there for _, there in pairs], bool), missed)
    return sweep


def iou_at(pairs: list[tuple[float, bool]], missed: int, threshold: np.float32) -> float:
    hits = sum(there and np.float32(score) >= threshold for score, there in pairs)
    false = sum(not there and np.float32(score) >= threshold for score, there in pairs)
    return hits / (sum(there for _, there in pairs) + missed + false)


def test_a_clean_gap_is_parted_near_the_middle() -> None:
    assert sweep_of([(0.1, False), (0.2, False), (0.8, True), (0.9, True)]).best_by_iou() == 0.5
    assert sweep_of([(0.1, False), (0.2, True), (0.3, True)]).best_by_iou() == 0.2
    assert sweep_of([(0.7, False), (0.9, True)]).best_by_f1() == pytest.approx(0.71)


def test_a_class_that_is_nowhere_has_no_threshold() -> None:
    assert sweep_of([(0.7, False)]).best_by_iou() is None
    assert sweep_of([]).best_by_f1() is None


def test_a_class_that_never_scores_keeps_the_middle() -> None:
    assert sweep_of([], missed=3).best_by_iou() == 0.5


@given(scored, st.integers(0, 5))
def test_no_other_candidate_has_a_better_iou(pairs: list[tuple[float, bool]], missed: int) -> None:
    best = sweep_of(pairs, missed).best_by_iou()
    if best is None:
        assert not any(there for _, there in pairs)
        assert missed == 0
        return
    most = max(iou_at(pairs, missed, candidate) for candidate in CANDIDATES)
    assert iou_at(pairs, missed, np.float32(best)) == pytest.approx(most)


@given(scored, st.randoms())
def test_the_order_and_the_batches_do_not_matter(pairs: list[tuple[float, bool]], random) -> None:
    shuffled = random.sample(pairs, len(pairs))
    in_parts = sweep_of(shuffled[: len(pairs) // 2])
    rest = shuffled[len(pairs) // 2 :]
    in_parts.add(np.array([score for score, _ in rest], np.float32), np.array([there for _, there in rest], bool))
    assert in_parts.best_by_iou() == sweep_of(pairs).best_by_iou()
    assert in_parts.best_by_f1() == sweep_of(pairs).best_by_f1()
