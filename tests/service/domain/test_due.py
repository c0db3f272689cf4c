"""When the next step is due: over nights, weekends, ends of months and years, and holidays; in China's time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.due import AWAITED_AFTER, Awaited, load_due_times
from service.domain.lifecycle import Step
from service.domain.office.days import OFFICE_TIME
from service.domain.office.levels import ControlLevel
from service.errors import BadOfficeData

TIMES = load_due_times()
A, B, C = ControlLevel


def local(*parts):
    return datetime(*parts, tzinfo=OFFICE_TIME)


def due(at, awaited=Awaited.RECTIFY, level=B, rule="uncovered_soil"):
    return TIMES.due(awaited, rule=rule, level=level, at=at).astimezone(OFFICE_TIME)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (local(2026, 3, 2, 10), local(2026, 3, 5, 18)),  # Monday, three working days
        (local(2026, 3, 5, 10), local(2026, 3, 10, 18)),  # Thursday, over a weekend
        (local(2026, 1, 29, 23, 59), local(2026, 2, 3, 18)),  # over the end of a month
        (local(2026, 2, 13, 9), local(2026, 2, 25, 18)),  # over the Spring Festival: 14 (worked), 24, 25
        (local(2026, 2, 26, 9), local(2026, 3, 2, 18)),  # Thursday: 27, 28 (a worked Saturday), Monday
        (local(2025, 12, 31, 9), local(2026, 1, 6, 18)),  # over the year's end: 4 (a worked Sunday), 5, 6
        (local(2025, 9, 27, 12), local(2025, 9, 30, 18)),  # Saturday: 28 (a worked Sunday), 29, 30
        (local(2028, 2, 28, 9), local(2028, 3, 2, 18)),  # a leap year
    ],
)
def test_three_working_days(at, expected):
    assert due(at) == expected


def test_the_day_is_chinas_and_not_that_of_utc():
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight of the 3rd in China
    assert due(late) == local(2026, 3, 6, 18)


def test_hours_run_through_nights_and_holidays():
    at = local(2026, 2, 16, 23)
    assert due(at, level=A) == local(2026, 2, 17, 23)


def test_days_end_on_a_working_day():
    at = local(2026, 2, 8, 9)  # seven days on it is the Spring Festival
    assert due(at, Awaited.LOOK_BACK) == local(2026, 2, 24, 18)
    assert due(local(2026, 3, 2, 9), Awaited.LOOK_BACK) == local(2026, 3, 9, 18)


def test_a_rule_may_have_terms_of_its_own():
    at = local(2026, 3, 2, 10)
    assert due(at, level=A, rule="unwashed_truck") == local(2026, 3, 2, 22)
    assert due(at, level=A, rule="a rule that nobody knows yet") == local(2026, 3, 3, 10)


def test_a_site_that_nobody_knows_has_the_level_that_the_set_names():
    at = local(2026, 3, 2, 10)
    assert due(at, level=None) == due(at, level=B)


def test_every_step_but_a_note_says_what_is_awaited():
    assert set(AWAITED_AFTER) == set(Step) - {Step.NOTE}
    asked = {"rule": "r", "level": B, "at": local(2026, 3, 2, 10)}
    was = local(2026, 3, 1)
    assert TIMES.after_step(Step.NOTE, was, **asked) == was
    assert TIMES.after_step(Step.REJECT, was, **asked) is None
    assert TIMES.after_step(Step.ACCEPT, was, **asked) == local(2026, 3, 5, 18)


moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the timezone
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([OFFICE_TIME, UTC]),
)


@given(moments, st.sampled_from(Awaited), st.sampled_from(["unwashed_truck", "uncovered_soil"]))
def test_what_is_due_is_due_later_and_never_earlier_for_a_laxer_level(at, awaited, rule):
    found = [TIMES.due(awaited, rule=rule, level=level, at=at) for level in ControlLevel]
    assert all(moment.tzinfo is UTC and moment > at for moment in found[1:])
    assert found[0] > at
    assert found[1] <= found[2]


@given(
    moments, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from(Awaited), st.sampled_from(ControlLevel)
)
def test_what_begins_later_is_never_due_earlier(at, later, awaited, level):
    first = TIMES.due(awaited, rule="r", level=level, at=at)
    assert TIMES.due(awaited, rule="r", level=level, at=at + later) >= first


@given(moments, st.sampled_from(Awaited))
def test_terms_in_days_end_on_a_working_day_when_the_office_closes(at, awaited):
    found = TIMES.due(awaited, rule="r", level=C, at=at).astimezone(OFFICE_TIME)
    assert TIMES.calendar.is_working(found.date())
    assert (found.hour, found.minute) == (18, 0)


def own_file(folder, change):
    from service.domain.office_data import SHIPPED

    (folder / "due_terms.yaml").write_text(change((SHIPPED / "due_terms.yaml").read_text("utf-8")), "utf-8")
    return load_due_times(folder)


def test_a_step_is_judged_by_the_set_of_its_day(tmp_path):
    def add_a_set(text):
        first = text[text.index("  - valid_from") :]
        return text + first.replace("2025-01-01", "2026-07-01").replace('"18:00"', '"17:00"').replace("3wd", "1wd", 1)

    times = own_file(tmp_path, add_a_set)
    old, new = local(2026, 6, 30, 23), local(2026, 7, 1, 0)
    assert times.set_of(old).valid_from == times.set_of(local(1999, 1, 1)).valid_from == date(2025, 1, 1)
    assert times.due(Awaited.RECTIFY, rule="r", level=B, at=old).astimezone(OFFICE_TIME) == local(2026, 7, 3, 18)
    assert times.due(Awaited.RECTIFY, rule="r", level=B, at=new).astimezone(OFFICE_TIME) == local(2026, 7, 2, 17)


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("4h, B", "soon, B", "write a term like 12h"),
        ("      review:    {default: {A: 4h, B: 1wd, C: 1wd}}\n", "", "terms.review has no default"),
        ("{A: 3d, B: 7d, C: 15d}", "{A: 3d, B: 7d}", "look_back.default lacks the control level C"),
        ("overdue_every: 24h", "overdue_every: 1wd", "counted in hours"),
        ("rectify:\n", "rectfy:\n", "rectfy"),
    ],
)
def test_a_faulty_file_is_told(tmp_path, was, becomes, told):
    with pytest.raises(BadOfficeData, match=r"due_terms\.yaml") as caught:
        own_file(tmp_path, lambda text: text.replace(was, becomes, 1))
    assert told in str(caught.value)
