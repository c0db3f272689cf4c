"""Days are the office's, by Beijing time, and periods begin with the calendar year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.days import Period, PeriodLength, day_of, period_of


def test_late_afternoon_in_utc_is_the_next_day_at_the_office():
    assert day_of(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == date(2025, 12, 31)
    assert day_of(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)


def test_a_time_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 1, 1))  # noqa: DTZ001 - on purpose


@pytest.mark.parametrize(
    ("length", "period"),
    [
        (PeriodLength.MONTH, Period(date(2024, 2, 1), date(2024, 2, 29))),
        (PeriodLength.QUARTER, Period(date(2024, 1, 1), date(2024, 3, 31))),
        (PeriodLength.YEAR, Period(date(2024, 1, 1), date(2024, 12, 31))),
    ],
)
def test_periods_of_a_leap_day(length, period):
    assert period_of(date(2024, 2, 29), length) == period


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(PeriodLength))
def test_every_day_lies_in_one_period_and_the_next_begins_the_day_after(day, length):
    period = period_of(day, length)
    assert day in period
    assert period_of(period.first, length) == period_of(period.last, length) == period
    assert period_of(period.last + timedelta(days=1), length).first == period.last + timedelta(days=1)
