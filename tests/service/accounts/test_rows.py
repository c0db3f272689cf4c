"""Who sees which rows: cases, cameras, sites and dust monitors of their own scope alone."""

import pytest

from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.domain.lifecycle import Role
from service.dust.reading import Instrument
from service.storage.dust_store import DustStore
from tests.service.health_reports import make_report

DISTRICT = Scope(districts=frozenset({"滨江区"}))
CASE_PATHS = (
    "/api/cases/{}",
    "/api/v1/cases/{}/history",
    "/api/cases/{}/evidence",
    "/api/cases/{}/evidence/clean.jpg",
    "/api/cases/{}/thumbnail",
)


@pytest.fixture
def edge(machine):
    return machine(*MachineScope)


@pytest.fixture
def cases(edge, two_sites, make_package):
    """Case 1 is in the east, case 2 in the west, case 3 at a site that nobody has listed."""
    for site in ("east", "west", "unlisted"):
        package = make_package(site_id=site, camera_id=f"{site}-gate")
        answer = edge.post("/api/violations", files=package.parts(), headers=package.headers)
        assert answer.status_code == 201


def seen(browser):
    return sorted(item["id"] for item in browser.get("/api/cases").json()["items"])


@pytest.mark.parametrize(
    ("scope", "visible"),
    [
        (DISTRICT, {1}),
        (Scope(streets=frozenset({"西湖区/转塘街道"})), {2}),
        (Scope(streets=frozenset({"滨江区/转塘街道"})), set()),
        (Scope(sites=frozenset({"unlisted", "west"})), {2, 3}),
        (Scope(everywhere=True), {1, 2, 3}),
        (Scope(), set()),
    ],
)
def test_cases_outside_of_the_scope_are_as_if_they_were_not_there(cases, enter, scope, visible):
    browser = enter("li", Role.DISTRICT, scope=scope)
    assert set(seen(browser)) == visible
    for number in (1, 2, 3):
        for path in CASE_PATHS:
            assert (browser.get(path.format(number)).status_code == 200) == (number in visible), (path, number)
    hidden = {1, 2, 3} - visible
    for number in hidden:
        step = browser.post(f"/api/v1/cases/{number}/steps", json={"step": "note", "reason": "x"})
        assert (step.status_code, step.json()["type"]) == (404, "urn:dustwatch:problem:no-such-case")
        assert step.json()["detail"] == f"there is no case {number}"


def test_an_administrator_sees_everything_whatever_the_scope_says(cases, enter):
    assert seen(enter("zhao", Role.ADMINISTRATOR, scope=Scope())) == [1, 2, 3]


def test_a_site_that_moves_to_another_district_takes_its_cases_along(cases, enter, edge):
    browser = enter("li", Role.DISTRICT, scope=DISTRICT)
    site = {"id": "west", "name": "west", "category": "construction", "district": "滨江区"}
    assert edge.request("PUT", "/api/v1/sites/west", json=site).status_code == 200
    assert seen(browser) == [1, 2]


def test_odd_case_numbers_open_nothing(cases, enter):
    browser = enter("li", Role.DISTRICT, scope=DISTRICT)
    for odd in ("02", "+2", "2_0", "２", "2.0", "1e0", "-2", "99999999999999"):
        assert browser.get(f"/api/cases/{odd}").status_code in {404, 422}, odd
    assert browser.get("/api/cases/01").status_code == 200


def test_a_case_is_merged_into_visible_ones_only(cases, enter):
    browser = enter("li", Role.REVIEWER, scope=DISTRICT)
    merge = {"step": "merge", "target_case": 2}
    assert browser.post("/api/v1/cases/1/steps", json=merge).json()["detail"] == "there is no case 2"


def test_sites_cameras_and_dust_monitors_follow_the_scope(two_sites, edge, enter, guarded):
    for site in ("east", "west"):
        report = make_report(site_id=site, camera_id=f"{site}-gate")
        told = edge.request("PUT", f"/api/v1/health-observations/{report.key}", json=report.model_dump(mode="json"))
        assert told.status_code == 201
    dust = DustStore(guarded.state.store.engine)
    dust.register([Instrument(f"{site}-1", site, site, site, 1) for site in ("east", "west")])
    browser = enter("li", Role.DISTRICT, scope=DISTRICT)

    assert [item["site"]["id"] for item in browser.get("/api/v1/sites").json()["items"]] == ["east"]
    assert browser.get("/api/v1/sites/west").status_code == 404
    assert [item["site"]["id"] for item in browser.get("/api/v1/health-observations").json()["items"]] == ["east"]
    assert [item["site"]["id"] for item in browser.get("/api/v1/cameras/health").json()] == ["east"]
    assert [item["site"]["id"] for item in browser.get("/api/v1/dust/instruments").json()] == ["east"]
    span = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
    assert browser.get(f"/api/v1/dust/readings?instrument=east-1&{span}").status_code == 200
    assert browser.get(f"/api/v1/dust/readings?instrument=west-1&{span}").status_code == 404


def test_who_is_signed_in_is_who_the_history_names(cases, enter):
    browser = enter("wang", Role.INSPECTOR, display_name="王工")
    forged = {"decision": "confirm", "reviewer": "赵主任"}
    assert browser.post("/api/cases/1/review", json=forged).status_code == 200
    forged = {"step": "note", "by": "赵主任", "reason": "x"}
    assert browser.post("/api/v1/cases/1/steps", json=forged).status_code == 200
    steps = browser.get("/api/v1/cases/1/history").json()["steps"]
    assert [(step["by"], step["role"]) for step in steps] == [("王工", "inspector")] * 2


def test_what_is_attached_is_by_who_is_signed_in_and_a_look_at_it_is_written_down(cases, enter, accounts, media):
    browser, outsider = enter("wang", Role.SITE, display_name="王工"), enter("li", Role.SITE, scope=Scope())
    attached = "/api/v1/cases/1/attachments"
    assert browser.post(f"{attached}?by=赵主任&role=administrator", content=media["clean.jpg"]).status_code == 403
    assert browser.post(f"{attached}?by=赵主任", content=media["clean.jpg"]).status_code == 200
    (step,) = browser.get("/api/v1/cases/1/history").json()["steps"]
    assert (step["by"], step["role"]) == ("王工", "site")
    file = f"{attached}/{step['attachments'][0]['sha256']}"
    assert outsider.get(file).status_code == 404
    assert browser.get(file).headers["vary"] == "Cookie"
    assert accounts.audit.page(limit=1).entries[0][1].case_id == 1


def test_nobody_takes_a_role_that_is_not_theirs(cases, enter):
    inspector, site = enter("wang", Role.INSPECTOR), enter("site", Role.SITE)
    assert inspector.post("/api/cases/1/review", json={"decision": "confirm"}).status_code == 200
    assign = {"step": "assign", "party": "某建设集团", "role": "reviewer"}
    assert inspector.post("/api/v1/cases/1/steps", json=assign).json()["type"].endswith("step-not-allowed")
    assert inspector.post("/api/v1/cases/1/steps", json={**assign, "role": None}).status_code == 403
    assert site.post("/api/v1/cases/1/steps", json={**assign, "role": "administrator"}).status_code == 403
    both = enter("qian", Role.SITE, Role.REVIEWER)
    assert both.post("/api/v1/cases/1/steps", json={**assign, "role": None}).status_code == 200
    accept = site.post("/api/v1/cases/1/steps", json={"step": "accept"})
    assert (accept.status_code, accept.json()["state"]) == (200, "rectifying")
    possible = site.get("/api/v1/cases/1/history").json()["possible"]
    assert [each["step"] for each in possible] == ["report", "note"]


def test_each_look_at_evidence_is_written_down_and_a_refused_one_is_not(cases, enter, accounts, clock):
    browser, outsider = enter("wang", Role.INSPECTOR), enter("li", Role.DISTRICT, scope=Scope())
    for _ in range(2):
        assert browser.get("/api/cases/1/evidence/clip.mp4", headers={"Range": "bytes=0-9"}).status_code == 206
    assert browser.get("/api/cases/2/evidence").status_code == 200
    assert browser.get("/api/cases/2/evidence/none.jpg").status_code == 404
    assert outsider.get("/api/cases/1/evidence/clip.mp4").status_code == 404
    clock.move(minutes=6)
    assert browser.get("/api/cases/1/evidence/clip.mp4").status_code == 200
    looks = [
        (entry.who, entry.case_id, entry.detail)
        for _, entry in accounts.audit.page().entries
        if entry.action is Action.LOOKED
    ]
    clip = ("wang", 1, "evidence/clip.mp4")
    assert looks == [clip, ("wang", 2, "evidence"), clip]


def test_evidence_that_a_browser_keeps_is_asked_for_again_by_the_next_user(cases, enter):
    assert enter("wang", Role.INSPECTOR).get("/api/cases/1/evidence/clean.jpg").headers["vary"] == "Cookie"
