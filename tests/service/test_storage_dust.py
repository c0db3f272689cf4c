"""Readings are stored once, completed by what comes later, and never changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import NoResultFound

from service.dust.reading import DustReading, Factor, Instrument, Measured, Period
from service.storage.dust_store import DustStore, Stored
from tests.service.dust.dust_packets import MN, NOON, make_reading

EAST = Instrument(MN, "东门扬尘仪", "binjiang-1", "滨江一号地块")
HOUR = timedelta(hours=1)


@pytest.fixture
def dust(engine):
    store = DustStore(engine)
    store.register([EAST])
    return store


def minutes_of(dust, **span):
    return dust.readings(MN, Period.MINUTE, span.get("start", NOON), span.get("end", NOON + HOUR), span.get("limit"))


def test_a_reading_comes_back_as_it_was(dust):
    assert dust.put(make_reading(tsp=120.5, noise=60.0), NOON) is Stored.NEW
    assert minutes_of(dust) == (make_reading(tsp=120.5, noise=60.0),)


def test_sending_again_changes_nothing(dust):
    dust.put(make_reading(pm10=80.0), NOON)
    assert dust.put(make_reading(pm10=80.0), NOON) is Stored.KNOWN
    assert dust.put(make_reading(pm10=10.0), NOON) is Stored.KNOWN
    assert minutes_of(dust) == (make_reading(pm10=80.0),)


def test_factors_that_come_later_are_added(dust):
    dust.put(make_reading(pm10=80.0), NOON)
    assert dust.put(make_reading(pm10=10.0, noise=60.0), NOON) is Stored.COMPLETED
    assert minutes_of(dust) == (make_reading(pm10=80.0, noise=60.0),)


def test_periods_and_times_are_kept_apart(dust):
    hour = DustReading(MN, Period.HOUR, NOON, {Factor.PM10: Measured(mean=1.0)})
    assert [dust.put(each, NOON) for each in (make_reading(0), make_reading(1), hour)] == [Stored.NEW] * 3
    assert dust.readings(MN, Period.HOUR, NOON, NOON + HOUR) == (hour,)


def test_a_span_holds_its_beginning_and_not_its_end(dust):
    for minute in (3, 1, 2, 0):
        dust.put(make_reading(minute), NOON)
    found = minutes_of(dust, start=NOON + timedelta(minutes=1), end=NOON + timedelta(minutes=3))
    assert found == (make_reading(1), make_reading(2))
    assert minutes_of(dust, limit=3) == (make_reading(0), make_reading(1), make_reading(2))


def test_an_instrument_tells_when_it_last_sent(dust):
    [before] = dust.instruments()
    assert (before.last_measured_at, before.last_received_at) == (None, None)
    dust.put(make_reading(5), NOON + HOUR)
    dust.put(make_reading(2), NOON + 2 * HOUR)  # late
    [after] = dust.instruments()
    assert after.last_measured_at == NOON + timedelta(minutes=5)
    assert after.last_received_at == NOON + 2 * HOUR


def test_registering_again_takes_over_what_changed_and_keeps_readings(dust):
    dust.put(make_reading(), NOON)
    dust.register([replace(EAST, name="西门扬尘仪", minutes_per_record=5), replace(EAST, number="OTHER")])
    assert [state.instrument.name for state in dust.instruments()] == ["西门扬尘仪", "东门扬尘仪"]
    assert dust.instrument(MN).minutes_per_record == 5
    assert dust.instrument("NOBODY") is None
    assert len(minutes_of(dust)) == 1


def test_a_reading_of_nobody_is_refused(dust):
    with pytest.raises(NoResultFound):
        dust.put(replace(make_reading(), instrument="NOBODY"), NOON)
