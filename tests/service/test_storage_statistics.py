"""What statistics are counted from, on either database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.accounts.scope import Scope
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.statistics import statistics_of
from service.domain.statistics_period import statistics_period
from service.storage.statistics_store import StatisticsFilter, StatisticsStore
from tests.service.made_cases import MORNING, finding, keep_sites, lead

MARCH = statistics_period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 31))
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def city(store):
    keep_sites(store)
    return store


def add(store, site="east", *steps, at=MORNING, after=timedelta(hours=1), **changes):
    case, _ = store.add_or_get(finding(site, opened_at=at, received_at=at, **changes))
    lead(store, case.id, *steps, at=at + after)
    return case.id


def made(store, now=NOW, period=MARCH, **wanted):
    return statistics_of(period, StatisticsStore(store.engine).counted(StatisticsFilter(period, **wanted), now))


def test_a_day_and_an_hour_are_those_of_beijing(city):
    late = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    add(city, at=late)
    add(city, at=late - timedelta(hours=1))
    add(city, at=datetime(2026, 3, 31, 15, 59, 59, 999_000, tzinfo=UTC))
    told = made(city)
    assert [point.first.day for point in told.trend if point.course.found] == [1, 31]
    assert [hour for hour, count in enumerate(told.hours[0].hours) if count] == [0, 23]


def test_rules_districts_and_models_are_told_apart(city):
    add(city, "east", "confirm", model="m@1")
    add(city, "west", "reject", model="m@2", rule="uncovered_soil")
    add(city, "unlisted", "reject", "undo", model="m@2")
    told = made(city)
    assert [(each.name, each.course.found) for each in told.by_district] == [("", 1), ("江东区", 1), ("江西区", 1)]
    assert [(row.name, row.precision.share) for row in told.models] == [("m@1", 1.0), ("m@2", 0.0)]
    assert [row.title for row in told.cameras] == ["江东一号 · 大门", "江西大桥 · 大门", "没有登记的工地 · 大门"]
    assert made(city, district="江西区").total.found == 1
    assert made(city, rule="uncovered_soil").total.rejected == 1


def test_who_sees_only_some_sites_gets_figures_of_those_alone(city):
    for site in ("east", "west", "north"):
        add(city, site, "reject")
    told = made(city, scope=Scope(sites=frozenset({"west"})))
    assert (told.total.found, told.reasons, told.review.cases) == (1, (("说明", 1),), 1)
    assert [row.name for row in told.cameras] == ["west-gate"]
    assert made(city, scope=Scope()).total.found == 0
    assert StatisticsStore(city.engine).districts(Scope(districts=frozenset({"江西区"}))) == ("江西区",)


def test_the_reason_that_counts_is_that_of_the_last_rejection(city):
    case_id = add(city)
    for step, reason in (("reject", "unclear"), ("undo", ""), ("reject", "was_washed")):
        city.take_step(case_id, Step(step), Actor("李工", Role.REVIEWER), Told(reason=reason), at=NOW)
    add(city, "east", "reject", "undo", "confirm")
    assert made(city).reasons == (("was_washed", 1),)


def test_a_rectification_counts_from_handing_over_to_the_report_that_was_verified(city):
    add(city, "east", "confirm", "assign", "accept", "report", "verify")
    add(city, "east", "confirm", "assign", "accept", "report", "return", "accept", "report", "verify")
    add(city, "east", "confirm", "assign", "accept", "report", "return")
    told = made(city)
    assert (told.rectify.cases, told.rectify.median_min, told.rectify.p90_min) == (2, 120, 300)
    assert (told.total.in_time, told.total.late) == (2, 0)


def test_a_rectification_that_took_months_is_late_and_its_case_overdue(city):
    case_id = add(city, "east", "confirm", "assign", "accept")
    lead(city, case_id, "report", "verify", at=MORNING + timedelta(days=200))
    told = made(city, now=MORNING + timedelta(days=201))
    assert (told.total.in_time, told.total.late, told.total.overdue) == (0, 1, 1)


def test_a_case_that_waits_too_long_is_overdue_and_one_in_time_is_not(city):
    add(city)
    assert made(city, now=MORNING + timedelta(minutes=1)).total.overdue == 0
    assert made(city, now=MORNING + timedelta(days=60)).total.overdue == 1


def test_review_takes_until_the_first_decision(city):
    case_id = add(city, "east", "reject", after=timedelta(minutes=30, seconds=10))
    city.take_step(case_id, Step.UNDO, Actor("李", Role.REVIEWER), Told(), at=NOW)
    city.take_step(case_id, Step.CONFIRM, Actor("李", Role.REVIEWER), Told(), at=NOW)
    told = made(city)
    assert (told.review.cases, told.review.median_min) == (1, 30)
    assert (told.agreement.taken_back, told.agreement.by_two, told.agreement.alike) == (1, 1, 0)


def test_no_case_at_all(store):
    told = made(store)
    assert (told.total.found, told.rules, told.review, len(told.trend)) == (0, (), None, 31)
