"""The rule from a reviewed case to its labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.reviewed.labels import (
    OPPOSITE,
    complete_boxes,
    judged_trucks,
    surface_mask,
    surface_polygons,
    vehicle_boxes,
)
from models.classes import class_id, class_names
from models.data.label_files import LabelBox
from tests.datasets.reviewed.made_cases import case, square

SOIL, NET, HOARDING, OTHER, NOT_JUDGED = 0, 1, 2, 3, 255


def middle_and_corner(mask):
    return mask[mask.shape[0] // 2, mask.shape[1] // 2], mask[0, 0]


def test_a_confirmed_claim_is_what_it_claims_and_the_rest_is_not_judged():
    assert middle_and_corner(surface_mask(case(), 40, 60)) == (SOIL, NOT_JUDGED)


def test_a_rejected_claim_becomes_a_hard_negative():
    assert middle_and_corner(surface_mask(case(confirmed=False), 40, 60)) == (OTHER, NOT_JUDGED)


def test_a_hoarding_that_was_missed_is_one_when_the_case_is_rejected():
    claims = (square("other"),)
    assert middle_and_corner(surface_mask(case(claims=claims), 40, 60))[0] == OTHER
    assert middle_and_corner(surface_mask(case(claims=claims, confirmed=False), 40, 60))[0] == HOARDING


def test_a_redrawn_claim_holds_inside_the_drawing_alone():
    drawn = case(areas=(square("bare_soil", size=0.25),))
    mask = surface_mask(drawn, 100, 100)
    assert (mask[35, 35], mask[65, 65], mask[5, 5]) == (SOIL, OTHER, NOT_JUDGED)


def test_a_drawing_of_another_class_takes_its_part_out_of_a_confirmed_claim():
    mask = surface_mask(case(areas=(square("dust_net", size=0.25),)), 100, 100)
    assert (mask[35, 35], mask[65, 65]) == (NET, SOIL)


def test_a_rejected_claim_may_be_told_what_it_is():
    mask = surface_mask(case(confirmed=False, areas=(square("dust_net", size=0.25),)), 100, 100)
    assert (mask[35, 35], mask[65, 65]) == (NET, OTHER)


surfaces = st.sampled_from(sorted(class_names("surfaces").values()))
shapes = st.builds(square, surfaces, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.05, 0.5))


@given(st.lists(shapes, max_size=4), st.lists(shapes, max_size=4), st.booleans())
def test_any_case_labels_only_what_was_judged_and_what_was_drawn_wins(claims, areas, confirmed):
    reviewed = case(claims=tuple(claims), areas=tuple(areas), confirmed=confirmed)
    mask = surface_mask(reviewed, 48, 64)
    assert set(np.unique(mask)) <= {SOIL, NET, HOARDING, OTHER, NOT_JUDGED}
    drawn = surface_mask(case(claims=(), areas=tuple(areas)), 48, 64)
    assert np.array_equal(mask[drawn != NOT_JUDGED], drawn[drawn != NOT_JUDGED])
    judged = surface_mask(case(claims=(*claims, *areas)), 48, 64) != NOT_JUDGED
    assert np.array_equal(mask != NOT_JUDGED, judged)


@given(st.lists(shapes, min_size=1, max_size=4))
def test_confirming_and_rejecting_never_teach_the_same(claims):
    kept = surface_polygons(case(claims=tuple(claims)))
    flipped = surface_polygons(case(claims=tuple(claims), confirmed=False))
    assert all(a.class_id != b.class_id and a.points == b.points for a, b in zip(kept, flipped, strict=True))


def test_what_is_opposite_is_a_class_of_the_same_task():
    for claimed, opposite in OPPOSITE.items():
        assert any({claimed, opposite} <= set(class_names(task).values()) for task in ("surfaces", "mud"))


TRUCK = {"rule": "unwashed_truck", "claims": (square("truck"),)}


def test_a_confirmed_truck_is_a_truck_and_a_rejected_one_is_not_known():
    (box,) = vehicle_boxes(case(**TRUCK))
    assert box == LabelBox(class_id("vehicles", "truck"), (0.25, 0.25, 0.75, 0.75))
    assert vehicle_boxes(case(**TRUCK, confirmed=False)) == []


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_drawn_box_stands_in_place_of_the_claim(confirmed):
    (box,) = vehicle_boxes(case(**TRUCK, boxes=(square("excavator", 0, 0, 0.5),), confirmed=confirmed))
    assert box == LabelBox(class_id("vehicles", "excavator"), (0, 0, 0.5, 0.5))


def test_vehicles_that_a_model_sees_elsewhere_complete_the_picture():
    vouched = [LabelBox(80, (0.1, 0.1, 0.5, 0.5))]
    same, another = LabelBox(7, (0.1, 0.1, 0.5, 0.48)), LabelBox(7, (0.6, 0.6, 0.9, 0.9))
    assert complete_boxes(vouched, [same, another]) == [*vouched, another]


@pytest.mark.parametrize(
    ("claimed", "confirmed", "learnt"),
    [
        ("muddy", True, "muddy"),
        ("muddy", False, "clean"),
        ("clean", True, "clean"),
        ("clean", False, "muddy"),
    ],
)
def test_a_rejected_verdict_on_mud_flips(claimed, confirmed, learnt):
    (truck,) = judged_trucks(case(claims=(square(claimed),), confirmed=confirmed))
    assert truck.class_name == learnt
    assert truck.bbox_xyxy == (0.25, 0.25, 0.75, 0.75)


def test_a_case_that_says_nothing_of_a_task_teaches_it_nothing():
    assert judged_trucks(case()) == []
    assert vehicle_boxes(case()) == []
    assert surface_polygons(case(**TRUCK)) == []
