"""A change is told from the light and from noise."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.change import THUMBNAIL_SHAPE, changed_share, thumbnail_of

PICTURE = np.random.default_rng(1).integers(60, 180, THUMBNAIL_SHAPE, dtype=np.uint8)


@given(st.integers(-60, 75))
def test_light_that_changes_as_a_whole_changes_nothing(step: int) -> None:
    assert changed_share(PICTURE, (PICTURE.astype(int) + step).astype(np.uint8)) == 0


@given(st.integers(1, 40), st.integers(1, 80), st.integers(30, 60))
def test_what_covers_a_part_changes_that_share(rows: int, columns: int, step: int) -> None:
    after = PICTURE.copy()
    after[:rows, :columns] += np.uint8(step)
    assert changed_share(PICTURE, after) == rows * columns / PICTURE.size


def test_noise_is_no_change() -> None:
    noise = np.random.default_rng(2).normal(0, 4, THUMBNAIL_SHAPE)
    assert changed_share(PICTURE, (PICTURE + noise).astype(np.uint8)) < 0.005


def test_only_the_mask_counts() -> None:
    after, mask = PICTURE.copy(), np.zeros(THUMBNAIL_SHAPE, dtype=np.bool_)
    after[:10] += 40
    mask[:20] = True
    assert changed_share(PICTURE, after, mask) == 0.5
    assert changed_share(PICTURE, after, ~mask) == 0
    assert changed_share(PICTURE, after, np.zeros_like(mask)) == 0


def test_a_thumbnail_is_small_whatever_the_picture() -> None:
    assert thumbnail_of(np.zeros((1080, 1920), dtype=np.uint8)).shape == THUMBNAIL_SHAPE
