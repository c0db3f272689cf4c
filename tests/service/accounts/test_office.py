"""Pollution alerts and advice over the API, on either database where they touch rows."""

from datetime import UTC, datetime, timedelta

import pytest

from service.accounts.scope import Scope
from service.domain.lifecycle import Role, Step, Told
from service.domain.office.alert_periods import AlertPeriod
from service.domain.office.errors import AlertsOverlap
from service.domain.office.levels import AlertLevel
from service.office_rules import shipped_rules
from service.storage.advice_store import AdviceStore
from service.storage.alert_store import AlertStore
from service.storage.office_store import OfficeStore
from tests.service.made_cases import MORNING, OFFICE, finding, keep_sites, lead

HOUR = timedelta(hours=1)


@pytest.fixture
def alerts(store):
    return AlertStore(store.engine, shipped_rules())


@pytest.fixture
def handed(store):
    """A case at a site of level C, handed over in the morning: to be taken up within a working day."""
    keep_sites(store)
    case, _ = store.add_or_get(finding("north"))
    lead(store, case.id, "confirm", at=MORNING - HOUR)
    lead(store, case.id, "assign", at=MORNING)
    return case.id


def red(starts_at, ends_at=None):
    return AlertPeriod(starts_at, ends_at, AlertLevel.RED)


def test_an_alert_brings_what_was_handed_over_forward_and_lifting_it_takes_that_back(store, alerts, handed):
    ordinary = store.get(handed).due_at
    assert ordinary > MORNING + 24 * HOUR
    assert alerts.put(red(MORNING + HOUR), "赵", MORNING + HOUR)
    assert store.get(handed).due_at == MORNING + 5 * HOUR
    assert not alerts.put(red(MORNING + HOUR, MORNING + 2 * HOUR), "赵", MORNING + 2 * HOUR)
    assert store.get(handed).due_at == ordinary


def test_a_step_during_an_alert_is_due_by_it_and_a_note_changes_nothing(store, alerts, handed):
    alerts.put(red(MORNING), "赵", MORNING)
    lead(store, handed, "accept", at=MORNING + HOUR)
    assert store.get(handed).due_at == MORNING + 4 * HOUR
    store.take_step(handed, Step.NOTE, OFFICE, Told("说明"), at=MORNING + 2 * HOUR)
    assert store.get(handed).due_at == MORNING + 4 * HOUR
    alerts.put(red(MORNING, MORNING + 3 * HOUR), "赵", MORNING + 3 * HOUR)
    assert store.get(handed).due_at > MORNING + 24 * HOUR


def test_what_the_office_itself_has_to_do_is_due_as_ever(store, alerts, handed):
    lead(store, handed, "accept", "report", at=MORNING + HOUR)
    due = store.get(handed).due_at
    alerts.put(red(MORNING), "赵", MORNING + 3 * HOUR)
    assert store.get(handed).due_at == due


def test_an_alert_that_overlaps_another_is_refused_and_not_kept(store, alerts):
    alerts.put(red(MORNING), "赵", MORNING)
    with pytest.raises(AlertsOverlap):
        alerts.put(red(MORNING + HOUR), "赵", MORNING)
    assert alerts.periods() == (red(MORNING),)


def test_a_second_offence_on_a_site_is_advised_no_guidance(store, handed):
    again, _ = store.add_or_get(finding("north", minutes=48 * 60))
    other, _ = store.add_or_get(finding("east", minutes=48 * 60))
    advice = AdviceStore(store, shipped_rules())
    now = MORNING + timedelta(days=3)
    assert advice.advice(handed, now).leniency.guidance_first
    assert advice.advice(other.id, now).leniency.guidance_first
    assert not advice.advice(again.id, now).leniency.guidance_first
    assert advice.advice(again.id, now).escalation.is_escalated
    lead(store, again.id, "reject", at=now)
    assert advice.advice(again.id, now) is None


def test_administrators_give_alerts_and_everybody_reads_them_and_the_advice(guarded, enter):
    chief, inspector = enter("zhao", Role.ADMINISTRATOR), enter("wang", Role.INSPECTOR)
    case, _ = guarded.state.store.add_or_get(finding("east"))
    body = {"starts_at": "2026-03-01T00:00:00Z", "ends_at": None, "level": "orange"}
    assert inspector.request("PUT", "/api/v1/alerts", json=body).status_code == 403
    assert chief.request("PUT", "/api/v1/alerts", json=body).status_code == 201
    assert chief.request("PUT", "/api/v1/alerts", json=body).status_code == 200
    other = {**body, "starts_at": "2026-03-05T00:00:00Z"}
    refused = chief.request("PUT", "/api/v1/alerts", json=other)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:dustwatch:problem:alerts-overlap")
    told = inspector.get("/api/v1/alerts").json()
    assert (len(told["items"]), told["level_now"]) == (1, "orange")
    advice = inspector.get(f"/api/v1/cases/{case.id}/advice").json()
    assert (advice["rules"], advice["alert"], advice["guidance_first"]) == ("default-1", "orange", False)
    assert "预警" in advice["guidance_reasons"][0]["zh"]
    assert datetime.fromisoformat(told["items"][0]["starts_at"]) == datetime(2026, 3, 1, tzinfo=UTC)


MARCH = (datetime(2026, 2, 28, 16, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC))


def counts(store, now=MORNING + timedelta(days=20)):
    records = OfficeStore(store.engine).records(*MARCH, now, shipped_rules().rules_of(MORNING.date()).escalation)
    return {record.site_id: (record.inspections, dict(record.counts)) for record in records}


def test_a_site_s_record_counts_what_the_rules_name(store, handed):
    lead(store, handed, "accept", "report", "verify", "close", at=MORNING + HOUR)
    lead(store, handed, "reopen", at=MORNING + timedelta(days=3))
    store.add_or_get(finding("west"))  # found and not confirmed: no offence, and overdue by now
    found = counts(store)
    assert found["east"] == (0, {})
    assert found["west"] == (0, {"overdue": 1})
    inspections, north = found["north"]
    assert inspections == 2
    assert {name: north[name] for name in ("unwashed_truck", "look_back_failed", "rectified_in_time")} == {
        "unwashed_truck": 1,
        "look_back_failed": 1,
        "rectified_in_time": 1,
    }


def test_the_seed_of_the_draw_stays_what_it_was(store):
    office = OfficeStore(store.engine)
    assert len(office.seed()) == 32
    assert office.seed() == office.seed()


def test_rankings_and_coverage_are_shown_with_their_figures_to_the_scope(guarded, enter, two_sites):
    store = guarded.state.store
    case, _ = store.add_or_get(finding("east"))
    lead(store, case.id, "confirm", at=MORNING)
    everywhere = enter("wang", Role.INSPECTOR)
    west = enter("li", Role.DISTRICT, scope=Scope(districts=frozenset({"西湖区"})))
    told = everywhere.get("/api/v1/rankings?period=2026-03-02").json()
    standing = next(each for each in told["items"] if each["site"]["id"] == "east")
    assert (told["first"], told["rules"], standing["rank"]) == ("2026-03-01", "default-1", None)
    assert standing["formula"] == "100 - 1 x 3 (unwashed_truck) = 97"
    assert [each["site"]["id"] for each in west.get("/api/v1/rankings?period=2026-03-02").json()["items"]] == ["west"]
    chief = enter("zhao", Role.ADMINISTRATOR)
    site = {**chief.get("/api/v1/sites/east").json()["site"], "is_key_area": True}
    assert chief.request("PUT", "/api/v1/sites/east", json=site).status_code == 200
    (district,) = everywhere.get("/api/v1/coverage?month=2026-03-01").json()["items"]
    assert (district["district"], district["required"], district["missing"]) == ("滨江区", 1, 1)
    assert [each["site"]["id"] for each in district["next"]] == ["east"]
    assert west.get("/api/v1/coverage?month=2026-03-01").json()["items"] == []
