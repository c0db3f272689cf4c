"""The perimeter's story: the gaps of the hoarding, its gate, and what passes before it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.render.perimeter.site import GATE_X, HEIGHT, LOOSE_X, PANEL
from datasets.render.perimeter.story import perimeter_story
from datasets.render.perimeter.truth import LEAST_GAP, LINE_X, Slide, gaps
from datasets.render.plates import plan

STORY = perimeter_story()
CLIP = STORY.clip
TRUTH = STORY.truth()
LOOSE_M = tuple(x - LINE_X[0] for x in LOOSE_X)
slides = st.builds(
    lambda since, lasts, seconds: Slide(LOOSE_X, since, since + seconds + lasts, seconds),
    st.floats(0, 20),
    st.floats(0.1, 30),
    st.floats(0.2, 5),
)


def _boxes(name):
    (occluder,) = [occluder for occluder in TRUTH["occluders"] if occluder["id"] == name]
    return {entry["frame"]: entry["xyxy"] for entry in occluder["boxes"]}


@given(slides, st.floats(-5, 80))
def test_a_gap_is_as_wide_as_its_panel_has_slid_and_lies_in_its_place(slide, now):
    found = gaps(slide, now)
    assert bool(found) == (slide.offset(now) >= LEAST_GAP)
    for start, end in found:
        assert LOOSE_M[0] - 1e-9 <= start < end == LOOSE_M[1]
        assert end - start == pytest.approx(slide.offset(now))
    assert slide.moves(now) == (0 < slide.offset(now) < PANEL)
    if slide.opens_at + slide.seconds <= now <= slide.closes_at:
        assert slide.offset(now) == PANEL
    if not slide.opens_at <= now <= slide.closes_at + slide.seconds:
        assert found == []


def test_a_panel_is_missing_from_second_28_to_55_and_no_other_time():
    assert len(TRUTH["gaps_m"]) == CLIP.seconds + 1
    wide = [second for second, found in enumerate(TRUTH["gaps_m"]) if found == [[*map(pytest.approx, LOOSE_M)]]]
    some = [second for second, found in enumerate(TRUTH["gaps_m"]) if found]
    assert wide == list(range(30, 55))
    assert some == list(range(29, 56))
    assert 2 <= TRUTH["missing"][0]["width_m"] <= 3


def test_the_open_gate_is_told_apart_and_lies_elsewhere():
    gate = TRUTH["gate"]
    assert gate["to_m"] - gate["from_m"] == GATE_X[1] - GATE_X[0]
    assert gate["to_m"] < LOOSE_M[0]
    (opened,) = TRUTH["gate_open"]
    assert opened == {"since": 5.0, "wide_since": 8.0, "wide_until": 19.0, "until": 22.0}
    assert opened["until"] < TRUTH["missing"][0]["since"]
    assert all(found == [] for found in TRUTH["gaps_m"][:28])


def test_the_homography_takes_the_line_to_its_metres():
    points = np.array([[*point, 1.0] for point in TRUTH["line"]["points"]]) @ np.array(TRUTH["homography"]).T
    assert points[:, :2] / points[:, 2:] == pytest.approx(np.array(TRUTH["line"]["points_m"]), abs=0.02)
    assert all(0 < value < 1 for point in TRUTH["line"]["points"] for value in point)
    assert TRUTH["line"]["length_m"] == pytest.approx(LINE_X[1] - LINE_X[0])


def test_the_gap_is_large_enough_to_be_seen():
    left, top, right, bottom = CLIP.camera.box([(x, 0.0, z) for x in LOOSE_X for z in (0.0, HEIGHT)])
    assert (right - left) * 640 > 40
    assert (bottom - top) * 360 > 30


def test_the_truck_passes_while_the_gate_is_open_and_the_worker_while_the_panel_is_missing():
    truck, worker = _boxes("truck"), _boxes("worker")
    (opened,), (missing,) = TRUTH["gate_open"], TRUTH["missing"]
    assert opened["wide_since"] < CLIP.at(min(truck)) < CLIP.at(max(truck)) < opened["wide_until"]
    assert missing["whole_since"] < CLIP.at(min(worker)) < CLIP.at(max(worker)) < missing["whole_until"]
    gap = CLIP.camera.project([(sum(LOOSE_X) / 2, 0.0, 1.0)])[0]
    hidden = [box for box in worker.values() if box[0] < gap[0] < box[2] and box[1] < gap[1] < box[3]]
    assert hidden


def test_what_moves_lies_in_its_crop_and_what_rests_is_not_rendered_again():
    plates = plan(STORY, 640, 360)
    for plate in plates:
        for placed in plate.moving:
            box = CLIP.camera.box(STORY.outline(placed))
            if box is not None:
                left, top, right, bottom = plate.crop
                assert left <= box[0] * 640 < box[2] * 640 <= right
                assert top <= box[1] * 360 < box[3] * 360 <= bottom
    assert len({plate.base_name for plate in plates}) <= 6
    assert sum(plate.crop is None for plate in plates) > len(plates) / 3
