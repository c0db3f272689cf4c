"""Rigs: parts that turn against each other stay stiff and where they are joined."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.render.excavator import BOOM_AT, BOOM_LENGTH, STICK_LENGTH, excavator
from datasets.render.person import STRIDE, person
from datasets.render.story import Pose

angle = st.floats(-pi, pi)
place = st.floats(-50, 50)


@given(place, place, angle, st.tuples(angle, angle, angle, angle))
def test_an_excavators_parts_stay_stiff_and_joined(x, y, heading, joints):
    matrices = excavator().matrices(Pose(x, y, heading, 0.0, joints))
    for matrix in matrices.values():
        assert matrix[:3, :3] @ matrix[:3, :3].T == pytest.approx(np.eye(3), abs=1e-9)
        assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1)
    for inner, at, outer in (
        ("upper", BOOM_AT, "boom"),
        ("boom", (BOOM_LENGTH, 0, 0), "stick"),
        ("stick", (STICK_LENGTH, 0, 0), "bucket"),
    ):
        assert (matrices[inner] @ (*at, 1))[:3] == pytest.approx(matrices[outer][:3, 3], abs=1e-9)


def test_a_driving_excavator_touches_the_ground_with_its_tracks_alone():
    rig = excavator()
    points = rig.outline(Pose())
    lowest = points[:, 2].min()
    assert -0.05 <= lowest <= 0.05
    assert {name for name, solids in rig.parts.items() if name == "carriage" and solids} == {"carriage"}
    assert points[points[:, 2] < 0.3][:, 0].max() < 2.5


@given(st.floats(0, 30))
def test_a_worker_stays_on_the_ground_and_in_their_height(walked):
    points = person().outline(Pose(walked, 0.0, 0.0, walked))
    assert -0.05 <= points[:, 2].min() <= 0.16
    assert 1.7 <= points[:, 2].max() <= 1.9


def test_a_worker_sets_one_foot_before_the_other():
    rig = person()
    first, second = (rig.matrices(Pose(0.0, 0.0, 0.0, walked)) for walked in (STRIDE / 2, STRIDE * 1.5))
    assert first["left leg"][0, 2] == pytest.approx(-first["right leg"][0, 2])
    assert first["left leg"][0, 2] == pytest.approx(-second["left leg"][0, 2])
