"""What data packets hold is read as the standard writes it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dust.hj212.data import CODES, BadReading, read_data, write_data
from service.dust.reading import DustReading, Factor, Mark, Measured, Period
from tests.service.dust.dust_packets import MN, NOON, SHANGHAI, make_packet

VALUES = st.none() | st.integers(-99_999, 999_999).map(lambda number: number / 100)
MEASURED = st.builds(
    Measured, now=VALUES, mean=VALUES, lowest=VALUES, highest=VALUES, mark=st.none() | st.sampled_from(Mark)
).filter(lambda measured: measured != Measured())
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made UTC just after
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def test_a_packet_is_read():
    reading = read_data(make_packet(), SHANGHAI, 1.0)
    assert (reading.instrument, reading.period, reading.measured_at) == (MN, Period.MINUTE, NOON)
    assert reading.factors == {
        Factor.TSP: Measured(mean=152.5, lowest=140, highest=161, mark=Mark.NORMAL),
        Factor.PM10: Measured(mean=81.25, mark=Mark.NORMAL),
        Factor.PM25: Measured(mean=35, mark=Mark.FAULTY),
        Factor.TEMPERATURE: Measured(mean=-1.5, mark=Mark.NORMAL),
        Factor.NOISE: Measured(mean=63.2, mark=Mark.NORMAL),
    }
    assert not reading.factors[Factor.PM25].counts


def test_milligrams_become_micrograms_and_weather_stays():
    reading = read_data(
        make_packet(content="DataTime=20250601120000;a34002-Rtd=0.081,a34002-Flag=N;a01007-Rtd=2.5"), SHANGHAI, 1000.0
    )
    assert reading.factors == {
        Factor.PM10: Measured(now=81.0, mark=Mark.NORMAL),
        Factor.WIND_SPEED: Measured(now=2.5),
    }


@pytest.mark.parametrize(
    ("command", "period"),
    [("2011", Period.REALTIME), ("2051", Period.MINUTE), ("2061", Period.HOUR), ("2031", Period.DAY)],
)
def test_the_command_tells_the_period(command, period):
    assert read_data(make_packet(command=command), SHANGHAI, 1.0).period is period


@pytest.mark.parametrize("code", CODES)
def test_every_factor_is_known(code):
    content = f"DataTime=20250601120000;{code}-Rtd=1"
    assert read_data(make_packet(content=content), SHANGHAI, 1.0).factors == {CODES[code]: Measured(now=1)}


@given(
    st.sampled_from(Period),
    TIMES,
    st.dictionaries(st.sampled_from(Factor), MEASURED, min_size=1),
    st.sampled_from([1.0, 1000.0]),
)
def test_a_reading_is_read_as_it_was_written(period, at, factors, scale):
    reading = DustReading(MN, period, at, factors)
    command = {Period.REALTIME: "2011", Period.MINUTE: "2051", Period.HOUR: "2061", Period.DAY: "2031"}[period]
    packet = make_packet(command=command, content=write_data(reading, SHANGHAI, scale))
    read = read_data(packet, SHANGHAI, scale)
    assert read.measured_at == at
    assert read.factors.keys() == factors.keys()
    for factor, measured in factors.items():
        for name, value in measured.model_dump(exclude={"mark"}).items():
            # Four decimals are written, which in mg/m³ are tenths of a µg/m³.
            assert getattr(read.factors[factor], name) == (value if value is None else pytest.approx(value, abs=0.051))
        assert read.factors[factor].mark == measured.mark


def test_values_that_are_no_numbers_are_left_out_and_the_mark_stays():
    content = "DataTime=20250601120000;a34002-Avg=--,a34002-Max=nan,a34002-Min=1e9,a34002-Flag=B;a34001-Avg=inf"
    reading = read_data(make_packet(content=content), SHANGHAI, 1.0)
    assert reading.factors == {Factor.PM10: Measured(mark=Mark.NO_CONNECTION)}


def test_a_mark_that_nobody_knows_does_not_count():
    reading = read_data(make_packet(content="DataTime=20250601120000;a34002-Avg=8,a34002-Flag=Z"), SHANGHAI, 1.0)
    assert reading.factors[Factor.PM10].mark is Mark.UNKNOWN
    assert not reading.factors[Factor.PM10].counts


@pytest.mark.parametrize(
    "content",
    [
        "",
        "DataTime=20250601120000",
        "DataTime=20250601120000;a99999-Rtd=1",
        "a34002-Rtd=1",
        "DataTime=2025;a34002-Rtd=1",
        "DataTime=20251301120000;a34002-Rtd=1",
        "DataTime=00010101000000;a34002-Rtd=1",
        "DataTime=99991231235959;a34002-Rtd=1",
    ],
)
def test_what_is_no_reading_is_refused(content):
    with pytest.raises(BadReading):
        read_data(make_packet(content=content), SHANGHAI, 1.0)


@given(st.text(max_size=200))
def test_no_content_is_another_exception(content):
    try:
        read_data(make_packet(content=content), SHANGHAI, 1.0)
    except BadReading:
        return
