"""The gate story's truth agrees with itself, with the camera, and with the story."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from datasets.render.camera import GATE_CAMERA, Camera
from datasets.render.gate.story import gate_story
from datasets.render.gate.truth import depth, foot
from datasets.render.plates import plan, with_shadow
from datasets.render.site import BAY_X, BAY_Y, GATE_X
from datasets.render.truck import NOSE, outline_points

STORY = gate_story()
CLIP = STORY.clip
TRUTH = STORY.truth()
TRUCKS = {truck["id"]: truck for truck in TRUTH["trucks"]}
LINE, OUTWARD = TRUTH["exit_line"]["points"], TRUTH["exit_line"]["outward"]


def boxes(truck_id):
    return {entry["frame"]: entry["xyxy"] for entry in TRUCKS[truck_id]["boxes"]}


def told(key):
    return {truck_id for truck_id, truck in TRUCKS.items() if truck[key]}


def test_two_trucks_leave_unwashed_and_of_the_two_washed_one_is_muddy():
    assert set(TRUCKS) == set("ABCD")
    assert told("violation") == {"A", "C"}
    assert told("muddy") == told("muddy_violation") == {"D"}
    assert TRUCKS["B"]["washed_seconds"] == pytest.approx(23, abs=0.1)
    assert TRUCKS["D"]["washed_seconds"] == pytest.approx(22, abs=0.1)
    assert all(TRUCKS[truck_id]["in_bay_seconds"] < 3 for truck_id in "AC")


def test_the_truth_is_json_and_relative():
    assert json.loads(json.dumps(TRUTH)) == TRUTH
    points = [*LINE, OUTWARD, *TRUTH["wash_bay"]]
    assert all(0 <= value <= 1 for point in points for value in point)


@pytest.mark.parametrize("truck_id", ["B", "D"])
def test_the_foot_of_a_washing_truck_is_in_the_bay_while_it_stands(truck_id):
    bay = Polygon(TRUTH["wash_bay"])
    assert bay.is_valid
    seen = boxes(truck_id)
    placed = [(frame, thing) for frame in range(CLIP.frames) for thing in STORY.placed(frame)]
    standing = [frame for frame, thing in placed if thing.thing == truck_id and not thing.moves]
    assert standing
    assert all(bay.buffer(-0.01).covers(Point(foot(seen[frame]))) for frame in standing)


@pytest.mark.parametrize("truck_id", ["A", "B", "C", "D"])
def test_each_truck_crosses_the_line_outward_once_between_its_ends(truck_id):
    seen = boxes(truck_id)
    depths = {frame: depth(LINE, OUTWARD, foot(box)) for frame, box in seen.items()}
    leaves = round(TRUCKS[truck_id]["leaves_at"] * CLIP.frames_per_second)
    assert all((value > 0) == (frame >= leaves) for frame, value in depths.items())
    x, _ = foot(seen[leaves])
    assert LINE[0][0] < x < LINE[1][0]


@pytest.mark.parametrize("truck_id", ["A", "B", "C", "D"])
def test_each_truck_is_seen_whole_and_large_as_it_leaves(truck_id):
    left, top, right, bottom = boxes(truck_id)[round(TRUCKS[truck_id]["leaves_at"] * CLIP.frames_per_second)]
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1
    assert bottom - top >= 0.2


def test_trucks_drive_through_the_gate_and_the_washing_ones_stand_within_the_kerbs():
    for frame in range(CLIP.frames):
        for placed in STORY.placed(frame):
            points = STORY.outline(placed)
            if abs(placed.pose.y) < 6:
                assert GATE_X[0] < points[:, 0].min() < points[:, 0].max() < GATE_X[1]
            if not placed.moves:
                assert BAY_X[0] < points[:, 0].min() < points[:, 0].max() < BAY_X[1]
                assert BAY_Y[0] < points[:, 1].min() < points[:, 1].max() < BAY_Y[1]


def test_what_moves_lies_in_its_crop():
    for plate in plan(STORY, 640, 360)[::5]:
        for placed in plate.moving:
            box = GATE_CAMERA.box(STORY.outline(placed))
            if box is None:
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


@given(
    st.floats(-40, 40), st.floats(2, 25), st.floats(-30, 30), st.floats(30, 100), st.floats(-20, 20), st.floats(3, 60)
)
def test_the_homography_takes_the_picture_back_to_the_ground(x, height, target, view, across, along):
    camera = Camera((x, -5.0, height), (target, 20.0, 0.0), view)
    point = (across, along, 0.0)
    if camera.depths([point])[0] < 1:
        return
    seen = camera.ground_homography() @ [*camera.project([point])[0], 1.0]
    assert seen[:2] / seen[2] == pytest.approx(point[:2], abs=1e-6)
