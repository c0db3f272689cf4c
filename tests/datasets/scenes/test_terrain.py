import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.render.scenes.terrain import CELL, Kind, TerrainPlan, shape_terrain


def plan(**changes):
    values = {
        "width": 30.0, "depth": 24.0, "grass": 0.2, "gravel": 0.1, "puddles": 0.03, "heaps": 3, "sand_heaps": 1,
        "netted_heaps": 0.5, "netted_flat": 0.2, "roughness": 0.3, "pit": True, "level": ((-4.0, -8.0, 4.0, 12.0),),
    }  # fmt: skip
    return TerrainPlan(**(values | changes))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_the_ground_covers_the_site_and_roads_stay_level(seed):
    terrain = shape_terrain(plan(), np.random.default_rng(seed))

    assert terrain.shape == (round(24 / CELL), round(30 / CELL))
    assert terrain.heights.shape == (terrain.shape[0] + 1, terrain.shape[1] + 1)
    assert np.isfinite(terrain.heights).all()
    centres = terrain.centres()
    on_the_road = (np.abs(centres[:, :, 0]) < 3.5) & (centres[:, :, 1] < 11.5) & (terrain.kinds != Kind.WATER)
    assert np.abs(centres[:, :, 2][on_the_road]).max() < 0.4


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_nets_never_lie_over_each_other(seed):
    terrain = shape_terrain(plan(netted_flat=0.5, netted_heaps=1.0), np.random.default_rng(seed))

    layers = sum((net.covers.astype(int) for net in terrain.nets), np.zeros(terrain.shape, int))
    assert layers.max() <= 1
    assert np.array_equal(layers > 0, terrain.netted())


def test_a_bare_plan_gives_bare_soil_alone():
    bare = plan(grass=0, gravel=0, puddles=0, heaps=0, sand_heaps=0, netted_flat=0, pit=False)

    terrain = shape_terrain(bare, np.random.default_rng(1))

    assert (terrain.kinds == Kind.SOIL).all()
    assert not terrain.netted().any()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_beds_are_soil_in_hard_ground_and_nets_lie_on_them_alone(seed, beds):
    flat = plan(grass=0, gravel=0, puddles=0, heaps=0, sand_heaps=0, netted_flat=0, pit=False, beds=beds)

    terrain = shape_terrain(flat, np.random.default_rng(seed))

    assert set(np.unique(terrain.kinds)) == {Kind.SOIL, Kind.HARD}
    assert not (terrain.netted() & (terrain.kinds == Kind.HARD)).any()


@pytest.mark.parametrize(("place", "corner"), [((-100, -100), (0, 0)), ((100, 100), (-1, -1))])
def test_outside_the_ground_the_nearest_height_counts(place, corner):
    terrain = shape_terrain(plan(), np.random.default_rng(1))

    assert terrain.height_at(*place) == pytest.approx(float(terrain.heights[corner]))
