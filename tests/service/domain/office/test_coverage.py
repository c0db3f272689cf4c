"""Each district inspects its share of key-area projects a month; whose turn it is, is fair and can't be foreseen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.coverage import KeyProject, coverage_of
from tests.service.domain.office.shipped_rules import RULES

RULE = RULES.coverage
DAY = date(2026, 3, 15)


def project(number, *inspected_on, district="滨江"):
    return KeyProject(f"site-{number:02}", f"工地 {number}", district, inspected_on)


def district_of(projects, day=DAY, seed="seed", rule=RULE):
    (found,) = coverage_of(projects, day, seed, rule)
    return found


def ids(projects):
    return [each.site_id for each in projects]


@pytest.mark.parametrize(("projects", "required"), [(1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)])
def test_a_fifth_is_rounded_up(projects, required):
    assert district_of([project(number) for number in range(projects)]).required == required


def test_done_missing_and_next_are_told():
    projects = [
        project(1, date(2026, 3, 1)),
        project(2, date(2025, 12, 30)),
        project(3, date(2026, 2, 28)),
        project(4, date(2025, 1, 5), date(2026, 1, 31)),
        project(5),
        project(6, date(2026, 3, 16)),  # only tomorrow
    ]
    found = district_of(projects)
    assert ids(found.done) == ["site-01"]
    assert (found.projects, found.required, found.missing) == (6, 2, 1)
    assert set(ids(found.waiting[:2])) == {"site-05", "site-06"}
    assert ids(found.waiting[2:]) == ["site-02", "site-04", "site-03"]
    assert found.suggested == found.waiting[:1]


def test_a_past_month_can_be_told_as_it_stood():
    found = district_of([project(1, date(2026, 2, 10), date(2026, 3, 10)), project(2)], day=date(2026, 2, 28))
    assert ids(found.done) == ["site-01"]


def test_a_project_that_was_inspected_twice_counts_once():
    found = district_of([project(1, date(2026, 3, 1), date(2026, 3, 2)), *map(project, range(2, 7))])
    assert (len(found.done), found.missing) == (1, 1)


def test_more_than_required_leaves_nothing_missing():
    found = district_of([project(number, DAY) for number in range(3)])
    assert (found.missing, found.suggested) == (0, ())


def test_districts_are_told_apart():
    found = coverage_of([project(1), project(2, DAY, district="江干"), project(3)], DAY, "seed", RULE)
    assert [(each.district, each.projects, each.missing) for each in found] == [("江干", 1, 0), ("滨江", 2, 1)]


def test_no_projects_ask_for_nothing():
    assert coverage_of([], DAY, "seed", RULE) == ()


def test_the_order_is_the_same_again_and_another_with_another_seed_or_month():
    projects = [project(number) for number in range(30)]
    order = ids(district_of(projects).waiting)
    assert order == ids(district_of(list(reversed(projects))).waiting)
    assert order != ids(district_of(projects, seed="other").waiting)
    assert order != ids(district_of(projects, day=date(2026, 4, 15)).waiting)
    assert order != sorted(order)


@given(st.lists(st.dates(date(2024, 1, 1), date(2026, 2, 28)) | st.none(), min_size=1, max_size=20), st.text())
def test_nobody_waits_behind_one_who_was_inspected_in_an_earlier_month_less_long_ago(days, seed):
    found = district_of([project(number, *([day] if day else [])) for number, day in enumerate(days)], seed=seed)
    months = [f"{each.last_inspected(DAY) or ''}"[:7] for each in found.waiting]
    assert months == sorted(months)


@given(st.integers(1, 23), st.text(max_size=5))
def test_who_follows_the_suggestions_has_been_everywhere_when_the_shares_add_up(count, seed):
    projects = {each.site_id: each for each in map(project, range(count))}
    required = district_of(list(projects.values())).required
    day = date(2026, 1, 20)
    for _ in range(-(-count // required)):
        for each in district_of(list(projects.values()), day, seed).suggested:
            projects[each.site_id] = replace(each, inspected_on=(*each.inspected_on, day))
        assert district_of(list(projects.values()), day, seed).missing == 0
        day = (day + timedelta(days=31)).replace(day=20)
    assert all(each.inspected_on for each in projects.values())
