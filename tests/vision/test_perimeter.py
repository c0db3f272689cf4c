"""Places along the perimeter are where the line goes."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision.perimeter import PARTS, Perimeter, runs

BENT = Perimeter(((0.1, 0.5), (0.5, 0.5), (0.5, 0.9)), gates=((0.25, 0.5),), height=0.1)


def test_each_part_is_looked_at_between_the_line_and_the_strips_upper_edge() -> None:
    points = BENT.points()
    assert points.shape[0] == PARTS
    straight = points[: PARTS // 2]
    assert np.all((straight[..., 1] > 0.4) & (straight[..., 1] < 0.5))
    assert straight[:, 0, 0] == pytest.approx(np.linspace(0.1, 0.5, PARTS // 2, endpoint=False) + 0.002)
    assert points[PARTS // 2 :, :, 0] == pytest.approx(0.5)


def test_a_gate_holds_the_parts_within_its_fractions() -> None:
    assert runs(BENT.in_gates()) == [(50, 100)]


def test_a_stretch_keeps_the_lines_corners() -> None:
    assert BENT.stretch(0.25, 0.75) == [pytest.approx(at) for at in [(0.3, 0.5), (0.5, 0.5), (0.5, 0.7)]]
    assert BENT.bbox_xyxy(0.25, 0.75) == pytest.approx((0.3, 0.4, 0.5, 0.7))


@pytest.mark.parametrize("line", [((0.1, 0.5),), ((0.1, 0.5), (0.1, 0.5))])
def test_a_line_without_length_is_refused(line: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="two different points"):
        Perimeter(line)


@pytest.mark.parametrize("gate", [(0.5, 0.4), (0.5, 1.5), (0.5, 0.5)])
def test_a_gate_outside_the_line_is_refused(gate: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="from a smaller to a larger fraction"):
        Perimeter(BENT.line, gates=(gate,))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.2, 1)), min_size=2, max_size=6, unique=True))
def test_a_line_that_is_drawn_backwards_is_looked_at_at_the_same_places(line: list[tuple[float, float]]) -> None:
    assume(max(math.dist(a, b) for a, b in pairwise(line)) > 1e-3)
    there, back = Perimeter(tuple(line)), Perimeter(tuple(line[::-1]))
    assert back.points()[::-1] == pytest.approx(there.points(), abs=1e-6)
    assert back.bbox_xyxy(0.2, 0.7) == pytest.approx(there.bbox_xyxy(0.3, 0.8), abs=1e-6)


@given(st.lists(st.booleans()))
def test_runs_are_the_longest_stretches_of_true_flags(flags: list[bool]) -> None:
    found = runs(flags)
    again = [any(start <= index < end for start, end in found) for index in range(len(flags))]
    assert again == flags
    assert all(end < start for (_, end), (start, _) in pairwise(found))
