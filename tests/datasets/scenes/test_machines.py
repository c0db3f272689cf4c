import numpy as np
import pytest

from datasets.render.scenes.machines import LORRIES, car, excavator, person, tree


@pytest.mark.parametrize("make", list(LORRIES))
@pytest.mark.parametrize("axles", [3, 4])
def test_lorries_are_as_large_as_lorries(make, axles):
    points = np.array([vertex for solid in LORRIES[make](axles) for vertex in solid.vertices])

    length, width, height = np.ptp(points, axis=0)
    assert 8 < length < 10
    assert 2.3 < width < 3.4
    assert 2.5 < height < 4.5


@pytest.mark.parametrize(
    ("solids", "least", "most"),
    [
        (car(0), (4, 1.7, 1.2), (5, 2.1, 1.8)),
        (car(2), (4, 1.7, 1.7), (5, 2.1, 2.3)),
        (person(1.0), (0.3, 0.4, 1.5), (1.2, 0.9, 2.0)),
        (excavator(0.0, 0.0), (6, 2.9, 3), (10, 3.1, 5)),
        (excavator(1.0, 1.5), (3, 2.9, 3), (12, 10, 5)),
    ],
)
def test_machines_and_people_have_their_size(solids, least, most):
    size = np.ptp(np.array([vertex for solid in solids for vertex in solid.vertices]), axis=0)

    assert (size >= least).all()
    assert (size <= most).all()


def test_every_face_names_corners_that_are_there():
    for solid in [*excavator(0.5, 0.3), *tree(np.random.default_rng(0)), *LORRIES["mixer"](4)]:
        assert max(max(face) for face in solid.faces) < len(solid.vertices)
