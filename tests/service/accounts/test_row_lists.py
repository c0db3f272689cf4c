"""Who sees which rows of lists, exports, reports and events, and takes steps with which of many cases."""

import csv
import io
import json

import httpx
import openpyxl
import pytest

from service.accounts.principal import ANYBODY, Kind, Principal
from service.accounts.scope import EVERYWHERE, Scope
from service.api import events
from service.domain.cases import CaseState
from service.domain.lifecycle import Actor, Role, Step, Told
from service.pages.notice_alarms import may_see
from service.storage.bulk_steps import BulkSteps, WantedCase
from tests.conftest import wait_until
from tests.service.made_cases import MORNING, OFFICE, finding, lead
from tests.service.notices.test_events import Listener, served

DISTRICT = Scope(districts=frozenset({"滨江区"}))
NOWHERE = Scope()
SCOPES = [
    (DISTRICT, {1, 4}),
    (Scope(streets=frozenset({"西湖区/转塘街道"})), {2}),
    (Scope(sites=frozenset({"unlisted", "west"})), {2, 3}),
    (Scope(everywhere=True), {1, 2, 3, 4}),
    (NOWHERE, set()),
]


@pytest.fixture
def store(guarded, two_sites):
    """Cases 1 and 4 are in the east, case 2 in the west, case 3 at a site that nobody has listed."""
    store = guarded.state.store
    for number, site in enumerate(("east", "west", "unlisted", "east")):
        store.add_or_get(finding(site, minutes=number))
    return store


def pages(browser, query):
    """The cases of a list, a page after the other."""
    cursor = ""
    while cursor is not None:
        found = browser.get(f"/api/v1/cases?limit=1&{query}{cursor and f'&cursor={cursor}'}").json()
        yield from (item["id"] for item in found["items"])
        cursor = found["next_cursor"]


@pytest.mark.parametrize(("scope", "visible"), SCOPES)
def test_lists_and_exports_hold_the_scope_s_cases_alone(store, enter, scope, visible):
    browser = enter("li", Role.DISTRICT, scope=scope)
    for query in ("", "order=due", "text=gate", "rule=unwashed_truck"):
        assert sorted(pages(browser, query)) == sorted(visible), query
    assert list(pages(browser, "site=west")) == sorted(visible & {2})
    assert list(pages(browser, "district=西湖区")) == sorted(visible & {2})
    assert list(pages(browser, "text=%233")) == sorted(visible & {3})

    lines = list(csv.reader(io.StringIO(browser.get("/api/v1/cases/export.csv").content.decode("utf-8-sig"))))
    assert {int(line[0]) for line in lines[1:]} == visible
    places = browser.get("/api/v1/cases/export.geojson").json()["features"]
    assert {place["id"] for place in places} == visible
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/api/v1/cases/export.xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) - 1 == len(visible)


@pytest.mark.parametrize(("scope", "visible"), SCOPES)
def test_counts_are_those_of_the_scope(store, scope, visible):
    assert store.counts(scope)[CaseState.FOUND] == len(visible)


def test_a_report_is_about_the_scope_s_cases_alone(store, enter, clock):
    for number in (1, 2, 4):
        lead(store, number, "confirm", "assign", at=MORNING)
    lead(store, 2, "accept", "report", "verify", at=MORNING)
    clock.move(days=20)  # what is due is late
    reports = {
        name: enter(name, Role.DISTRICT, scope=scope).get("/api/v1/reports/month?date=2026-03-02").json()
        for name, scope in (("all", Scope(everywhere=True)), ("east", DISTRICT), ("none", NOWHERE))
    }
    totals = {name: report["total"] for name, report in reports.items()}
    assert [totals[name]["found"] for name in ("all", "east", "none")] == [4, 2, 0]
    assert [totals[name]["confirmed"] for name in ("all", "east", "none")] == [3, 2, 0]
    assert [totals[name]["rectify"] is None for name in ("all", "east", "none")] == [False, True, True]
    assert totals["all"]["overdue"] > totals["east"]["overdue"] > totals["none"]["overdue"] == 0
    assert [row["name"] for row in reports["east"]["by_district"]] == ["滨江区"]
    assert [each["site_id"] for each in reports["east"]["repeat_offenders"]] == ["east"]
    assert reports["none"]["repeat_offenders"] == []


def test_a_step_with_many_cases_is_taken_with_the_scope_s_alone(store, enter):
    browser = enter("wang", Role.INSPECTOR, display_name="王工", scope=DISTRICT)
    asked = {"cases": [{"id": 1}, {"id": 2}, {"id": 99}], "step": "confirm", "by": "赵主任"}
    done = browser.post("/api/v1/cases/steps", json=asked).json()
    assert [item["done"] for item in done["items"]] == [True, False, False]
    hidden, missing = done["items"][1:]
    assert hidden["problem"] == missing["problem"] == "urn:dustwatch:problem:no-such-case"
    assert hidden["detail"] == "there is no case 2"
    assert store.get(2).state is CaseState.FOUND
    (entry,) = store.history(1)
    assert entry.actor == Actor("王工", Role.INSPECTOR)


def test_many_cases_are_merged_into_a_visible_one_only(store):
    told, wanted = Told(target_case=2), [WantedCase(1), WantedCase(4)]
    outcomes = BulkSteps(store).take(wanted, Step.MERGE, lambda _: OFFICE, told, at=MORNING, scope=DISTRICT)
    assert [each.detail for each in outcomes] == ["there is no case 2"] * 2
    outcomes = BulkSteps(store).take(wanted, Step.MERGE, lambda _: OFFICE, told, at=MORNING)
    assert [each.done for each in outcomes] == [True, True]


def test_nobody_takes_a_role_that_is_not_theirs_with_many_cases(store, enter):
    browser = enter("wang", Role.INSPECTOR)
    asked = {"cases": [{"id": 1}, {"id": 4}], "step": "confirm", "role": "administrator"}
    done = browser.post("/api/v1/cases/steps", json=asked).json()
    assert {item["problem"] for item in done["items"]} == {"urn:dustwatch:problem:step-not-allowed"}
    assert enter("site", Role.SITE).post("/api/v1/cases/steps", json={**asked, "role": None}).json()["done"] == 0


def test_the_answer_to_a_request_is_given_to_nobody_else_who_knows_its_key(store, enter):
    everywhere, outsider = enter("wang", Role.INSPECTOR), enter("li", Role.INSPECTOR, scope=NOWHERE)
    asked, key = {"cases": [{"id": 2}], "step": "confirm"}, {"Idempotency-Key": "a-key"}
    first = everywhere.post("/api/v1/cases/steps", json=asked, headers=key)
    assert everywhere.post("/api/v1/cases/steps", json=asked, headers=key).json() == first.json()
    other = outsider.post("/api/v1/cases/steps", json=asked, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:dustwatch:problem:request-key-taken")


@pytest.fixture
def listen(guarded):
    """Give a function that lets somebody who is signed in follow the events."""
    with served(guarded) as address:
        listeners = []

        def start(browser, last=0):
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            listeners.append(Listener(address, last, Cookie=cookie))
            wait_until(lambda: listeners[-1].is_connected, 60, "the listener is connected")
            return listeners[-1]

        start.address = address
        yield start
        for listener in listeners:
            listener.leave()


def test_events_are_those_of_the_scope_s_sites(store, enter, listen):
    assert httpx.get(f"{listen.address}/api/v1/events").status_code == 401
    east = listen(enter("li", Role.DISTRICT, scope=DISTRICT))
    everywhere = listen(enter("wang", Role.INSPECTOR))
    for number in (2, 4):
        lead(store, number, "confirm", at=MORNING)
    assert [event[1:] for event in everywhere.wait(6)[-2:]] == [("confirm", 2), ("confirm", 4)]
    assert [event[1:] for event in east.wait(3)] == [("found", 1), ("found", 4), ("confirm", 4)]
    assert "unlisted" not in json.dumps(east.frames)


def test_events_end_with_the_session(store, enter, listen, monkeypatch):
    monkeypatch.setattr(events, "LOOK_AGAIN_AFTER_S", 0)
    browser = enter("wang", Role.INSPECTOR)
    listener = listen(browser)
    listener.wait(4)
    assert browser.post("/sign-out").status_code == 303
    lead(store, 1, "confirm", at=MORNING)
    wait_until(lambda: listener.has_ended, 60, "the events ended")
    assert len(listener.events) == 4


def test_given_up_notices_are_told_to_the_whole_city_s_office_alone():
    def told(role, scope=EVERYWHERE):
        return may_see(Principal(Kind.USER, "x", "x", frozenset({role}), scope))

    assert may_see(ANYBODY)
    assert {role for role in Role if told(role)} == {Role.REVIEWER, Role.ADMINISTRATOR}
    assert not told(Role.REVIEWER, DISTRICT)
