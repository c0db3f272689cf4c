"""Training pictures in other paints."""

import cv2
import numpy as np
import pytest

from models.training.repainted import with_dry_plants, with_other_paint

HOARDING, OTHER, SOIL = 2, 3, 0
GRASS_BGR, SOIL_BGR = (40, 140, 60), (60, 100, 140)


def shaded(colour):
    """A picture of one colour whose left half lies in the shadow, and that everything is of one class."""
    image = np.full((40, 60, 3), colour, np.uint8)
    image[:, :30] //= 2
    return image


def hue_of(image):
    return int(np.median(cv2.cvtColor(image, cv2.COLOR_BGR2HSV)[:, :, 0]))


def test_a_hoarding_gets_another_paint_and_keeps_its_shadow():
    image, mask = shaded((150, 80, 30)), np.full((40, 60), HOARDING, np.uint8)
    hues = set()
    for seed in range(8):
        painted = with_other_paint(image, mask, np.random.default_rng(seed))
        assert painted[:, 40:].mean() > 1.5 * painted[:, :20].mean()
        hues.add(hue_of(painted))
    assert len(hues) > 4


def test_what_is_no_hoarding_stays_as_it_is():
    image, mask = shaded(SOIL_BGR), np.full((40, 60), SOIL, np.uint8)
    mask[:, :30] = HOARDING
    painted = with_other_paint(image, mask, np.random.default_rng(1))
    assert np.array_equal(painted[:, 36:], image[:, 36:])
    assert not np.array_equal(painted[:, :24], image[:, :24])


def test_grass_becomes_straw():
    dry = with_dry_plants(shaded(GRASS_BGR), np.full((40, 60), OTHER, np.uint8), np.random.default_rng(1))
    assert 14 <= hue_of(dry) <= 28


@pytest.mark.parametrize(("colour", "label"), [(SOIL_BGR, OTHER), ((30, 190, 230), OTHER), (GRASS_BGR, SOIL)])
def test_only_green_that_is_none_of_our_surfaces_is_a_plant(colour, label):
    mask = np.full((40, 60), label, np.uint8)
    assert with_dry_plants(shaded(colour), mask, np.random.default_rng(1)) is None


def test_a_picture_without_hoarding_has_nothing_to_paint():
    mask = np.full((40, 60), OTHER, np.uint8)
    mask[0, 0] = HOARDING
    assert with_other_paint(shaded(SOIL_BGR), mask, np.random.default_rng(1)) is None
