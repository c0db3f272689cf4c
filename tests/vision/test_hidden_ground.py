"""What machines hide is taken to be as it was last seen, for half an hour."""

from datetime import UTC, datetime, timedelta

import numpy as np

from vision.hidden_ground import REMEMBERED_FOR, HiddenGround

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOIL = np.array([True, True, False])
NOTHING, LEFT = np.zeros(3, bool), np.array([True, False, False])


def test_what_is_in_sight_is_told_as_it_is() -> None:
    assert HiddenGround(3).see(AT, SOIL, NOTHING).tolist() == [1, 1, 0]


def test_what_was_hidden_from_the_beginning_is_unknown() -> None:
    assert np.isnan(HiddenGround(3).see(AT, SOIL, LEFT)).tolist() == [True, False, False]


def test_what_is_hidden_is_as_it_was_last_seen_and_then_unknown() -> None:
    ground = HiddenGround(3)
    ground.see(AT, SOIL, NOTHING)
    assert ground.see(AT + REMEMBERED_FOR, ~SOIL, LEFT).tolist() == [1, 0, 1]
    assert np.isnan(ground.see(AT + REMEMBERED_FOR + timedelta(seconds=1), SOIL, LEFT)[0])


def test_what_comes_into_sight_again_is_told_as_it_is() -> None:
    ground = HiddenGround(3)
    ground.see(AT, SOIL, NOTHING)
    ground.see(AT + timedelta(minutes=1), SOIL, LEFT)
    assert ground.see(AT + timedelta(minutes=2), ~SOIL, NOTHING).tolist() == [0, 0, 1]
