"""The evidence tells the ground plane that metres were measured by."""

import numpy as np
import pytest

from vision.evidence.calibration import calibration_of
from vision.ground_plane import Correspondence

GROUND = (
    Correspondence((0.058, 0.759), (-14, 5)),
    Correspondence((0.959, 0.687), (14, 5)),
    Correspondence((0.733, 0.336), (14, 27)),
    Correspondence((0.215, 0.358), (-14, 27)),
)
OFF = Correspondence((0.54, 0.73), (0, 5))


def test_the_homography_takes_the_points_to_their_metres() -> None:
    told = calibration_of(GROUND)
    assert told is not None
    for point in told.points:
        x, y, w = np.array(told.homography) @ [*point.at, 1.0]
        assert (x / w, y / w) == pytest.approx(point.metres, abs=0.01)
    assert told.reprojection_error_m == pytest.approx(0, abs=0.001)


def test_points_that_do_not_fit_show_in_the_error() -> None:
    told = calibration_of((*GROUND, OFF))
    assert told is not None
    assert told.picture_size == (1920, 1080)
    assert 1 < told.reprojection_error_px < 30
    assert 0.01 < told.reprojection_error_m < 1


def test_without_points_there_is_none() -> None:
    assert calibration_of(()) is None
