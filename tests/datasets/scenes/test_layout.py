from math import hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.render.scenes.layout import SceneKind, lay_out
from datasets.render.scenes.palette import (
    EARTH,
    FIRST_AFAR_SEED,
    FIRST_STREET_SEED,
    FIRST_TEST_SEED,
    FIRST_WIDE_SEED,
    GREY_PAINTED,
    NET,
    SOIL,
    STEEL,
    WOVEN,
    is_test,
    is_wide,
)
from datasets.render.scenes.terrain import Kind
from datasets.render.scenes.things import CLEAN_UP_TO, MUDDY_FROM
from datasets.render.scenes.views import TEST_PANORAMAS, TRAIN_PANORAMAS, choose_sky, choose_views

SEEDS = st.integers(0, 999_999)
SITE_SEEDS = st.integers(0, FIRST_STREET_SEED - 1) | st.integers(FIRST_TEST_SEED, 999_999)


@settings(max_examples=3, deadline=None)
@given(SEEDS)
def test_a_seed_always_gives_the_same_site(seed):
    first, second = lay_out(seed), lay_out(seed)

    assert first.things == second.things
    assert first.hoardings == second.hoardings
    assert np.array_equal(first.terrain.heights, second.terrain.heights)
    assert choose_views(first, choose_sky(first), 3, 16 / 9) == choose_views(second, choose_sky(second), 3, 16 / 9)


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_things_stand_apart_and_trucks_are_plainly_clean_or_muddy(seed):
    things = lay_out(seed).things

    for index, thing in enumerate(things):
        if thing.class_name == "truck":
            assert thing.mud is not None
            assert thing.mud <= CLEAN_UP_TO or thing.mud >= MUDDY_FROM
            assert thing.muddy is (thing.mud >= MUDDY_FROM)
        else:
            assert thing.muddy is None
        for other in things[:index]:
            assert hypot(thing.position[0] - other.position[0], thing.position[1] - other.position[1]) > 3


@settings(max_examples=5, deadline=None)
@given(SITE_SEEDS)
def test_cameras_hang_above_the_ground_and_look_down(seed):
    layout = lay_out(seed)

    for view in choose_views(layout, choose_sky(layout), 4, 16 / 9):
        x, y, z = view.camera.position
        assert z >= layout.terrain.height_at(x, y) + 1.5
        assert view.camera.target[2] < z
        assert 20 <= view.camera.horizontal_view_degrees <= 95


@pytest.mark.parametrize("colours", [SOIL, NET, STEEL])
def test_test_scenes_draw_from_colours_that_training_never_sees(colours):
    random = np.random.default_rng(0)

    assert not set(colours.train) & set(colours.test)
    assert colours.pick(random, test=True, spread=0) in colours.test
    assert colours.pick(random, test=False, spread=0) in colours.train


@given(st.integers(0, 2**32 - 1), st.sampled_from([(EARTH, SOIL), (WOVEN, NET), (GREY_PAINTED, STEEL)]))
def test_the_ranges_leave_out_what_a_test_scene_may_look_like(seed, colours):
    wide, listed = colours
    random = np.random.default_rng(seed)

    of_test, of_training = listed.pick(random, test=True), wide.pick(random, listed.test)

    assert of_test != pytest.approx(of_training, rel=0.01)
    assert all(0 <= channel <= 1 for channel in of_training)


def test_only_training_scenes_from_the_first_wide_seed_on_are_wide():
    assert not is_wide(FIRST_WIDE_SEED - 1)
    assert is_wide(FIRST_WIDE_SEED)
    assert not is_wide(FIRST_TEST_SEED)


def test_a_site_seen_from_afar_is_seen_from_outside_and_its_yard_lies_under_strips_of_net():
    bare = 0
    for seed in range(FIRST_AFAR_SEED, FIRST_AFAR_SEED + 20):
        layout = lay_out(seed)
        assert layout.kind in (SceneKind.YARD, SceneKind.PERIMETER)
        views = choose_views(layout, choose_sky(layout), 3, 16 / 9)
        assert all(view.camera.position[1] < 0 for view in views)
        soil = (layout.terrain.kinds == Kind.SOIL) & ~layout.terrain.netted()
        bare += layout.kind is SceneKind.YARD and bool(0.02 < soil.mean() < 0.7)
    assert bare >= 5


def test_a_street_of_houses_shows_no_soil_net_or_hoarding_and_one_along_a_site_has_its_front():
    with_houses = 0
    for seed in range(FIRST_STREET_SEED, FIRST_STREET_SEED + 20):
        layout = lay_out(seed)
        assert layout.kind is SceneKind.STREET
        assert layout.street is not None
        if layout.hoardings:
            assert all(hoarding.start[1] == hoarding.end[1] for hoarding in layout.hoardings)
            continue
        with_houses += 1
        assert not (layout.terrain.kinds == Kind.SOIL).any()
        assert not layout.terrain.nets
    assert 5 < with_houses < 20


@given(st.integers(FIRST_STREET_SEED, FIRST_TEST_SEED - 1))
@settings(max_examples=15, deadline=None)
def test_a_camera_in_a_street_stands_between_its_edges_and_above_it(seed):
    layout = lay_out(seed)
    street = layout.street

    for view in choose_views(layout, choose_sky(layout), 4, 16 / 9):
        _, y, z = view.camera.position
        assert street.near_edge < y < 0 < street.far_pavement
        assert z > 1
        assert not any(house.y[0] <= y <= house.y[1] for house in street.houses)


def test_the_light_of_test_scenes_is_never_trained_on():
    assert not set(TRAIN_PANORAMAS) & set(TEST_PANORAMAS)
    assert is_test(FIRST_TEST_SEED)
    assert not is_test(FIRST_TEST_SEED - 1)
    assert choose_sky(lay_out(FIRST_TEST_SEED)).panorama in TEST_PANORAMAS
