"""What a report is made of, read from either database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.report import report_of
from service.domain.report_period import ReportLength, report_period
from service.storage.report_store import ReportStore
from tests.service.made_cases import finding, keep_sites, lead

MARCH = report_period(ReportLength.MONTH, date(2026, 3, 1))
LAST_MOMENT = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def city(store):
    keep_sites(store)
    return store


def add(store, at, site="east", *steps, after=timedelta(hours=1), **changes):
    case, _ = store.add_or_get(finding(site, opened_at=at, received_at=at, **changes))
    lead(store, case.id, *steps, at=at + after)
    return case.id


def report(store, period=MARCH, now=NOW):
    return report_of(period, ReportStore(store.engine).happened(period, now))


def test_the_last_moment_of_a_month_in_beijing_belongs_to_it(city):
    add(city, LAST_MOMENT)
    add(city, LAST_MOMENT + timedelta(seconds=1))
    add(city, MARCH.begins_at)
    add(city, MARCH.begins_at - timedelta(seconds=1))
    assert report(city).total.found == 2
    april = report_period(ReportLength.MONTH, date(2026, 4, 30))
    assert report(city, april).total.found == 1


def test_steps_count_in_the_period_in_which_they_were_taken(city):
    add(city, LAST_MOMENT, "east", "confirm")
    assert report(city).total.confirmed == 0
    april = report(city, report_period(ReportLength.MONTH, date(2026, 4, 1)))
    assert (april.total.found, april.total.confirmed) == (0, 1)
    assert april.total.review.median_s == 3600
    assert [row.name for row in april.by_district] == ["江东区"]


def test_a_rectification_that_began_in_the_month_before_is_timed_from_its_beginning(city):
    steps = ("confirm", "assign", "accept", "report", "verify")
    add(city, MARCH.begins_at - timedelta(hours=5), "west", *steps)
    made = report(city)
    assert made.total.rectify.median_s == 2 * 3600
    assert [(row.name, row.figures.rectify.cases) for row in made.by_party] == [("某建设集团", 1)]
    assert [row.name for row in made.by_category] == ["road"]


def test_overdue_is_what_fell_due_in_the_period_and_was_done_late_or_not_yet(city):
    at = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
    late = add(city, at, "east", "confirm", after=timedelta(days=9))
    waiting = add(city, at, "east")
    in_time = add(city, at, "east", "reject", after=timedelta(hours=1))
    happened = ReportStore(city.engine).happened(MARCH, NOW)
    assert happened.late == {late, waiting}
    assert in_time in happened.found
    soon = ReportStore(city.engine).happened(MARCH, at + timedelta(minutes=1))
    assert waiting not in soon.late


def test_repeat_offenders_are_counted_over_a_year(city):
    for days in (0, 100, 300, 400):
        add(city, LAST_MOMENT - timedelta(days=days), "east", "confirm")
    add(city, LAST_MOMENT, "west", "confirm")
    add(city, LAST_MOMENT, "west", "reject")
    for days in (100, 200):
        add(city, LAST_MOMENT - timedelta(days=days), "north", "confirm")
    assert [(each.site_id, each.cases) for each in report(city).repeat_offenders] == [("east", 3)]


def test_a_site_that_is_in_no_list_is_reported_without_district(city):
    add(city, LAST_MOMENT, "unlisted")
    assert [(row.name, row.figures.found) for row in report(city).by_district] == [("", 1)]
