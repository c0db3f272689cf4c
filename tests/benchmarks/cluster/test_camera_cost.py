"""What a camera costs is what was used between two readings, shared by cameras and seconds."""

import pytest

from benchmarks.cluster.camera_cost import Reading, cost_between

FIRST = Reading(at_s=100.0, nodes=50.0, head=7.0, supervisor=3.0, queue=1.0, looks=400)


def test_a_camera_costs_its_share_of_what_was_used_between_the_readings() -> None:
    last = Reading(at_s=160.0, nodes=98.0, head=13.0, supervisor=6.0, queue=4.0, looks=1360)
    cost = cost_between(FIRST, last, cameras=16)
    assert cost.nodes == pytest.approx(0.05)
    assert cost.head == pytest.approx(0.00625)
    assert cost.beside == pytest.approx(0.0125)
    assert cost.looks_a_second == pytest.approx(1.0)


@pytest.mark.parametrize(("last", "cameras"), [(FIRST, 8), (Reading(90.0, 60.0, 8.0, 4.0, 2.0, 500), 8)])
def test_without_time_nothing_is_told(last: Reading, cameras: int) -> None:
    with pytest.raises(ValueError, match="a cost needs"):
        cost_between(FIRST, last, cameras)


def test_without_cameras_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="a cost needs"):
        cost_between(FIRST, Reading(160.0, 98.0, 13.0, 6.0, 4.0, 1360), 0)
