"""The pose of a camera, told by points on its ground, is that of the camera that looked at them."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from datasets.render.camera import Camera
from vision.camera_pose import CameraPose
from vision.ground_plane import Correspondence, GroundPlane

SIZE = (1920, 1080)
GROUND = [(-6.0, 8.0), (5.0, 9.0), (6.0, 20.0), (-7.0, 22.0), (0.0, 14.0)]


def pose_of(camera: Camera) -> CameraPose | None:
    seen = camera.project([(x, y, 0.0) for x, y in GROUND])
    plane = GroundPlane([Correspondence((u, v), at) for (u, v), at in zip(seen.tolist(), GROUND, strict=True)], SIZE)
    return CameraPose.of(plane.homography, SIZE)


@given(
    x=st.floats(-8, 8),
    height=st.floats(3, 25),
    aside=st.floats(-4, 4),
    ahead=st.floats(12, 18),
    view=st.floats(25, 90),
    up=st.floats(0, 4),
)
def test_what_is_above_the_ground_is_seen_where_the_camera_sees_it(
    x: float, height: float, aside: float, ahead: float, view: float, up: float
) -> None:
    camera = Camera((x, -4.0, height), (aside, ahead, 0.0), view)
    pose = pose_of(camera)
    assert pose is not None
    truly = camera.project([(px, py, up) for px, py in GROUND])
    assume(not np.isnan(truly).any())
    assert pose.to_picture(GROUND, up) == pytest.approx(truly, abs=2e-3)


def test_a_camera_that_looks_straight_down_tells_no_pose() -> None:
    from_above = [Correspondence((0.5 + x / 40, 0.8 - y / 22.5), (x, y)) for x, y in GROUND]
    assert CameraPose.of(GroundPlane(from_above, SIZE).homography, SIZE) is None


def test_a_plane_that_is_none_tells_no_pose() -> None:
    assert CameraPose.of(np.full((3, 3), np.nan), SIZE) is None


def test_behind_the_camera_nothing_is_seen() -> None:
    pose = pose_of(Camera((0.0, -4.0, 6.0), (0.0, 14.0, 0.0), 50.0))
    assert pose is not None
    assert np.isnan(pose.to_picture([(0.0, -30.0)], 0.0)).all()
