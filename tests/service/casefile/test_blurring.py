"""Blurring leaves nothing by which a person could be told from another, and touches nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.casefile.blurring import CELLS_ACROSS, CELLS_DOWN, blur_people

BOX = np.array([[100, 80, 130, 150]], np.float32)


def noise(seed=0):
    return np.random.default_rng(seed).integers(0, 256, (240, 320, 3), np.uint8)


def test_the_person_is_smooth_and_the_rest_as_it_was():
    picture = noise()
    blurred = blur_people(picture, BOX)
    person = blurred[80:150, 100:130].astype(int)
    assert np.abs(np.diff(person, axis=1)).max() < 12  # in noise, neighbours differ by 85 on average
    outside = np.ones((240, 320), bool)
    outside[60:170, 90:140] = False
    assert (blurred[outside] == picture[outside]).all()
    assert (picture == noise()).all(), "the picture itself must stay"


def test_people_whose_means_are_alike_can_not_be_told_apart():
    # The same few means, other details: whatever somebody does with the result, the details are gone.
    flat = np.full((240, 320, 3), 120, np.uint8)
    striped = flat.copy()
    striped[:, ::2], striped[:, 1::2] = 100, 140
    box = np.array([[100, 80, 160, 220]], np.float32)
    inside = np.s_[90:210, 105:155]
    difference = blur_people(striped, box)[inside].astype(int) - blur_people(flat, box)[inside].astype(int)
    assert np.abs(difference).max() <= 2
    assert CELLS_ACROSS * CELLS_DOWN <= 21


@given(
    st.lists(
        st.tuples(*[st.floats(-50, 400, width=32)] * 4).map(
            lambda box: (min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3]))
        ),
        max_size=4,
    )
)
def test_boxes_of_any_size_and_place_are_taken(boxes):
    blurred = blur_people(noise(), np.array(boxes, np.float32).reshape(-1, 4))
    assert blurred.shape == (240, 320, 3)
