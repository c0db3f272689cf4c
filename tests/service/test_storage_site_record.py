"""What the cases tell about sites, on both kinds of database."""

from datetime import timedelta

import pytest

from service.accounts.scope import Scope
from service.storage.site_record import SiteCamera, SiteRecord, Standing
from tests.service.made_cases import MORNING, finding, keep_sites, lead


@pytest.fixture
def record(store):
    """East: one waits, one is handed over, one rejected; west: one is closed and looked back at; all in March 2026."""
    keep_sites(store)
    for site, camera, rule in (
        ("east", "gate", "unwashed_truck"),
        ("east", "gate", "unwashed_truck"),
        ("east", "yard", "uncovered_soil"),
        ("west", "yard", "uncovered_soil"),
    ):
        store.add_or_get(finding(site, camera, rule=rule))
    lead(store, 2, "confirm", "assign", at=MORNING)
    lead(store, 3, "reject", at=MORNING)
    lead(store, 4, "confirm", "assign", "accept", "report", "verify", "close", at=MORNING)
    return SiteRecord(store.engine)


def test_open_and_overdue_cases_are_counted_by_site(record):
    assert record.standings(MORNING + timedelta(hours=1)) == {"east": Standing("江东一号", 2, 0)}
    assert record.standings(MORNING + timedelta(days=60)) == {"east": Standing("江东一号", 2, 2)}


def test_nobody_is_told_of_sites_outside_of_the_scope(record):
    assert record.standings(MORNING, Scope(sites={"west"})) == {}
    assert set(record.standings(MORNING, Scope(districts={"江东区"}))) == {"east"}


def test_confirmed_cases_count_as_offences_by_rule(record):
    assert record.offences("east", MORNING - timedelta(days=1)) == {"unwashed_truck": 1}
    assert record.offences("west", MORNING - timedelta(days=1)) == {"uncovered_soil": 1}
    assert record.offences("east", MORNING + timedelta(days=1)) == {}


def test_a_sites_cameras_and_name_are_known_by_its_cases(record):
    assert record.cameras("east") == (SiteCamera("east-gate", "大门"), SiteCamera("east-yard", "堆场"))
    assert record.cameras("nowhere") == ()
    assert (record.name("east"), record.name("nowhere")) == ("江东一号", None)


def test_a_sites_look_backs_come_with_the_last_due_first(record):
    found = record.look_backs("west")
    assert {each.case_id for each in found} == {4}
    assert [each.due_at for each in found] == sorted((each.due_at for each in found), reverse=True)
    assert record.look_backs("east") == ()
