"""Statistics on the pure core: intervals, spans, trends, agreement."""

from datetime import date, timedelta
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.agreement import Agreement, Decided, agreement_of
from service.domain.cases import CaseState
from service.domain.lifecycle import Step
from service.domain.precision import Z_95, precision_of, wilson
from service.domain.statistics import Counted, CourseCount, DayCount, FinderCount, HourCount, statistics_of, took_of
from service.domain.statistics_period import Every, statistics_period
from service.errors import BadDays

MONDAY = date(2026, 3, 2)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def counted(**changes):
    nothing = dict.fromkeys(("days", "courses", "finders", "hours", "decided_again"), ())
    more = {name: {} for name in ("reasons", "review_minutes", "rectify_minutes", "names")}
    return Counted(**{**nothing, **more, **changes})


def test_wilsons_interval_is_that_of_the_textbook():
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert pytest.approx(NormalDist().inv_cdf(0.975)) == Z_95


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_interval_holds_the_share_and_stays_a_share(confirmed, rejected):
    told = precision_of(confirmed, rejected)
    if confirmed + rejected == 0:
        assert told.share is told.low is told.high is None
    else:
        assert 0 <= told.low <= told.share <= told.high <= 1


@given(st.integers(1, 500), st.integers(0, 500))
def test_more_cases_make_the_interval_narrower(hits, misses):
    few, many = precision_of(hits, misses), precision_of(hits * 4, misses * 4)
    assert many.high - many.low < few.high - few.low


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_median_and_p90_are_times_that_occurred_by_nearest_rank(minutes):
    took = took_of({each: minutes.count(each) for each in minutes})
    in_order = sorted(minutes)
    assert took.cases == len(minutes)
    assert took.median_min == in_order[-(-len(minutes) // 2) - 1]
    assert took.p90_min == in_order[-(-len(minutes) * 9 // 10) - 1]


def test_nothing_took_no_time():
    assert took_of({}) is None


@given(DAYS, st.integers(1, 400), st.sampled_from(Every))
def test_every_day_of_a_period_lies_in_one_of_its_points(first, days, every):
    period = statistics_period(first, first + timedelta(days=days - 1), first, every)
    points = list(period.points())
    assert points == sorted(set(points))
    assert {period.point_of(first + timedelta(days=each)) for each in range(days)} == set(points)


def test_without_days_a_period_is_the_last_thirty():
    period = statistics_period(None, None, MONDAY)
    assert (period.last, (period.last - period.first).days, period.every) == (MONDAY, 29, Every.DAY)
    assert statistics_period(MONDAY - timedelta(days=200), None, MONDAY).every is Every.WEEK


@pytest.mark.parametrize("days", [-1, 5000])
def test_days_the_wrong_way_round_or_too_many_are_refused(days):
    with pytest.raises(BadDays):
        statistics_period(MONDAY, MONDAY + timedelta(days=days), MONDAY)


def test_a_week_adds_its_days_up_and_keeps_the_days_without_cases():
    days = [
        DayCount(MONDAY, "a", "east", CaseState.CLOSED, 2),
        DayCount(MONDAY + timedelta(days=6), "a", "", CaseState.REJECTED, 1),
        DayCount(MONDAY + timedelta(days=7), "b", "", CaseState.UNSURE, 4),
        DayCount(MONDAY, "b", "", CaseState.WITHDRAWN, 1),
    ]
    courses = [CourseCount(MONDAY, "a", "east", 1, 1, 2)]
    period = statistics_period(MONDAY, MONDAY + timedelta(days=20), MONDAY, Every.WEEK)
    made = statistics_of(period, counted(days=days, courses=courses))
    assert [point.course.found for point in made.trend] == [4, 4, 0]
    first = made.trend[0].course
    assert (first.confirmed, first.rejected, first.waiting) == (2, 1, 0)
    assert (first.in_time, first.late, first.overdue) == (1, 1, 2)
    assert [(each.name, each.course.found) for each in made.by_rule] == [("a", 3), ("b", 5)]
    assert [(each.name, each.course.found) for each in made.by_district] == [("", 6), ("east", 2)]
    assert made.total.found == 8


def test_precision_is_told_by_rule_camera_and_model():
    finders = [
        FinderCount("c1", "a", "m@1", CaseState.CONFIRMED, 3),
        FinderCount("c1", "a", "m@2", CaseState.REJECTED, 1),
        FinderCount("c2", "a", "m@2", CaseState.FOUND, 9),
    ]
    made = statistics_of(statistics_period(MONDAY, MONDAY, MONDAY), counted(finders=finders, names={"c1": "大门"}))
    assert [(row.title, row.precision.share) for row in made.cameras] == [("大门", 0.75), ("c2", None)]
    assert [(row.name, row.precision.share) for row in made.models] == [("m@1", 1.0), ("m@2", 0.0)]
    assert [row.precision.share for row in made.rules] == [0.75]


def test_hours_are_of_each_site_the_busiest_first():
    hours = [HourCount("s", 3, 1), HourCount("t", 23, 5), HourCount("s", 3, 1)]
    made = statistics_of(statistics_period(MONDAY, MONDAY, MONDAY), counted(hours=hours, names={"t": "工地"}))
    assert [(each.site_name, sum(each.hours)) for each in made.hours] == [("工地", 5), ("s", 2)]
    assert made.hours[1].hours[3] == 2


def decided(*steps, case_id=1):
    return [Decided(case_id, number, Step(step), who) for number, (step, who) in enumerate(steps, start=1)]


def test_agreement_is_of_cases_that_two_people_decided():
    history = [
        *decided(("reject", "a"), ("undo", "b"), ("confirm", "b"), case_id=1),
        *decided(("reject", "a"), ("undo", "a"), ("reject", "b"), case_id=2),
        *decided(("reject", "a"), ("undo", "a"), ("confirm", "a"), case_id=3),
        *decided(("reject", ""), ("undo", ""), ("confirm", "b"), case_id=4),
    ]
    assert agreement_of(history) == Agreement(taken_back=4, by_two=2, alike=1)


def test_of_one_person_who_wavered_the_last_word_counts():
    steps = (("confirm", "a"), ("undo", "a"), ("reject", "b"), ("undo", "b"), ("confirm", "b"))
    assert agreement_of(decided(*steps)) == Agreement(taken_back=2, by_two=1, alike=1)
