"""Ground of photographed textures, laid into training pictures."""

import numpy as np
import pytest

from models.data.sample import NOT_JUDGED
from models.errors import NothingToLearn
from models.training.laid_ground import GroundTextures, read_ground_textures, with_laid_ground
from tests.models.data.made_data_set import save_picture

SOIL, NET, HOARDING, OTHER = 0, 1, 2, 3


def texture(colour):
    grain = np.random.default_rng(1).integers(-30, 30, (512, 512, 1))
    return np.clip(np.array(colour) + grain, 0, 255).astype(np.uint8)


TEXTURES = GroundTextures(plants=[texture((60, 140, 40))], soil=[texture((140, 100, 60))])


def laid(label, seeds=range(12)):
    """What is laid into grey pictures of one class: the picture, the mask."""
    picture, mask = np.full((72, 128, 3), 120, np.uint8), np.full((72, 128), label, np.uint8)
    made = [with_laid_ground(picture, mask, TEXTURES, np.random.default_rng(seed)) for seed in seeds]
    return [each for each in made if each is not None]


def test_meadows_become_other_and_soil_becomes_soil():
    assert {SOIL, OTHER} <= {label for _picture, mask in laid(NOT_JUDGED - 1, range(60)) for label in np.unique(mask)}


def test_only_where_ground_was_laid_does_the_picture_change():
    made = laid(NOT_JUDGED - 1)
    assert len(made) > 6
    for picture, mask in made:
        where = mask != NOT_JUDGED - 1
        changed = np.abs(picture.astype(int) - 120).max(axis=2) > 3
        assert where.mean() > 0.03
        assert changed[where].mean() > 0.5
        assert changed[~where].mean() < 0.1


@pytest.mark.parametrize("label", [NET, HOARDING, NOT_JUDGED])
def test_nets_hoardings_and_what_is_not_judged_stay(label):
    assert laid(label) == []


def test_the_same_seed_lays_the_same_ground():
    (one, mask), (again, same) = laid(OTHER, [3]) + laid(OTHER, [3])
    assert np.array_equal(one, again)
    assert np.array_equal(mask, same)


def test_a_folder_without_soil_is_told(tmp_path):
    (tmp_path / "soil").mkdir()
    save_picture(tmp_path / "plants" / "meadow.png", 1)
    with pytest.raises(NothingToLearn, match="soil"):
        read_ground_textures(tmp_path)
