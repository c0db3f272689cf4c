"""The calendar of working days, over the holidays as they were announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.working_days import Year, load_working_days
from service.errors import BadOfficeData

CALENDAR = load_working_days()
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # Friday before the Spring Festival
        (date(2026, 2, 14), True),  # Saturday, worked
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),  # Monday, still off
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # Saturday, worked
        (date(2026, 1, 4), True),  # Sunday, worked
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
        (date(2026, 3, 7), False),  # an ordinary Saturday
        (date(2027, 10, 1), True),  # a year that nothing is known of: only weekends are off
    ],
)
def test_days(day, works):
    assert CALENDAR.is_working(day) is works


@given(days, st.integers(0, 30))
def test_the_nth_working_day_has_exactly_n_working_days_before_it(day, count):
    end = CALENDAR.after(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(map(CALENDAR.is_working, between)) == count
    assert count == 0 or CALENDAR.is_working(end)


@given(days)
def test_the_day_itself_when_it_is_worked_else_the_first_that_is(day):
    found = CALENDAR.at_or_after(day)
    assert CALENDAR.is_working(found)
    assert not any(CALENDAR.is_working(day + timedelta(days=number)) for number in range((found - day).days))


@pytest.mark.parametrize(
    "year",
    [
        {"year": 2026, "holidays": [], "worked": [date(2026, 3, 2)]},  # a Monday
        {"year": 2026, "holidays": [], "worked": [date(2027, 3, 6)]},  # of another year
        {"year": 2026, "holidays": [{"name": "x", "first": date(2026, 3, 7), "last": date(2026, 3, 6)}]},
        {
            "year": 2026,
            "holidays": [{"name": "x", "first": date(2026, 3, 7), "last": date(2026, 3, 8)}],
            "worked": [date(2026, 3, 7)],
        },
    ],
)
def test_a_year_that_makes_no_sense_is_refused(year):
    with pytest.raises(ValidationError):
        Year.model_validate(year)


def test_the_offices_own_file_is_taken_and_its_faults_are_told(tmp_path):
    file = tmp_path / "working_days.yaml"
    file.write_text("years: [{year: 2027, holidays: [{name: 元旦, first: 2027-01-01, last: 2027-01-01}]}]")
    own = load_working_days(tmp_path)
    assert own.known_years == {2027}
    assert not own.is_working(date(2027, 1, 1))
    file.write_text("years: [{year: 2027}]")
    with pytest.raises(BadOfficeData, match=r"working_days\.yaml can't be used: years\.0\.holidays: Field required"):
        load_working_days(tmp_path)
    file.write_text("years: [")
    with pytest.raises(BadOfficeData, match="can't be used"):
        load_working_days(tmp_path)
