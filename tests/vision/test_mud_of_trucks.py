"""A truck that leaves visibly muddy is reported however long it washed; views before washing do not count."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vision.truck_stories import BAY, GATE, RATE, START, STREET, WARM_UP_S, YARD, Stop, drive, judge
from vision.mud_views import MudViews, tells_mud
from vision.tracking import Sighting
from vision.unwashed_truck import UnwashedTruckParameters

WASHES: list[Stop] = [(0, YARD), (4, BAY), (30, BAY), (36, STREET)]
STANDS_FROM, STANDS_UNTIL, CROSSES_AT = 5.0, 30.0, 32.7
PARAMETERS = UnwashedTruckParameters(mud_views=3, muddy_share=0.6, muddy_score=0.8)


def _muddy(stops: Sequence[Stop], begins: float, ends: float, *, muddy: float = 0.95) -> list[Sighting]:
    """Return a way whose views show mud between two times in seconds and none otherwise; each fourth was judged."""
    way = []
    for number, sighting in enumerate(drive(1, stops)):
        seconds = (sighting.captured_at - START).total_seconds() - WARM_UP_S
        mud = None if number % 4 else (muddy if begins <= seconds < ends else 0.05)
        way.append(replace(sighting, mud=mud, is_standing=STANDS_FROM <= seconds < STANDS_UNTIL))
    return way


def test_a_truck_that_washed_and_leaves_muddy_is_reported_once() -> None:
    (violation,), rule = judge(_muddy(WASHES, 0, 40), parameters=PARAMETERS)
    assert violation.measures["wash_seconds"] > 20
    assert violation.measures["mud_views"] >= 3
    assert violation.measures["muddy_share"] == 1
    assert (rule.counts.washed, rule.counts.muddy, rule.counts.unwashed) == (1, 1, 0)


def test_the_office_may_switch_that_off() -> None:
    off = PARAMETERS.model_copy(update={"muddy_is_violation": False})
    violations, rule = judge(_muddy(WASHES, 0, 40), parameters=off)
    assert violations == []
    assert rule.counts.muddy == 1


def test_one_that_came_muddy_and_was_washed_clean_is_not() -> None:
    violations, rule = judge(_muddy(WASHES, 0, STANDS_UNTIL), parameters=PARAMETERS)
    assert violations == []
    assert rule.counts.muddy == 0


def test_two_views_of_mud_are_not_enough() -> None:
    assert judge(_muddy(WASHES, CROSSES_AT - 0.8, 40), parameters=PARAMETERS)[0] == []
    lenient = PARAMETERS.model_copy(update={"mud_views": 1, "muddy_share": 0.1})
    assert len(judge(_muddy(WASHES, CROSSES_AT - 0.8, 40), parameters=lenient)[0]) == 1


def test_views_that_are_not_sure_are_not_enough() -> None:
    assert judge(_muddy(WASHES, 0, 40, muddy=0.79), parameters=PARAMETERS)[0] == []


def test_one_that_was_in_view_when_watching_began_is_reported_when_it_leaves_muddy() -> None:
    way = [replace(one, is_standing=False) for one in _muddy([(-5, YARD), (6, STREET)], -5, 40)]
    (violation,), rule = judge(way, parameters=PARAMETERS)
    assert violation.measures["mud_views"] >= 3
    assert (rule.counts.unknown, rule.counts.muddy) == (1, 1)


def test_a_truck_nobody_looked_at_closely_says_nothing_of_mud() -> None:
    (violation,), _ = judge(drive(1, [(0, YARD), (6, STREET)]))
    assert set(violation.measures) == {"wash_seconds", "mud_views", "spray_seen"}
    assert violation.measures["mud_views"] == violation.measures["spray_seen"] == 0


@pytest.mark.parametrize(("share_of_looks", "seen"), [(0.0, 0), (0.2, 0), (0.5, 1), (1.0, 1)])
def test_spray_is_told_where_much_of_the_stand_shows_it(share_of_looks: float, seen: int) -> None:
    way = []
    for number, one in enumerate(_muddy([(0, YARD), (4, BAY), (14, BAY), (20, STREET)], 0, 0)):
        stands = STANDS_FROM <= (one.captured_at - START).total_seconds() - WARM_UP_S < 14
        has_spray = number % RATE < share_of_looks * RATE if stands else None
        way.append(replace(one, is_standing=stands, has_spray=has_spray))
    (violation,), _ = judge(way)
    assert violation.measures["spray_seen"] == seen


def test_vehicles_are_looked_at_closely_until_they_have_crossed() -> None:
    assert GATE.shows_leaving((0.4, 0.3, 0.6, 0.5))
    assert GATE.shows_leaving((0.4, 0.4, 0.6, 0.62))
    assert not GATE.shows_leaving((0.4, 0.5, 0.6, 0.7))


@given(st.lists(st.floats(0, 1), max_size=40))
def test_the_measures_tell_mud_as_the_views_do(probabilities: list[float]) -> None:
    views = MudViews()
    for probability in probabilities:
        views.add(probability, PARAMETERS)
    muddy = sum(probability >= PARAMETERS.muddy_score for probability in probabilities)
    assert views.measures["mud_views"] == muddy
    assert ("muddy_share" in views.measures) == bool(probabilities)
    assert tells_mud(views.measures, PARAMETERS) == views.is_muddy(PARAMETERS)
    if views.is_muddy(PARAMETERS):
        assert muddy >= 3
        assert muddy / len(probabilities) >= 0.59
