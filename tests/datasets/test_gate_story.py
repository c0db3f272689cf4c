"""The gate story: who drives, stands and leaves when."""

from itertools import combinations, pairwise

import pytest

from datasets.render.driving import Drive, StraightWay, footprint, overlap
from datasets.render.gate.spray import strength
from datasets.render.gate.story import BAY_LANE_X, BAY_STOP_Y, GateWay, gate_story
from datasets.render.plates import plan
from datasets.render.story import Pose

STORY = gate_story()
CLIP = STORY.clip
TRUCKS = {truck.name: truck for truck in STORY.trucks}
HALF_A_METRE = 0.5


def test_no_two_trucks_ever_cover_the_same_ground():
    for frame in range(CLIP.frames):
        for a, b in combinations(STORY.placed(frame), 2):
            assert not overlap(a.pose, b.pose, HALF_A_METRE), (frame, a.thing, b.thing)


def test_trucks_side_by_side_do_not_overlap_and_trucks_in_one_place_do():
    a = Pose(0, 0, 0, 0)
    assert overlap(a, Pose(4, 1, 0.4, 0))
    assert not overlap(a, Pose(0, 2.6, 0, 0))
    assert overlap(a, Pose(0, 2.6, 0, 0), margin=0.1)
    assert not overlap(a, Pose(8.7, 0, 0, 0))


@pytest.mark.parametrize(("name", "seconds"), [("B", 23.0), ("D", 22.0)])
def test_the_washing_trucks_stand_in_the_bay(name, seconds):
    truck = TRUCKS[name]
    standing = [frame for frame in range(CLIP.frames) if truck.drive.is_standing(CLIP.at(frame))]
    poses = {truck.pose(CLIP.at(frame)) for frame in standing}
    assert len(standing) / CLIP.frames_per_second == pytest.approx(seconds, abs=0.1)
    assert len(poses) == 1
    (pose,) = poses
    assert (pose.x, pose.y) == (BAY_LANE_X, pytest.approx(BAY_STOP_Y))


@pytest.mark.parametrize("name", ["A", "C"])
def test_the_others_never_stand(name):
    assert all(placed.moves for frame in range(CLIP.frames) for placed in STORY.placed(frame) if placed.thing == name)


def test_one_of_the_washing_trucks_is_muddy():
    assert [truck.name for truck in STORY.trucks if truck.muddy] == ["D"]


def test_it_sprays_while_a_truck_stands_and_not_else():
    sprays = [CLIP.at(frame) for frame in range(CLIP.frames) if strength(STORY.trucks, CLIP.at(frame)) > 0]
    drives = [TRUCKS[name].drive for name in "BD"]
    assert all(any(drive.stands_from <= at <= drive.stands_until + 1 for drive in drives) for at in sprays)
    assert all(strength(STORY.trucks, drive.stands_from + 5) == 1 for drive in drives)


def test_the_clip_begins_and_ends_without_trucks():
    busy = [CLIP.at(plate.frame) for plate in plan(STORY, 640, 360) if plate.crop or plate.standing]
    assert min(busy) >= 3
    assert max(busy) <= CLIP.seconds - 2


def test_trucks_move_smoothly():
    for truck in STORY.trucks:
        most = truck.drive.speed / CLIP.frames_per_second * 1.01
        poses = [truck.pose(CLIP.at(frame)) for frame in range(CLIP.frames)]
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
    way = GateWay(5.0)
    assert way.pose(0).y == way.pose(3).y
    assert way.pose(way.until_y(4.0)).y == pytest.approx(4.0)
    assert way.pose(way.until_y(4.0)).x == 5.0


def test_a_footprint_has_the_trucks_size():
    xs = [x for x, _ in footprint(Pose(0, 0, 0, 0))]
    assert max(xs) - min(xs) == pytest.approx(8.6)


def test_a_straight_way_is_driven_forwards_whichever_way_it_leads():
    there, back = StraightWay(2.0, -5.0, 7.0), StraightWay(2.0, 7.0, -5.0)
    assert there.length == back.length == 12
    assert there.pose(there.until_x(1.0)).x == back.pose(back.until_x(1.0)).x == 1.0
    assert there.pose(3.0).heading == pytest.approx(0)
    assert back.pose(3.0).heading == pytest.approx(3.14159, abs=1e-3)
