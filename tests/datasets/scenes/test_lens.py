from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.render.scenes.layout import lay_out
from datasets.render.scenes.lens import compress, distort, record, through_the_air
from datasets.render.scenes.views import Weather, choose_sky, choose_views

LAYOUT = lay_out(4)
VIEW = choose_views(LAYOUT, choose_sky(LAYOUT), 1, 16 / 9)[0]


def checks(height=90, width=160):
    y, x = np.mgrid[0:height, 0:width]
    return np.repeat((((x // 10 + y // 10) % 2) * 200).astype(np.uint8)[:, :, None], 3, axis=2)


@settings(max_examples=30, deadline=None)
@given(st.floats(-0.05, 0.35))
def test_distorting_numbers_invents_none_and_keeps_the_middle(k1):
    parts = np.arange(90 * 160, dtype=np.int64).reshape(90, 160).astype(np.uint8)

    bent = distort(parts, k1, exact=True)

    assert bent.shape == parts.shape
    assert set(np.unique(bent)) <= set(np.unique(parts))
    assert abs(int(bent[45, 80]) - int(parts[45, 80])) <= 1


def test_barrel_distortion_draws_the_middle_larger_than_the_edges():
    disc = np.zeros((90, 160), np.uint8)
    y, x = np.mgrid[0:90, 0:160]
    disc[np.hypot(x - 80, y - 45) < 20] = 1

    assert distort(disc, 0.3, exact=True).sum() > disc.sum()
    assert np.array_equal(distort(disc, 0.0, exact=True), disc)


@pytest.mark.parametrize("weather", list(Weather))
def test_weather_is_the_same_for_the_same_seed_and_hides_the_far_more_than_the_near(weather):
    image = checks()
    depth = np.broadcast_to(np.linspace(200, 5, 90, dtype=np.float32)[:, None], (90, 160))
    view = replace(VIEW, weather=weather)

    first = through_the_air(image, depth, view, seed=9)

    assert np.array_equal(first, through_the_air(image, depth, view, seed=9))
    if weather is Weather.CLEAR:
        assert np.array_equal(first, image)
    if weather is Weather.HAZE:
        assert first[:10].std() < first[-10:].std()


def test_compression_loses_more_at_a_higher_crf_and_keeps_the_size():
    image = np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8)

    mild, strong = compress(image, 20), compress(image, 40)

    assert mild.shape == strong.shape == image.shape
    assert np.abs(mild.astype(int) - image).mean() < np.abs(strong.astype(int) - image).mean()


def test_a_recorded_picture_is_the_same_for_the_same_seed():
    assert np.array_equal(record(checks(), VIEW, 3), record(checks(), VIEW, 3))
