"""What most looks showed of the parts of a line."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vision.perimeter import PARTS
from vision.uncovered_parts import most_showed

HIDDEN = float("nan")


def most_of(*shares: float) -> float:
    """Return what most looks showed of a line that is all alike in each."""
    return float(most_showed([np.full(PARTS, share, np.float32) for share in shares])[0])


def test_one_look_of_three_is_outvoted() -> None:
    assert most_of(1, 0, 1) == most_of(0, 1, 1) == most_of(1, 1, 0) == 1
    assert most_of(1, 0, 0) == 0


def test_of_two_that_differ_the_one_with_more_hoarding_counts() -> None:
    assert most_of(0, 1) == most_of(1, HIDDEN, 0) == 1


def test_what_half_of_the_looks_hide_is_hidden() -> None:
    assert all(map(np.isnan, (most_of(HIDDEN), most_of(0, HIDDEN), most_of(HIDDEN, 1, HIDDEN))))


def test_each_part_of_the_line_is_told_for_itself() -> None:
    looks = np.ones((3, PARTS), np.float32)
    looks[0, 3:9] = looks[1, 6:9] = 0
    looks[:2, 20:30] = HIDDEN
    told = most_showed(list(looks))
    assert np.flatnonzero(told == 0).tolist() == [6, 7, 8]
    assert np.flatnonzero(np.isnan(told)).tolist() == list(range(20, 30))


@given(st.lists(st.floats(0, 1, width=32) | st.just(HIDDEN), min_size=1, max_size=5), st.randoms())
def test_the_order_of_looks_does_not_matter(shares: list[float], order: Random) -> None:
    shuffled = list(shares)
    order.shuffle(shuffled)
    np.testing.assert_array_equal(most_of(*shares), most_of(*shuffled))
