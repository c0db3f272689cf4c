"""A vehicle stands once its box has hardly moved for a second."""

from datetime import timedelta

import pytest

from tests.vision.truck_stories import BAY, RATE, START, YARD, drive, sight
from vision.standing import StandingVehicles


def test_a_truck_stands_a_second_after_it_stopped_and_no_more_when_it_drives() -> None:
    standing = StandingVehicles()
    way = drive(1, [(0, YARD), (2.5, BAY), (10, BAY), (12.5, YARD)])
    told = [standing.stands(sighting) for sighting in way]
    first, last = told.index(True), len(told) - 1 - told[::-1].index(True)
    assert 25 <= first <= 25 + RATE
    assert 100 <= last <= 100 + RATE
    assert all(told[first:last])


@pytest.mark.parametrize("gap_s", [0.5, 3.0])
def test_one_known_for_a_moment_or_lost_for_long_does_not_stand_yet(gap_s: float) -> None:
    standing = StandingVehicles()
    assert not standing.stands(sight(1, 0, BAY))
    assert not standing.stands(sight(1, gap_s, BAY))
    assert sight(1, gap_s, BAY).captured_at > START + timedelta(seconds=gap_s)
