"""Where a map of sites looks, and what a click on it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pages.map_view import CHINA, CLOSEST_ZOOM, WIDEST_ZOOM, graticule, nearest, view_of

PLACES = st.tuples(st.floats(18, 53), st.floats(74, 134))


def test_without_sites_the_whole_country_is_shown():
    assert (view_of([]).centre, view_of([]).zoom) == (CHINA, WIDEST_ZOOM)


def test_a_single_site_is_shown_from_near():
    assert (view_of([(30.2, 120.2)]).centre, view_of([(30.2, 120.2)]).zoom) == ((30.2, 120.2), CLOSEST_ZOOM)


@given(st.lists(PLACES, min_size=1, max_size=20))
def test_every_site_lies_within_what_is_shown(places):
    view = view_of(places)
    for latitude, longitude in places:
        assert abs(latitude - view.centre[0]) <= view.reach
        assert abs(longitude - view.centre[1]) <= view.reach


@given(st.lists(PLACES, max_size=5))
def test_the_grid_has_lines_and_never_too_many(places):
    assert 4 <= len(graticule(view_of(places))) <= 60


@pytest.mark.parametrize(("at", "found"), [((30.2, 120.2), 0), ((30.3001, 120.3), 1), ((31.0, 121.0), None)])
def test_a_click_means_the_nearest_site_if_it_is_near(at, found):
    assert nearest([(30.2, 120.2), (30.3, 120.3)], at, 12) == found
