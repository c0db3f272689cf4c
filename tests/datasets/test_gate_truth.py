"""The gate story's truth agrees with itself, with the camera, and with the story."""

import json

import numpy as np
import pytest
from shapely import Point, Polygon

from datasets.render.camera import GATE_CAMERA, Camera
from datasets.render.plates import placed, plan, with_shadow
from datasets.render.site import BAY_X, GATE_X
from datasets.render.story import BAY_Y, STORIES
from datasets.render.truck import NOSE, outline_points
from datasets.render.truth import depth, foot, truth

STORY = STORIES["gate"]()
TRUTH = truth(STORY, GATE_CAMERA)
TRUCKS = {truck["id"]: truck for truck in TRUTH["trucks"]}
LINE, OUTWARD = TRUTH["exit_line"]["points"], TRUTH["exit_line"]["outward"]


def boxes(truck_id):
    return {entry["frame"]: entry["xyxy"] for entry in TRUCKS[truck_id]["boxes"]}


def test_two_trucks_leave_unwashed_and_one_washed():
    assert {truck_id: truck["violation"] for truck_id, truck in TRUCKS.items()} == {"A": True, "B": False, "C": True}
    assert TRUCKS["B"]["washed_seconds"] == pytest.approx(23, abs=0.1)
    assert all(TRUCKS[truck_id]["in_bay_seconds"] < 3 for truck_id in "AC")


def test_the_truth_is_json_and_relative():
    assert json.loads(json.dumps(TRUTH)) == TRUTH
    points = [*LINE, OUTWARD, *TRUTH["wash_bay"]]
    assert all(0 <= value <= 1 for point in points for value in point)


def test_the_foot_of_the_washing_truck_is_in_the_bay_while_it_stands():
    bay = Polygon(TRUTH["wash_bay"])
    assert bay.is_valid
    seen = boxes("B")
    standing = [frame for frame in range(STORY.frames) if "B" in STORY.standing(frame)]
    assert all(bay.buffer(-0.01).covers(Point(foot(seen[frame]))) for frame in standing)


@pytest.mark.parametrize("truck_id", ["A", "B", "C"])
def test_each_truck_crosses_the_line_outward_once_between_its_ends(truck_id):
    seen = boxes(truck_id)
    depths = {frame: depth(LINE, OUTWARD, foot(box)) for frame, box in seen.items()}
    leaves = round(TRUCKS[truck_id]["leaves_at"] * STORY.frames_per_second)
    assert all((value > 0) == (frame >= leaves) for frame, value in depths.items())
    x, _ = foot(seen[leaves])
    assert LINE[0][0] < x < LINE[1][0]


@pytest.mark.parametrize("truck_id", ["A", "B", "C"])
def test_each_truck_is_seen_whole_and_large_as_it_leaves(truck_id):
    left, top, right, bottom = boxes(truck_id)[round(TRUCKS[truck_id]["leaves_at"] * STORY.frames_per_second)]
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1
    assert bottom - top >= 0.2


def test_trucks_drive_through_the_gate_and_the_washing_one_stands_within_the_kerbs():
    for actor in STORY.actors:
        for frame in range(STORY.frames):
            pose = actor.pose(STORY.at(frame))
            if pose is None:
                continue
            points = placed(actor, pose)
            if abs(pose.y) < 6:
                assert GATE_X[0] < points[:, 0].min() < points[:, 0].max() < GATE_X[1]
            if actor.drive.is_standing(STORY.at(frame)):
                assert BAY_X[0] < points[:, 0].min() < points[:, 0].max() < BAY_X[1]
                assert BAY_Y[0] < points[:, 1].min() < points[:, 1].max() < BAY_Y[1]


def test_what_moves_lies_in_its_crop():
    actors = {actor.truck_id: actor for actor in STORY.actors}
    for plate in plan(STORY, GATE_CAMERA, 640, 360)[::5]:
        for truck_id, pose in STORY.poses(plate.frame).items():
            box = GATE_CAMERA.box(placed(actors[truck_id], pose))
            if box is None or truck_id in plate.standing:
                continue
            left, top, right, bottom = plate.crop
            assert left <= box[0] * 640 < box[2] * 640 <= right
            assert top <= box[1] * 360 < box[3] * 360 <= bottom


def test_the_camera_sees_its_target_in_the_middle_and_nothing_behind_itself():
    camera = Camera((0, 0, 5), (0, 20, 5), 90.0, aspect=2.0)
    assert camera.project([(0, 20, 5)])[0] == pytest.approx([0.5, 0.5])
    assert camera.project([(10, 10, 5)])[0] == pytest.approx([1.0, 0.5])
    assert camera.project([(0, 10, 10)])[0] == pytest.approx([0.5, 0.0])
    assert np.isnan(camera.project([(0, -10, 5)])).all()
    assert camera.box([(0, -10, 5)]) is None


def test_shadows_fall_on_the_ground():
    points = np.array(outline_points(3))
    shadows = with_shadow(points)[len(points) :]
    assert shadows[:, 2] == pytest.approx(np.zeros(len(points)))
    assert points[:, 0].max() == pytest.approx(NOSE + 0.17)
