import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.render.camera import Camera
from datasets.render.scenes.layout import lay_out
from datasets.render.scenes.parts import (
    BARE_SOIL,
    DUST_NET,
    FALLEN,
    FIRST_THING,
    HOARDING,
    HOARDING_CLASS,
    NET_PART,
    NOT_JUDGED,
    OTHER_CLASS,
    SAND_PART,
    SKY,
    SOIL_PART,
    class_mask,
)
from datasets.render.scenes.things import placed_mesh
from datasets.render.scenes.truth import Silhouette, homography, objects, silhouette, visible_area
from datasets.render.solids import BOX_FACES, box

SIZE = (640, 360)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(3, 30), st.floats(25, 90), st.floats(-15, 15), st.floats(10, 60), st.floats(-10, 10), st.floats(12, 45)
)
def test_the_homography_takes_a_seen_point_back_to_its_place_on_the_ground(height, view, tx, ty, x, y):
    camera = Camera((0.0, 0.0, height), (tx, ty, 0.0), view)
    seen = camera.project([(x, y, 0.0)])[0] * SIZE
    if np.isnan(seen).any() or not (0 <= seen[0] < 640 and 0 <= seen[1] < 360):
        return

    ground = cv2.perspectiveTransform(np.array([[seen]]), np.array(homography(camera, SIZE)))[0, 0]

    assert ground == pytest.approx([x, y], abs=0.1)


def test_a_wall_seen_from_the_front_fills_the_pixels_that_geometry_says():
    camera = Camera((0.0, -10.0, 1.0), (0.0, 0.0, 1.0), 90.0)
    wall = box("wall", (-1.0, 1.0), (0.0, 0.01), (0.0, 2.0))

    seen = silhouette(camera, np.array(wall.vertices), list(BOX_FACES), SIZE)

    # 90 degrees: at 10 m, 20 m fill 640 pixels, so 2 m by 2 m are 64 by 64 pixels.
    assert seen.whole == pytest.approx(64 * 64, rel=0.05)
    assert seen.in_picture == pytest.approx(1.0, abs=0.02)


def test_of_a_wall_that_the_edge_cuts_in_two_half_is_in_the_picture():
    camera = Camera((0.0, -10.0, 1.0), (0.0, 0.0, 1.0), 90.0)
    wall = box("wall", (9.0, 11.0), (0.0, 0.01), (0.0, 2.0))

    seen = silhouette(camera, np.array(wall.vertices), list(BOX_FACES), SIZE)

    assert seen.in_picture == pytest.approx(0.5, abs=0.05)


def test_faces_that_reach_behind_the_camera_are_left_out():
    camera = Camera((0.0, 0.0, 1.0), (0.0, 10.0, 1.0), 60.0)
    around = box("wall", (-1.0, 1.0), (-5.0, 5.0), (0.0, 2.0))
    behind = box("wall", (-1.0, 1.0), (-5.0, -4.0), (0.0, 2.0))

    assert silhouette(camera, np.array(around.vertices), list(BOX_FACES), SIZE).whole > 0
    assert silhouette(camera, np.array(behind.vertices), list(BOX_FACES), SIZE) == Silhouette(0.0, 0.0)


def test_an_object_s_box_and_visible_share_come_from_its_pixels():
    layout = next(layout for layout in map(lay_out, range(20)) if layout.things)
    x, y, _ = layout.things[0].position
    camera = Camera((x, y - 25.0, 12.0), (x, y, 1.0), 60.0)
    whole = silhouette(camera, *placed_mesh(layout.things[0]), SIZE)
    side = int((whole.inside / 2) ** 0.5)
    parts = np.zeros((360, 640), np.uint8)
    parts[100 : 100 + side, 200 : 200 + side] = FIRST_THING

    (found,) = objects(layout, camera, parts, parts)

    assert found["bbox_xyxy"] == [200, 100, 200 + side, 100 + side]
    assert found["visible_share"] == pytest.approx(0.5, abs=0.1)
    assert found["in_picture_share"] == pytest.approx(1.0, abs=0.05)
    assert found["class"] == layout.things[0].class_name


def test_the_visible_soil_is_what_the_picture_shows_of_it():
    layout = lay_out(0)
    camera = Camera((0.0, -20.0, 40.0), (0.0, layout.depth / 2, 0.0), 90.0)
    everything = np.full((360, 640), SOIL_PART, np.uint8)
    nothing = np.full((360, 640), HOARDING, np.uint8)

    seen = visible_area(layout, camera, everything, SOIL_PART)

    assert 0 < seen <= layout.width * layout.depth
    assert visible_area(layout, camera, nothing, SOIL_PART) == 0


def test_each_part_stands_for_its_class():
    parts = np.array([[SKY, SOIL_PART, NET_PART, HOARDING, SAND_PART, FALLEN, FIRST_THING, 255]], np.uint8)

    assert class_mask(parts).tolist() == [
        [OTHER_CLASS, BARE_SOIL, DUST_NET, HOARDING_CLASS, NOT_JUDGED, NOT_JUDGED, OTHER_CLASS, OTHER_CLASS]
    ]
