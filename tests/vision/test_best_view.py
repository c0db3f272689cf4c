"""Of all views of a truck, the large, sharp and whole one from the front or the rear is remembered."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.truck_stories import START
from vision.best_view import WITHIN, BestViews, Facing, facing_of, picture_of
from vision.geometry import BboxXyxy
from vision.tracking import Sighting

SMALL, LARGE = (0.45, 0.4, 0.55, 0.5), (0.4, 0.4, 0.6, 0.6)


def _sighting(second: float, box: BboxXyxy, sharpness: float | None = 100.0) -> Sighting:
    return Sighting(1, START + timedelta(seconds=second), box, (0.0, 0.1, 0.8), sharpness=sharpness)


def _best_at(*sightings: Sighting) -> float | None:
    views = BestViews()
    for sighting in sightings:
        views.add(sighting)
    best = views.best_of(1)
    return None if best is None else (best.captured_at - START).total_seconds()


def test_the_larger_view_is_better() -> None:
    assert _best_at(_sighting(0, SMALL), _sighting(1, LARGE), _sighting(2, SMALL)) == 1


def test_the_sharper_view_is_better() -> None:
    assert _best_at(_sighting(0, LARGE, 50), _sighting(1, LARGE, 200), _sighting(2, LARGE, 100)) == 1


def test_a_view_that_the_border_cuts_is_worse_than_a_smaller_whole_one() -> None:
    assert _best_at(_sighting(0, SMALL), _sighting(1, (0.0, 0.4, 0.15, 0.55))) == 0


def test_a_view_from_the_front_is_better_than_a_larger_one_from_the_side() -> None:
    approach = [_sighting(0, (0.42, 0.42, 0.58, 0.58)), _sighting(1, LARGE)]
    turn = [_sighting(2, (0.55, 0.4, 0.76, 0.61)), _sighting(3, (0.7, 0.4, 0.92, 0.61))]
    assert _best_at(*approach, *turn) == 1


def test_a_view_through_spray_is_worse_than_a_smaller_clear_one() -> None:
    sprayed = replace(_sighting(0, LARGE), is_standing=True, has_spray=True)
    assert _best_at(sprayed, _sighting(1, (0.42, 0.42, 0.58, 0.58))) == 1


def test_a_better_view_that_is_too_old_gives_way() -> None:
    late = WITHIN.total_seconds() + 1
    assert _best_at(_sighting(0, LARGE), _sighting(late - 2, SMALL), _sighting(late, SMALL)) == late


def test_one_never_looked_at_closely_has_no_best_view() -> None:
    assert _best_at(_sighting(0, LARGE, None)) is None


@pytest.mark.parametrize(
    ("before", "now", "facing"),
    [
        (SMALL, LARGE, Facing.FRONT),
        (LARGE, SMALL, Facing.REAR),
        (SMALL, (0.55, 0.4, 0.65, 0.5), Facing.SIDE),
        (SMALL, SMALL, Facing.UNKNOWN),
    ],
)
def test_the_way_tells_which_end_is_seen(before: BboxXyxy, now: BboxXyxy, facing: Facing) -> None:
    assert facing_of(before, now) is facing


edges = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@given(edges, edges)
def test_the_picture_holds_the_truck_and_a_margin_as_it_was(x: list[float], y: list[float]) -> None:
    image = np.arange(90 * 160 * 3, dtype=np.uint32).reshape(90, 160, 3).astype(np.uint8)
    views = BestViews()
    views.add(_sighting(0, (x[0], y[0], x[1], y[1])))
    best = views.best_of(1)
    assert best is not None
    picture = picture_of(image, best)
    height, width = picture.shape[:2]
    assert min(160, (x[1] - x[0]) * 160) - 1 <= width <= min(160, (x[1] - x[0]) * 160 * 1.3 + 2)
    assert min(90, (y[1] - y[0]) * 90) - 1 <= height <= min(90, (y[1] - y[0]) * 90 * 1.3 + 2)
    assert picture.size > 0
