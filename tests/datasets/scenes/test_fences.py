import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.render.scenes.fences import Hoarding, Make, PanelState, fallen_solids, panel_solids, plan_hoarding

STANDING, MISSING, FALLEN, HALF_OPEN = PanelState


def hoarding(*panels, make=Make.STEEL):
    return Hoarding((0.0, 0.0), (3.0 * len(panels), 0.0), make, 2.4, panels, banded=True)


@pytest.mark.parametrize(
    ("panels", "gaps"),
    [
        ((STANDING, STANDING), []),
        ((STANDING, MISSING, STANDING), [3.0]),
        ((MISSING, FALLEN, STANDING, HALF_OPEN), [6.0, 3.0]),
        ((MISSING,) * 4, [12.0]),
    ],
)
def test_gaps_are_the_stretches_without_a_standing_panel(panels, gaps):
    assert hoarding(*panels).gaps() == gaps


@given(st.lists(st.sampled_from(PanelState), min_size=1, max_size=12), st.sampled_from(Make))
def test_gaps_and_standing_panels_make_up_the_whole_length(panels, make):
    made = hoarding(*panels, make=make)

    standing = sum(state is STANDING for state in panels) * made.panel_length
    assert sum(made.gaps()) + standing == pytest.approx(made.length, abs=0.02 * len(panels))


def test_missing_panels_are_not_built_and_fallen_ones_lie_on_the_ground():
    made = hoarding(STANDING, MISSING, FALLEN)

    standing = np.array([vertex for solid in panel_solids(made) for vertex in solid.vertices])
    lying = np.array([vertex for solid in fallen_solids(made) for vertex in solid.vertices])
    assert standing[:, 0].max() <= 3.0 + 1e-9
    assert standing[:, 2].max() == pytest.approx(2.4)
    assert lying[:, 0].min() >= 6.0 - 1e-9
    assert lying[:, 2].max() < 0.5


def test_a_hoarding_runs_from_its_start_to_its_end():
    random = np.random.default_rng(0)
    made = plan_hoarding((2.0, 5.0), (2.0, 35.0), Make.BRICK, 0.0, random)

    points = np.array([vertex for solid in panel_solids(made) for vertex in solid.vertices])
    assert points[:, 1].min() == pytest.approx(5.0, abs=0.3)
    assert points[:, 1].max() == pytest.approx(35.0, abs=0.3)
    assert np.abs(points[:, 0] - 2.0).max() < 0.5
