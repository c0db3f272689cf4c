"""Which violation belongs to which truck, and when trucks cross in a film that is played again and again."""

import pytest

from benchmarks.gate_latency import Arrival, crossings_between, match


def test_a_film_that_repeats_brings_its_trucks_again() -> None:
    crossings = crossings_between((100.0, 250.0), {"a": 90.0, "b": 60.0}, leaves=[10.0, 26.0], loop_s=74.0)

    times = {camera: [c.at for c in crossings if c.camera == camera] for camera in ("a", "b")}
    assert times == {"a": [100, 116, 174, 190, 248], "b": [144, 160, 218, 234]}


def test_a_violation_belongs_to_a_truck_of_its_own_camera_and_to_one_alone() -> None:
    crossings = [Arrival("a", 10.0), Arrival("b", 10.0), Arrival("a", 14.0)]
    arrivals = [Arrival("a", 11.0), Arrival("b", 12.5), Arrival("a", 15.5)]

    delays, unclaimed = match(crossings, arrivals)

    assert delays == pytest.approx([1.0, 2.5, 1.5])
    assert unclaimed == 0


def test_a_missed_truck_and_a_violation_without_a_truck_are_told() -> None:
    delays, unclaimed = match([Arrival("a", 10.0)], [Arrival("a", 40.0), Arrival("b", 10.5)])

    assert delays == [None]
    assert unclaimed == 2
