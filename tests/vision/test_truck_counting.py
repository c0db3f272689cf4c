"""Trucks in recordings are counted, each once."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from models.inference.detector import Detector
from models.registry.registry import load_model
from tests.vision.truck_stories import drive
from vision.geometry import DirectedLine, Zone
from vision.tracking import Sighting
from vision.truck_counting import TruckCount, count_trucks, count_ways
from vision.truck_vote import VEHICLE_CLASSES

NEAR = Zone([(0, 1), (0, 0.6), (0.32, 0.42), (0.68, 0.42), (1, 0.6), (1, 1)])
"""The near part of the motorway clips' view."""
BY_EYE = Path(__file__).parent / "trucks_by_eye.csv"
"""Every truck that a person saw in the near part: about when (seconds), and whether it went up or down the picture."""
SAME_TRUCK_S = 4.0
RATE = 10


def _count(*ways: list[Sighting], place: Zone | DirectedLine = NEAR) -> TruckCount:
    return count_ways(ways, place, RATE)


def _with_scores(way: list[Sighting], scores: tuple[float, float, float]) -> list[Sighting]:
    return [replace(one, class_scores=scores) for one in way]


def test_a_truck_in_the_zone_is_counted_with_its_direction() -> None:
    toward = drive(1, [(0, (0.5, 0.3)), (5, (0.5, 0.9))])
    away = drive(2, [(0, (0.3, 0.9)), (5, (0.4, 0.3))])
    counted = _count(toward, away)
    assert len(counted.trucks) == 2
    assert counted.by_direction == {"down": 1, "up": 1}


def test_one_that_never_enters_or_only_touches_the_zone_is_not() -> None:
    far = drive(1, [(0, (0.5, 0.1)), (5, (0.5, 0.3))])
    brief = drive(2, [(0, (0.5, 0.3)), (3, (0.5, 0.419))])
    assert _count(far, brief).trucks == []


@pytest.mark.parametrize(
    ("scores", "counted"),
    [
        ((0.05, 0.1, 0.8), 1),  # a lorry
        ((0.05, 0.6, 0.3), 1),  # a lorry far off, taken for a bus
        ((0.2, 0.1, 0.6), 0),  # a van, taken for a truck
        ((0.02, 0.9, 0.05), 0),  # a coach
        ((0.9, 0.0, 0.1), 0),  # a car
    ],
)
def test_lorries_count_and_vans_coaches_and_cars_do_not(scores: tuple[float, float, float], counted: int) -> None:
    way = _with_scores(drive(1, [(0, (0.5, 0.3)), (5, (0.5, 0.9))]), scores)
    assert len(_count(way).trucks) == counted


def test_a_transporter_and_the_car_on_it_are_one() -> None:
    whole = drive(1, [(0, (0.5, 0.3)), (5, (0.5, 0.9))])
    on_it = [replace(one, track_id=2, bbox_xyxy=(0.45, one.foot[1] - 0.15, 0.55, one.foot[1] - 0.05)) for one in whole]
    assert [truck.track_id for truck in _count(whole, on_it[5:]).trucks] == [1]


def test_a_line_counts_crossings_by_direction() -> None:
    line = DirectedLine((0.0, 0.5), (1.0, 0.5))
    down = drive(1, [(0, (0.5, 0.3)), (5, (0.5, 0.9))])
    up = drive(2, [(0, (0.3, 0.9)), (5, (0.3, 0.3))])
    stays = drive(3, [(0, (0.7, 0.6)), (5, (0.7, 0.9))])
    assert _count(down, up, stays, place=line).by_direction == {"left_to_right": 1, "right_to_left": 1}


@pytest.mark.slow
@pytest.mark.clips
@pytest.mark.parametrize("name", ["video1.mp4", "video3.mp4", "video5.mp4", "video7.mp4", "video9.mp4"])
def test_real_clips_are_counted_as_a_person_does(clips: Path, name: str) -> None:
    """Each truck seen by eye is found, within a few seconds and going the same way, and nothing else is."""
    with BY_EYE.open() as file:
        seen = [row for row in csv.DictReader(file) if row["file"] == name]
    with (clips / "counts.csv").open() as file:
        label = next(int(row["trucks"]) for row in csv.DictReader(file) if row["file"] == name)
    counted = count_trucks(clips / name, Detector(load_model(), VEHICLE_CLASSES, input_size=640), NEAR)
    assert abs(len(counted.trucks) - label) <= 1
    assert counted.by_direction == dict(Counter(row["direction"] for row in seen))
    unmatched = list(seen)
    for truck in counted.trucks:
        row = min(
            (row for row in unmatched if row["direction"] == truck.direction),
            key=lambda row: abs(float(row["seconds"]) - truck.seconds),
        )
        assert abs(float(row["seconds"]) - truck.seconds) < SAME_TRUCK_S
        unmatched.remove(row)
    assert unmatched == []
