"""Reports: periods by Beijing time, and figures that count each case as it stood at the period's end."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.lifecycle import Step
from service.domain.office.days import day_of
from service.domain.report import Happened, RepeatOffender, ReportedCase, ReportedStep, Spread, report_of, spread_of
from service.domain.report_period import ReportLength, report_period

MARCH = report_period(ReportLength.MONTH, date(2026, 3, 15))
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
CASE = ReportedCase(1, "unwashed_truck", "east", "江东一号", "江东区", "construction", "某集团", NOON, NOON)


def hours(number):
    return NOON + timedelta(hours=number)


def reported(*steps, found=frozenset({1}), late=frozenset(), case=CASE, offences=None):
    told = tuple(ReportedStep(1, Step(step), at) for step, at in steps)
    return report_of(MARCH, Happened({1: case}, found, told, late, offences or {})).total


def test_a_month_ends_at_midnight_in_beijing():
    assert MARCH.begins_at == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert MARCH.ends_at == datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    february = report_period(ReportLength.MONTH, date(2028, 2, 29))
    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))


def test_a_week_begins_on_monday():
    for day in (date(2026, 3, 2), date(2026, 3, 8)):
        week = report_period(ReportLength.WEEK, day)
        assert (week.first, week.last) == (date(2026, 3, 2), date(2026, 3, 8))


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(ReportLength))
def test_periods_hold_their_day_and_follow_each_other_without_a_gap(day, length):
    period = report_period(length, day)
    assert period.first <= day <= period.last
    days = {ReportLength.DAY: 1, ReportLength.WEEK: 7, ReportLength.MONTH: monthrange(day.year, day.month)[1]}
    assert (period.last - period.first).days + 1 == days[length]
    following = report_period(length, period.last + timedelta(days=1))
    assert following.begins_at == period.ends_at
    assert day_of(period.begins_at) == period.first
    assert day_of(period.ends_at - timedelta(microseconds=1)) == period.last


def test_a_case_is_counted_as_it_stands_at_the_end():
    assert (reported().found, reported().confirmed) == (1, 0)
    confirmed = reported(("confirm", hours(2)))
    assert (confirmed.confirmed, confirmed.review) == (1, Spread(1, 7200, 7200))
    undone = reported(("confirm", hours(2)), ("undo", hours(3)))
    assert (undone.confirmed, undone.rejected, undone.review) == (0, 0, None)
    changed = reported(("confirm", hours(2)), ("undo", hours(3)), ("reject", hours(5)))
    assert (changed.confirmed, changed.rejected, changed.review) == (0, 1, Spread(1, 5 * 3600, 5 * 3600))


def test_what_was_decided_before_the_period_is_not_counted_again():
    before = MARCH.begins_at - timedelta(hours=1)
    again = reported(
        ("confirm", before), ("assign", before), ("verify", hours(1)), ("close", hours(2)), found=frozenset()
    )
    assert (again.found, again.confirmed, again.closed, again.review) == (0, 0, 1, None)


def test_the_time_to_rectify_is_from_handing_over_to_the_report_that_was_verified():
    way = (("confirm", hours(0)), ("assign", hours(1)), ("accept", hours(2)), ("report", hours(11)))
    assert reported(*way).rectify is None
    assert reported(*way, ("verify", hours(30))).rectify == Spread(1, 10 * 3600, 10 * 3600)
    sent_back = (*way, ("return", hours(12)), ("accept", hours(13)), ("report", hours(21)), ("verify", hours(22)))
    assert reported(*sent_back).rectify == Spread(1, 20 * 3600, 20 * 3600)
    assert reported(*way[:3], ("verify", hours(5))).rectify == Spread(1, 4 * 3600, 4 * 3600)


def test_a_case_that_was_reopened_is_not_closed():
    way = (("verify", hours(1)), ("close", hours(2)), ("reopen", hours(3)))
    assert (reported(*way[:2]).closed, reported(*way).closed) == (1, 0)


def test_an_overdue_case_counts_once_where_it_belongs():
    report = report_of(MARCH, Happened({1: CASE}, frozenset(), (), frozenset({1}), {}))
    assert report.total.overdue == 1
    for rows, name in (
        (report.by_district, "江东区"),
        (report.by_category, "construction"),
        (report.by_rule, "unwashed_truck"),
        (report.by_party, "某集团"),
    ):
        assert [(row.name, row.figures.overdue) for row in rows] == [(name, 1)]


def test_repeat_offenders_have_two_cases_or_more():
    other = replace(CASE, case_id=2, site_id="west", site_name="江西大桥")
    happened = Happened({1: CASE, 2: other}, frozenset({1, 2}), (), frozenset(), {"east": 3, "west": 1})
    assert report_of(MARCH, happened).repeat_offenders == (RepeatOffender("east", "江东一号", "江东区", 3),)


def test_nothing_makes_an_empty_report():
    report = report_of(MARCH, Happened({}, frozenset(), (), frozenset(), {}))
    assert (report.total.found, report.by_district, report.repeat_offenders) == (0, (), ())


@pytest.mark.parametrize(
    ("seconds", "spread"),
    [
        ([], None),
        ([5.0], Spread(1, 5, 5)),
        ([float(each) for each in range(10, 0, -1)], Spread(10, 5.5, 9)),
        ([float(each) for each in range(1, 12)], Spread(11, 6, 10)),
    ],
)
def test_median_and_ninetieth_percentile(seconds, spread):
    assert spread_of(seconds) == spread


names = st.sampled_from(["", "甲", "乙"])
cases = st.builds(ReportedCase, st.just(0), names, names, names, names, names, names, st.just(NOON), st.just(NOON))
ways = st.lists(st.tuples(st.sampled_from(Step), st.integers(0, 200)), max_size=8)


@given(st.lists(st.tuples(cases, ways, st.booleans(), st.booleans()), max_size=12))
def test_the_rows_of_each_table_add_up_to_the_total(drawn):
    numbered = {number: replace(case, case_id=number) for number, (case, *_) in enumerate(drawn)}
    steps = [
        ReportedStep(number, step, hours(hour))
        for number, (_, way, *_) in enumerate(drawn)
        for step, hour in sorted(way, key=lambda each: each[1])
    ]
    found = frozenset(number for number, each in enumerate(drawn) if each[2])
    late = frozenset(number for number, each in enumerate(drawn) if each[3])
    report = report_of(MARCH, Happened(numbered, found, tuple(steps), late, {}))
    for rows in (report.by_district, report.by_category, report.by_rule, report.by_party):
        for name in ("found", "confirmed", "rejected", "closed", "overdue"):
            assert sum(getattr(row.figures, name) for row in rows) == getattr(report.total, name)
        assert sum(row.figures.review.cases for row in rows if row.figures.review) == (
            report.total.review.cases if report.total.review else 0
        )
    assert report.total.confirmed + report.total.rejected <= len(drawn)
