"""The grid drawn on a picture lies where the metres are."""

import numpy as np
import pytest

from datasets.render.camera import Camera
from vision.ground_grid import GRID_COLOUR, HORIZON_COLOUR, POINT_COLOUR, grid_marks, grid_step_m
from vision.ground_plane import Correspondence, GroundPlane

SPOTS = [(-5.0, 2.0), (6.0, 3.0), (5.0, 16.0), (-7.0, 14.0)]


def plane_of(camera, times=1.0):
    at = camera.project([(x, y, 0.0) for x, y in SPOTS])
    points = zip(at, SPOTS, strict=True)
    return GroundPlane([Correspondence((x, y), (u * times, v * times)) for (x, y), (u, v) in points], (1280, 720))


def test_every_line_is_a_whole_number_of_steps_away_and_labelled_so():
    plane = plane_of(Camera((1.0, -12.0, 6.0), (0.0, 6.0, 0.0), 60.0))
    step, lines = grid_step_m(plane), [mark for mark in grid_marks(plane) if mark.colour == GRID_COLOUR]

    assert step == 2
    assert len(lines) > 10
    for mark in lines:
        assert all(0 <= value <= 1 for point in mark.points for value in point)
        start, end = plane.to_ground(mark.points)
        axis = int(np.argmin(np.abs(end - start)))
        assert start[axis] == pytest.approx(end[axis], abs=1e-4)
        assert start[axis] / step == pytest.approx(round(start[axis] / step), abs=1e-4)
        assert mark.label in {"", f"{'xy'[axis]} {round(start[axis])} m"}


@pytest.mark.parametrize(("times", "step"), [(0.1, 0.2), (1, 2), (10, 20), (1000, 2000)])
def test_the_step_fits_the_extent(times, step):
    plane = plane_of(Camera((1.0, -12.0, 6.0), (0.0, 6.0, 0.0), 60.0), times)
    assert grid_step_m(plane) == pytest.approx(step)
    assert 10 < len(grid_marks(plane)) < 50


def test_the_points_are_numbered_and_the_horizon_is_drawn_where_it_is_seen():
    def labels(camera, colour):
        return [mark.label for mark in grid_marks(plane_of(camera)) if mark.colour == colour]

    level = Camera((0.0, -12.0, 6.0), (0.0, 0.0, 5.0), 60.0)
    down = Camera((0.0, -5.0, 20.0), (0.0, 8.0, 0.0), 60.0)
    assert labels(level, POINT_COLOUR) == ["1", "2", "3", "4"]
    assert labels(level, HORIZON_COLOUR) == ["地平线 horizon"]
    assert labels(down, HORIZON_COLOUR) == []
