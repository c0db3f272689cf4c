"""Vehicles keep their identity, also where the tracker loses it."""

from datetime import timedelta

import numpy as np
import pytest
import supervision as sv

from models.inference.detector import CLASS_SCORES
from tests.vision.truck_stories import BAY, START, STREET, YARD, drive, frames_of, judge, renamed, without
from vision.geometry import BboxXyxy
from vision.tracking import Sighting, TrackJoiner, VehicleTracker

WIDTH, HEIGHT = 640, 360


def _joined(sightings: list[Sighting]) -> list[Sighting]:
    joiner = TrackJoiner()
    return [one for _, frame in frames_of(sightings) for one in joiner.join(frame)]


def _detections(boxes: list[BboxXyxy], score: float = 0.8) -> sv.Detections:
    count = len(boxes)
    pixels = np.array(boxes, dtype=np.float32).reshape(-1, 4) * np.array([WIDTH, HEIGHT] * 2, dtype=np.float32)
    return sv.Detections(
        xyxy=pixels,
        confidence=np.full(count, score, dtype=np.float32),
        class_id=np.full(count, 2),
        data={CLASS_SCORES: np.tile(np.array([[0.0, 0.1, score]], dtype=np.float32), (count, 1))},
    )


@pytest.mark.parametrize("gap_s", [0.0, 0.5, 2.0])
def test_a_new_id_for_the_same_truck_is_joined_to_the_old_one(gap_s: float) -> None:
    story = drive(1, [(0, YARD), (8, STREET)])
    broken = without(renamed(story, after=4 + gap_s, track_id=7), 4, 4 + gap_s)
    assert {one.track_id for one in _joined(broken)} == {1}


def test_an_id_switch_makes_no_second_violation() -> None:
    story = drive(1, [(0, YARD), (3, STREET), (6, YARD), (9, STREET)])
    broken = renamed(renamed(story, after=4.5, track_id=7), after=7.5, track_id=9)
    assert len(judge(_joined(broken))[0]) == 1


def test_a_switch_of_ids_in_the_spray_keeps_the_wash() -> None:
    story = drive(1, [(0, YARD), (2, BAY), (24, BAY), (27, STREET)])
    broken = without(renamed(story, after=20, track_id=7), 8, 20)
    assert judge(_joined(broken))[0] == []


def test_a_truck_that_appears_elsewhere_is_another_one() -> None:
    first = drive(1, [(0, (0.2, 0.1)), (3, (0.2, 0.4))])
    second = drive(2, [(3.5, (0.8, 0.1)), (6, (0.8, 0.9))])
    assert {one.track_id for one in _joined([*first, *second])} == {1, 2}


def test_two_trucks_seen_together_are_never_joined() -> None:
    first = drive(1, [(0, YARD), (4, STREET)])
    second = drive(2, [(2, YARD), (6, STREET)])
    assert {one.track_id for one in _joined([*first, *second])} == {1, 2}


def test_a_track_that_comes_back_keeps_its_id_and_parts_from_the_one_joined_to_it() -> None:
    first = without(drive(1, [(0, BAY), (6, BAY)]), 2, 4)
    second = drive(2, [(2.5, (0.52, 0.36)), (6, (0.8, 0.5))])
    frames: dict[object, list[int]] = {}
    for one in _joined([*first, *second]):
        frames.setdefault(one.captured_at, []).append(one.track_id)
    assert all(len(set(ids)) == len(ids) for ids in frames.values())
    assert sorted(frames[max(frames)]) == [1, 2]  # type: ignore[type-var]


def test_the_next_truck_in_the_queue_is_not_taken_for_the_one_that_left() -> None:
    first = drive(1, [(0, BAY), (6, STREET)])
    second = drive(2, [(6.5, YARD), (12, STREET)])
    assert {one.track_id for one in _joined([*first, *second])} == {1, 2}


def test_the_tracker_follows_detections_under_one_id() -> None:
    tracker = VehicleTracker(10.0)
    seen = []
    for at, trucks in frames_of(drive(1, [(0, YARD), (8, STREET)])):
        seen += tracker.update(_detections([one.bbox_xyxy for one in trucks]), at, WIDTH, HEIGHT)
    assert len({one.track_id for one in seen}) == 1
    assert len(seen) > 70
    assert seen[-1].class_scores == pytest.approx((0.0, 0.1, 0.8))


def test_after_a_gap_ids_are_new() -> None:
    tracker = VehicleTracker(10.0)
    truck = drive(1, [(0, BAY), (2, BAY)])
    ids = []
    for begins in (0, 600):
        for number, one in enumerate(truck):
            at = START + timedelta(seconds=begins + number / 10)
            ids += [seen.track_id for seen in tracker.update(_detections([one.bbox_xyxy]), at, WIDTH, HEIGHT)]
    assert len(set(ids)) == 2


def test_nothing_seen_is_nothing_tracked() -> None:
    assert VehicleTracker(10.0).update(_detections([]), START, WIDTH, HEIGHT) == []
