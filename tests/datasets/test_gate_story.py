"""The gate story: who drives, stands and leaves when."""

from itertools import combinations, pairwise

import pytest

from datasets.render.camera import GATE_CAMERA
from datasets.render.plates import plan
from datasets.render.spray import strength
from datasets.render.story import BAY_LANE_X, BAY_STOP_Y, STORIES, Drive, Pose, Way, footprint, overlap

STORY = STORIES["gate"]()
ACTORS = {actor.truck_id: actor for actor in STORY.actors}
HALF_A_METRE = 0.5


def test_no_two_trucks_ever_cover_the_same_ground():
    for frame in range(STORY.frames):
        poses = STORY.poses(frame)
        for a, b in combinations(poses, 2):
            assert not overlap(poses[a], poses[b], HALF_A_METRE), (frame, a, b)


def test_trucks_side_by_side_do_not_overlap_and_trucks_in_one_place_do():
    a = Pose(0, 0, 0, 0)
    assert overlap(a, Pose(4, 1, 0.4, 0))
    assert not overlap(a, Pose(0, 2.6, 0, 0))
    assert overlap(a, Pose(0, 2.6, 0, 0), margin=0.1)
    assert not overlap(a, Pose(8.7, 0, 0, 0))


def test_the_washing_truck_stands_23_seconds_in_the_bay():
    b = ACTORS["B"]
    standing = [frame for frame in range(STORY.frames) if b.drive.is_standing(STORY.at(frame))]
    poses = {b.pose(STORY.at(frame)) for frame in standing}
    assert len(standing) / STORY.frames_per_second == pytest.approx(23.0, abs=0.1)
    assert len(poses) == 1
    (pose,) = poses
    assert (pose.x, pose.y) == (BAY_LANE_X, pytest.approx(BAY_STOP_Y))


@pytest.mark.parametrize("truck_id", ["A", "C"])
def test_the_others_never_stand(truck_id):
    assert not any(truck_id in STORY.standing(frame) for frame in range(STORY.frames))


def test_it_sprays_while_a_truck_stands_and_not_else():
    b = ACTORS["B"].drive
    sprays = [frame for frame in range(STORY.frames) if strength(STORY, frame) > 0]
    assert STORY.at(sprays[0]) >= b.stands_from
    assert b.stands_until <= STORY.at(sprays[-1]) <= b.stands_until + 1
    assert strength(STORY, round((b.stands_from + 5) * STORY.frames_per_second)) == 1


def test_the_clip_begins_and_ends_without_trucks():
    moved = [plate.frame for plate in plan(STORY, GATE_CAMERA, 640, 360) if plate.crop or plate.standing]
    assert STORY.at(min(moved)) >= 3
    assert STORY.at(max(moved)) <= STORY.seconds - 2


def test_trucks_move_smoothly():
    for actor in STORY.actors:
        most = actor.drive.speed / STORY.frames_per_second * 1.01
        poses = [actor.pose(STORY.at(frame)) for frame in range(STORY.frames)]
        for before, after in pairwise(poses):
            if before and after:
                assert 0 <= after.rolled - before.rolled <= most
                assert (after.x - before.x) ** 2 + (after.y - before.y) ** 2 <= most**2


def test_a_stop_costs_its_seconds_and_the_braking():
    plain, stopping = Drive(1, 6, 90), Drive(1, 6, 90, stop_at=40, stop_seconds=5, acceleration=2)
    assert stopping.ends_at - plain.ends_at == pytest.approx(5 + 6 / 2)
    assert stopping.rolled(stopping.stands_from) == pytest.approx(40)
    assert stopping.rolled(stopping.ends_at) == pytest.approx(90)
    assert stopping.rolled(stopping.ends_at + 0.1) is None


def test_a_way_goes_round_the_bend_into_its_lane():
    way = Way(5.0)
    assert way.pose(0).y == way.pose(3).y
    assert way.pose(way.until_y(4.0)).y == pytest.approx(4.0)
    assert way.pose(way.until_y(4.0)).x == 5.0


def test_a_footprint_has_the_trucks_size():
    xs = [x for x, _ in footprint(Pose(0, 0, 0, 0))]
    assert max(xs) - min(xs) == pytest.approx(8.6)
