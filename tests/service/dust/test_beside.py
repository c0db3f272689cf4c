"""What dust is shown beside a violation."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.dust.beside import LONGEST, MARGIN, dust_beside, span_beside
from service.dust.reading import Factor, Instrument
from tests.service.dust.dust_packets import MN, NOON, make_reading

INSTRUMENT = Instrument(MN, "东门扬尘仪", "s-01", "滨江一号地块", 1)
SPAN = (NOON - MARGIN, NOON + MARGIN)


def cloud(first: int, last: int, level: float = 800.0):
    """Minute readings around noon, with thick dust from one minute to another."""
    return [make_reading(minute, tsp=level if first <= minute < last else 100.0) for minute in range(-120, 120)]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_span_holds_the_beginning_and_never_the_future(lasting: int, since: int):
    now = NOON + timedelta(minutes=since)
    start, end = span_beside(NOON, NOON + timedelta(minutes=lasting), now)
    assert start == NOON - MARGIN
    assert NOON <= end <= now
    assert end - start <= LONGEST


def test_a_violation_during_an_exceedance_may_show_its_cause():
    beside = dust_beside(INSTRUMENT, cloud(-15, 30), SPAN, NOON)
    (joined,) = beside.exceedances
    assert joined.shows_cause
    assert joined.exceedance.started_at == NOON - timedelta(minutes=15)
    assert joined.exceedance.highest_ug_m3 == 800.0
    assert beside.points[0].levels[Factor.TSP].mean == 100.0


def test_a_violation_long_after_an_exceedance_does_not():
    (joined,) = dust_beside(INSTRUMENT, cloud(-105, -75), SPAN, NOON).exceedances
    assert not joined.shows_cause


def test_clean_air_is_shown_without_an_exceedance():
    beside = dust_beside(INSTRUMENT, cloud(0, 0), SPAN, NOON)
    assert not beside.exceedances
    assert len(beside.points) == 48
