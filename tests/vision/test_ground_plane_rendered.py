"""Areas and gaps of rendered sites, measured with a plane of clumsy clicks, are those that the sites' truth tells."""

import cv2
import numpy as np
import pytest
from shapely import Polygon

from datasets.render.scenes.layout import lay_out
from datasets.render.scenes.truth import homography
from datasets.render.scenes.views import choose_sky, choose_views
from datasets.stories import perimeter_story, yard_story
from vision.ground_plane import Correspondence, GroundPlane

STORY_SIZE = (640, 360)
SCENE_SIZE = (1280, 720)
CLICK_PX = 2.0
SIX = [(0.1, 0.95), (0.5, 0.95), (0.9, 0.95)]


def ground(matrix, points):
    """Return where relative places are on the ground by a homography from the truth."""
    return cv2.perspectiveTransform(np.array([points], dtype=np.float64), np.array(matrix, dtype=np.float64))[0]


def picture(matrix, metres):
    return ground(np.linalg.inv(np.array(matrix)), metres)


def clicked(matrix, places, size, random):
    """Return the plane of six clicks, each off by two pixels or so."""
    clicks = np.array(places) + random.normal(0, CLICK_PX, (len(places), 2)) / size
    metres = ground(matrix, places)
    return GroundPlane([Correspondence(tuple(c), tuple(m)) for c, m in zip(clicks, metres, strict=True)], size)


def soil_mask(surfaces):
    mask = np.zeros((STORY_SIZE[1], STORY_SIZE[0]), np.uint8)
    for surface in surfaces:
        outline = np.round(np.array(surface.polygon) * STORY_SIZE).astype(np.int32)
        cv2.fillPoly(mask, [outline], int(surface.class_ == "bare_soil"))
    return mask.astype(bool)


@pytest.mark.parametrize("seed", range(10))
def test_the_yard_s_bare_soil_has_its_area(seed):
    story, random = yard_story(), np.random.default_rng(seed)
    plane = clicked(story.homography, [*SIX, (0.2, 0.36), (0.5, 0.36), (0.75, 0.34)], STORY_SIZE, random)

    for state in story.states:
        assert plane.area_m2(soil_mask(state.surfaces)).value == pytest.approx(state.soil_area_m2, rel=0.15)
    assert plane.area_m2(story.zone).value == pytest.approx(story.zone_area_m2, rel=0.15)


@pytest.mark.parametrize("seed", range(10))
def test_the_hoarding_s_gap_has_its_length(seed):
    story, random = perimeter_story(), np.random.default_rng(seed)
    start, end = story.line.points
    plane = clicked(story.homography, [*SIX, start, (0.5, 0.6), end], STORY_SIZE, random)

    gaps = {gap for gaps in story.gaps_m for gap in gaps}
    assert gaps
    for from_m, to_m in gaps:
        x, y = story.line.points_m[0]  # the line runs along x
        foot = picture(story.homography, [(x + from_m, y), (x + to_m, y)])
        length = plane.length_m([(x, y) for x, y in foot])
        assert length.value == pytest.approx(to_m - from_m, abs=max(0.3, 0.1 * (to_m - from_m)))
    assert plane.length_m(story.line.points).value == pytest.approx(story.line.length_m, rel=0.1)


def test_areas_and_lengths_of_scenes_are_those_of_their_homographies():
    random = np.random.default_rng(1)
    views = [view for seed in range(30) for view in choose_views(lay_out(seed), choose_sky(lay_out(seed)), 2, 16 / 9)]
    straight = [view.camera for view in views if view.distortion == 0]
    assert len(straight) > 20
    for camera in straight:
        # From the truth's pixels to relative places.
        truth = np.array(homography(camera, SCENE_SIZE)) @ np.diag([*SCENE_SIZE, 1.0])
        horizon = -truth[2, 2] / truth[2, 1]
        top = max(0.1, horizon + (1 - horizon) * 0.3)
        plane = clicked(truth, [*SIX, (0.1, top), (0.5, top), (0.9, top)], SCENE_SIZE, random)
        inner = [(0.3, 0.8), (0.7, 0.8), (0.65, (top + 0.8) / 2), (0.35, (top + 0.8) / 2)]
        corners = ground(truth, inner)
        length = float(np.linalg.norm(corners[3] - corners[2]))

        assert plane.area_m2(inner).value == pytest.approx(Polygon(corners).area, rel=0.15)
        assert plane.length_m(inner[2:]).value == pytest.approx(length, abs=max(0.3, 0.1 * length))
