"""The yard's story: what is bare when, and that its machines keep off the net and each other."""

from datetime import timedelta
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPoint, Polygon
from shapely import box as rectangle

from datasets.render.excavator import DUMPING, excavator
from datasets.render.plates import plan
from datasets.render.story import Pose
from datasets.render.truck import BODY_TOP
from datasets.render.yard.site import BARE_Y, LAID_BARE, STRIP_WIDTH, STRIPS, ZONE, bare_rectangle, soil_height
from datasets.render.yard.story import yard_story
from datasets.render.yard.truth import Uncovering, area, soil_area

STORY = yard_story()
CLIP = STORY.clip
TRUTH = STORY.truth()
ONE_STRIP = STRIP_WIDTH * (BARE_Y[1] - BARE_Y[0])
uncoverings = st.lists(
    st.builds(
        lambda strip, since, lasts: Uncovering(strip, since, since + lasts),
        st.integers(0, STRIPS - 1),
        st.floats(0, 50),
        st.floats(0.1, 30),
    ),
    unique_by=lambda one: one.strip,
    max_size=STRIPS,
)


def _placed(name):
    return {
        CLIP.at(frame): placed for frame in range(CLIP.frames) for placed in STORY.placed(frame) if placed.thing == name
    }


def _mask(surfaces, width=640, height=360):
    """Paint the surfaces in their order; 0 soil, 1 net, 2 hoarding, 3 other."""
    classes = {"bare_soil": 0, "dust_net": 1, "hoarding": 2}
    mask = np.full((height, width), 3, np.uint8)
    for surface in surfaces:
        points = np.array(surface["polygon"]) * (width, height)
        cv2.fillPoly(mask, [np.round(points).astype(np.int32)], classes[surface["class"]])
    return mask


@given(uncoverings, st.floats(0, 90))
def test_the_bare_area_is_that_of_the_strips_drawn_back(some, seconds):
    bare = [one for one in some if one.bare_from <= seconds < one.bare_until]
    assert soil_area(some, seconds) == pytest.approx(ONE_STRIP * len(bare))
    assert soil_area(some, seconds) <= area(ZONE)


def test_strips_lie_side_by_side_in_the_zone():
    strips = [rectangle(x0, y0, x1, y1) for (x0, x1), (y0, y1) in map(bare_rectangle, range(STRIPS))]
    (x0, x1), (y0, y1) = ZONE
    assert all(rectangle(x0, y0, x1, y1).covers(strip) for strip in strips)
    assert sum(strip.area for strip in strips) == pytest.approx(
        MultiPoint([point for strip in strips for point in strip.exterior.coords]).convex_hull.area
    )


def test_the_soil_is_covered_then_bare_for_half_an_hour_then_covered_again():
    soil, most = TRUTH["soil_area_m2"], ONE_STRIP * len(LAID_BARE)
    assert len(soil) == CLIP.seconds + 1
    assert soil[0] == soil[7] == soil[-1] == soil[50] == 0
    assert [second for second, value in enumerate(soil) if value == most] == list(range(13, 41))
    assert sorted(set(soil)) == [ONE_STRIP * n for n in range(len(LAID_BARE) + 1)]
    assert TRUTH["soil_share"][20] == pytest.approx(most / area(ZONE), abs=1e-4)


def test_a_second_stands_for_a_minute():
    assert TRUTH["minutes_per_second"] == 1
    assert CLIP.clock(10 * CLIP.frames_per_second) - CLIP.clock(0) == timedelta(minutes=10)


def test_the_states_follow_each_other_and_agree_with_the_seconds():
    states = TRUTH["states"]
    assert states[0]["since"] == 0
    assert states[-1]["until"] == CLIP.seconds
    assert all(before["until"] == after["since"] for before, after in pairwise(states))
    for second, soil in enumerate(TRUTH["soil_area_m2"][:-1]):
        (state,) = [state for state in states if state["since"] <= second < state["until"]]
        assert state["soil_area_m2"] == soil


@pytest.mark.parametrize("state", TRUTH["states"], ids=lambda state: f"{state['soil_area_m2']:g}m2")
def test_the_soil_on_the_picture_measured_on_the_ground_has_the_area_told(state):
    """The mound and the soil's roughness lie above the plane, so that a few percent are lost or won."""
    homography = np.array(TRUTH["homography"])
    zone = Polygon(TRUTH["zone"])
    rows, columns = np.nonzero(_mask(state["surfaces"]) == 0)
    corners = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    measured = 0.0
    pixels = np.stack([(columns + 0.5), (rows + 0.5)], axis=1)
    if len(pixels):
        seen = (pixels[:, None, :] + np.array(corners)[None]) / (640, 360)
        ground = np.concatenate([seen, np.ones((*seen.shape[:2], 1))], axis=2) @ homography.T
        x, y = ground[..., 0] / ground[..., 2], ground[..., 1] / ground[..., 2]
        measured = float(0.5 * np.abs((x * np.roll(y, -1, 1) - y * np.roll(x, -1, 1)).sum(axis=1)).sum())
        assert zone.buffer(0.01).covers(MultiPoint(pixels / (640, 360)))
    assert measured == pytest.approx(state["soil_area_m2"], rel=0.06)


def test_the_zone_has_its_area_on_the_ground():
    corners = np.array([[*point, 1.0] for point in TRUTH["zone"]]) @ np.array(TRUTH["homography"]).T
    assert Polygon(corners[:, :2] / corners[:, 2:]).area == pytest.approx(TRUTH["zone_area_m2"], rel=0.01)


def test_everything_told_lies_on_the_picture():
    polygons = [TRUTH["zone"], *(surface["polygon"] for state in TRUTH["states"] for surface in state["surfaces"])]
    assert all(0 <= value <= 1 for polygon in polygons for point in polygon for value in point)


def test_the_excavator_keeps_off_the_net():
    for seconds, placed in _placed("excavator").items():
        tracks = excavator().parts["carriage"]
        ground = MultiPoint(
            [
                (
                    placed.pose.x + y * -np.sin(placed.pose.heading) + x * np.cos(placed.pose.heading),
                    placed.pose.y + y * np.cos(placed.pose.heading) + x * np.sin(placed.pose.heading),
                )
                for solid in tracks
                for x, y, _ in solid.vertices
            ]
        ).convex_hull
        for one in STORY.uncoverings:
            (x0, x1), (y0, y1) = bare_rectangle(one.strip)
            if ground.intersects(rectangle(x0, y0, x1, y1)):
                assert one.is_bare(seconds)


def test_the_truck_is_loaded_while_the_excavator_digs():
    standing = [seconds for seconds, placed in _placed("truck").items() if not placed.moves]
    assert standing[-1] - standing[0] == pytest.approx(7.4, abs=0.3)
    assert STORY.stay.digs < standing[0] < standing[-1] < STORY.stay.drives_out


def test_the_truck_and_the_excavator_never_touch():
    trucks = _placed("truck")
    for seconds, digger in _placed("excavator").items():
        if seconds in trucks:
            tracks = Pose(digger.pose.x, digger.pose.y, digger.pose.heading)
            low = excavator().outline(tracks)
            low = low[low[:, 2] < 1.0]
            truck = STORY.truck.outline(trucks[seconds].pose)
            assert MultiPoint(low[:, :2]).convex_hull.distance(MultiPoint(truck[:, :2]).convex_hull) > 1


def test_the_bucket_is_emptied_above_the_trucks_body():
    x, y = STORY.stay.pose(STORY.stay.digs + 1)[0].x, STORY.stay.pose(STORY.stay.digs + 1)[0].y
    rig = excavator()
    placed = rig.matrices(Pose(x, y, np.pi / 2, 0.0, (-np.pi, *DUMPING)))["bucket"]
    corners = np.array([vertex for solid in rig.parts["bucket"] for vertex in solid.vertices])
    bucket = corners @ placed[:3, :3].T + placed[:3, 3]
    assert bucket[:, 2].min() > BODY_TOP - 0.5
    assert abs(bucket[:, 1].mean() - STORY.truck.way.pose(0).y) < 1.25


def test_frames_that_show_the_same_share_their_plates():
    plates = plan(STORY, 640, 360)
    assert len({plate.base_name for plate in plates}) < 15
    assert len({plate.crop_name for plate in plates if plate.crop}) < len([plate for plate in plates if plate.crop])
    assert plates[0].base_name == plates[-1].base_name
    assert plates[0].crop is None


def test_the_soil_is_nearly_level_beside_the_mound():
    x, y = np.meshgrid(np.linspace(-14, 14, 80), np.linspace(5, 27, 80))
    heights = soil_height(x, y)
    assert heights.min() > 0
    assert heights.max() < 1.5
