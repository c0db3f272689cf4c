"""Every route that machines use, by a token that is bound to one site: the other site is refused, its own works."""

import pytest
from structlog.testing import capture_logs

from service.accounts.access import TABLE
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.domain.camera_news import CameraKey
from service.domain.lifecycle import Role
from service.dust.reading import Instrument
from service.storage.dust_store import DustStore
from service.storage.registered_cameras import RegisteredCameras
from tests.service.camera_samples import news
from tests.service.health_reports import make_report
from tests.service.notices.test_events import Listener, served

SITES = ("east", "west")
FOREIGN = "urn:dustwatch:problem:foreign-"
CASES = {"east": 1, "west": 2}
DAY = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
OF_A_CASE = {
    "/api/cases/{case_id}": 200,
    "/api/v1/cases/{case_id}/history": 200,
    "/api/v1/cases/{case_id}/dust": 200,
    "/api/v1/cases/{case_id}/advice": 200,
    "/api/v1/cases/{case_id}/attachments/{sha256}": 404,  # it has none
    "/api/cases/{case_id}/evidence": 200,
    "/api/cases/{case_id}/evidence/{name}": 200,
    "/api/cases/{case_id}/thumbnail": 200,
    "/api/cases/{case_id}/later/{number}/evidence": 404,
    "/api/cases/{case_id}/later/{number}/evidence/{name}": 404,
    "/api/cases/{case_id}/later/{number}/thumbnail": 404,
    "/api/cases/{case_id}/casefile.pdf": 200,
    "/api/cases/{case_id}/redacted/{name}": 200,
}
LISTS = (
    "/api/cases",
    "/api/v1/cases",
    "/api/v1/cases/export.csv",
    "/api/v1/cases/export.xlsx",
    "/api/v1/cases/export.geojson",
    "/api/v1/reports/{length}",
    "/api/v1/reports/{length}.xlsx",
    "/api/v1/reports/{length}.pdf",
    "/api/v1/statistics",
    "/api/v1/statistics.csv",
    "/api/v1/health-observations",
    "/api/v1/cameras/health",
    "/api/v1/cameras",
    "/api/v1/cameras/wanted",
    "/api/v1/maintenance-cases",
    "/api/v1/sites",
    "/api/v1/rankings",
    "/api/v1/coverage",
    "/api/v1/dust/instruments",
)
TELL_OF_ONE = (
    "/api/v1/cases",
    "/api/v1/cameras",
    "/api/v1/cameras/wanted",
    "/api/v1/sites",
    "/api/v1/dust/instruments",
)
OF_NO_SITE = ("/openapi.json", "/api/v1/site-categories", "/api/v1/alerts", "/api/v1/dust/regional")
ELSEWHERE = ("/api/v1/events", "/api/v1/dust/readings")
"""Tested by themselves."""


def told(site, **changes):
    place = {"site_id": site, "camera_id": f"{site}-gate"}
    return {**place, "news": news(), **changes}


def report(site, **changes):
    place = {"site_id": site, "camera_id": f"{site}-gate"}
    body = make_report(**{**place, **changes}).model_dump(mode="json")
    return f"/api/v1/health-observations/{body['key']}", {"json": body}


def leased(site):
    return {"json": {"holder": "node", "camera_ids": [f"{site}-gate"]}}


SITE = {"category": "construction", "district": "滨江区", "name": "一号"}
MEMORY = {"token": 1, "memory": "{}", "since_case": 0}
WRITES_AND_QUESTIONS = {
    ("PUT", "/api/v1/health-observations/{key}"): report,
    ("POST", "/api/v1/cameras"): lambda site: ("/api/v1/cameras", {"json": {"items": [told(site)]}}),
    ("PUT", "/api/v1/cameras/{site_id}/{camera_id}"): lambda site: (
        f"/api/v1/cameras/{site}/{site}-gate",
        {"json": news()},
    ),
    ("GET", "/api/v1/cameras/{site_id}/{camera_id}/picture"): lambda site: (
        f"/api/v1/cameras/{site}/{site}-gate/picture",
        {},
    ),
    ("GET", "/api/v1/look-backs"): lambda site: (f"/api/v1/look-backs?camera_id={site}-gate", {}),
    ("GET", "/api/v1/camera-layouts"): lambda site: (f"/api/v1/camera-layouts?camera_id={site}-gate", {}),
    ("GET", "/api/v1/inspection-intervals"): lambda site: (f"/api/v1/inspection-intervals?site_id={site}", {}),
    ("POST", "/api/v1/camera-leases"): lambda site: ("/api/v1/camera-leases", leased(site)),
    ("POST", "/api/v1/camera-leases/release"): lambda site: ("/api/v1/camera-leases/release", leased(site)),
    ("GET", "/api/v1/camera-memories/{camera_id}"): lambda site: (f"/api/v1/camera-memories/{site}-gate", {}),
    ("PUT", "/api/v1/camera-memories/{camera_id}"): lambda site: (
        f"/api/v1/camera-memories/{site}-gate",
        {"json": MEMORY},
    ),
    ("GET", "/api/v1/sites/{site_id}"): lambda site: (f"/api/v1/sites/{site}", {}),
    ("PUT", "/api/v1/sites/{site_id}"): lambda site: (f"/api/v1/sites/{site}", {"json": {**SITE, "id": site}}),
    ("DELETE", "/api/v1/sites/{site_id}"): lambda site: (f"/api/v1/sites/{site}", {}),
}
WITH_A_FILE = {
    ("POST", "/api/violations"),
    ("PUT", "/api/v1/cameras/{site_id}/{camera_id}/picture"),
    ("PUT", "/api/v1/dust/regional"),
}


@pytest.fixture
def edge(machine, two_sites, make_package, guarded, media, clock):
    """An unbound machine has told of both sites: cases 1 and 2, cameras with pictures and leases, dust monitors."""
    edge = machine(*MachineScope, name="unbound")
    assert edge.post("/api/v1/cameras", json={"items": [told(site) for site in SITES]}).status_code == 204
    for site in SITES:
        package = make_package(site_id=site, camera_id=f"{site}-gate")
        assert edge.post("/api/violations", files=package.parts(), headers=package.headers).status_code == 201
        assert put_picture(edge, site, media).status_code == 204
        assert edge.post("/api/v1/camera-leases", **leased(site)).status_code == 200
        assert edge.post("/api/v1/camera-leases/release", **leased(site)).status_code == 204
        url, options = report(site)
        assert edge.request("PUT", url, **options).status_code == 201
        guarded.state.live.look(CameraKey(site_id=site, camera_id=f"{site}-gate"), clock())
    dust = DustStore(guarded.state.store.engine)
    dust.register([Instrument(f"{site}-1", site, site, site, 1) for site in SITES])
    return edge


@pytest.fixture
def bound(edge, machine):
    return machine(*MachineScope, name="bound", sites=["east"])


def put_picture(browser, site, media):
    url = f"/api/v1/cameras/{site}/{site}-gate/picture?captured_at=2026-03-02T01:00:00Z"
    return browser.request("PUT", url, content=media["clean.jpg"], headers={"Content-Type": "image/jpeg"})


def is_foreign(answer):
    return answer.status_code == 403 and answer.json()["type"].startswith(FOREIGN)


def test_every_route_of_machines_is_tried_here():
    tried = {("GET", path) for path in (*OF_A_CASE, *LISTS, *OF_NO_SITE, *ELSEWHERE)}
    tried |= WRITES_AND_QUESTIONS.keys() | WITH_A_FILE
    assert {(row.method, row.path) for row in TABLE if row.machine is not None} == tried


def test_cases_and_their_evidence_are_those_of_its_site(bound):
    for path, own in OF_A_CASE.items():
        for site, number in CASES.items():
            named = {"case_id": number, "name": "clean.jpg", "number": 1, "sha256": "0" * 64}
            answer = bound.get(path.format(**named))
            if site == "east":
                assert answer.status_code == own, path
            else:
                assert is_foreign(answer), path
                assert answer.json()["detail"].startswith("the token bound is not for the site of case 2: ask")


def test_lists_hold_its_site_alone(bound, edge):
    for path in LISTS:
        url = path.format(length="week")
        answer = bound.get(url)
        assert answer.status_code == 200, path
        if not path.endswith((".xlsx", ".pdf")):
            assert "west" not in answer.text, path
        if path in TELL_OF_ONE:
            assert "east" in answer.text, path
            assert "west" in edge.get(url).text, path


def test_dust_readings_are_those_of_its_site(bound):
    assert bound.get(f"/api/v1/dust/readings?instrument=east-1&{DAY}").status_code == 200
    assert bound.get(f"/api/v1/dust/readings?instrument=west-1&{DAY}").status_code == 404


@pytest.mark.parametrize("route", WRITES_AND_QUESTIONS, ids=" ".join)
def test_writes_and_questions_are_of_its_site(bound, edge, route):
    method, _ = route
    url, options = WRITES_AND_QUESTIONS[route]("west")
    refused = bound.request(method, url, **options)
    assert is_foreign(refused)
    assert "administrator" in refused.json()["detail"]
    if route == ("PUT", "/api/v1/health-observations/{key}"):
        listed = edge.get("/api/v1/health-observations?camera_id=west-gate").json()["items"]
        assert len(listed) == 1
    url, options = WRITES_AND_QUESTIONS[route]("east")
    assert bound.request(method, url, **options).is_success


def test_evidence_and_pictures_are_of_its_site(bound, make_package, media, guarded):
    for site in SITES:
        package = make_package(minutes=5, site_id=site, camera_id=f"{site}-gate")
        answer = bound.post("/api/violations", files=package.parts(), headers=package.headers)
        picture = put_picture(bound, site, media)
        if site == "east":
            assert (answer.status_code, picture.status_code) == (201, 204)
        else:
            assert is_foreign(answer)
            assert is_foreign(picture)
    assert len(guarded.state.store.page().cases) == 3


def test_what_is_the_whole_city_s_is_read_and_not_changed(bound):
    for path in OF_NO_SITE:
        assert bound.get(f"{path}?{DAY}").status_code == 200, path
    hour = {"hour": "2026-03-02T00:00:00Z", "pm10_ug_m3": 80.0}
    refused = bound.request("PUT", "/api/v1/dust/regional", json=hour)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:dustwatch:problem:whole-city")


def test_a_camera_of_another_site_is_not_taken_over_by_naming_its_own_site(bound, make_package, make_later, edge):
    stolen = make_package(minutes=5, site_id="east", camera_id="west-gate")
    url, options = report("east", camera_id="west-gate")
    answers = [
        bound.post("/api/violations", files=stolen.parts(), headers=stolen.headers),
        bound.request("PUT", url, **options),
        bound.request("PUT", "/api/v1/cameras/east/west-gate", json=news()),
        bound.post("/api/v1/cameras", json={"items": [told("east"), told("east", camera_id="west-gate")]}),
    ]
    for answer in answers:
        assert is_foreign(answer)
        assert "west-gate" in answer.json()["detail"]
    assert [item["camera_id"] for item in edge.get("/api/v1/cameras").json()] == ["east-gate", "west-gate"]


def test_a_new_camera_is_its_site_s_from_the_first_report_on(bound, edge, machine):
    other = machine(*MachineScope, name="other", sites=["west"])
    new = told("east", camera_id="new")
    leases = {"json": {"holder": "node", "camera_ids": ["new"]}}
    assert is_foreign(bound.post("/api/v1/camera-leases", **leases))  # of a camera that nobody knows no site is told
    assert bound.post("/api/v1/cameras", json={"items": [new]}).status_code == 204
    assert bound.post("/api/v1/camera-leases", **leases).status_code == 200
    assert is_foreign(other.post("/api/v1/cameras", json={"items": [{**new, "site_id": "west"}]}))


def test_of_several_cameras_the_foreign_ones_are_left_out_of_questions_and_leases(bound, edge):
    both = "camera_id=west-gate&camera_id=east-gate"
    assert bound.get(f"/api/v1/look-backs?{both}").status_code == 200
    assert bound.get(f"/api/v1/camera-layouts?{both}").status_code == 200
    asked = {"json": {"holder": "node", "camera_ids": ["west-gate", "east-gate"]}}
    given = bound.post("/api/v1/camera-leases", **asked).json()["items"]
    assert [lease["camera_id"] for lease in given] == ["east-gate"]
    assert bound.post("/api/v1/camera-leases/release", **asked).status_code == 204


def test_a_later_picture_joins_no_case_of_another_site(guarded, machine, make_package, make_later):
    """The edge tells no news, so that its camera is known where it found something last."""
    edge = machine(*MachineScope, name="unbound")
    first = make_package(site_id="west", camera_id="gate")
    for package in (first, make_package(minutes=5, site_id="east", camera_id="gate")):
        assert edge.post("/api/violations", files=package.parts(), headers=package.headers).status_code == 201
    later = make_later(first)
    later = later.with_manifest(place={**later.manifest["place"], "site_id": "east", "camera_id": "gate"})
    bound = machine(*MachineScope, name="bound", sites=["east"])
    answer = bound.post("/api/violations", files=later.parts(), headers=later.headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:dustwatch:problem:bad-manifest")
    assert guarded.state.store.get(1).later == ()


def test_a_refusal_is_in_the_log_each_time_and_in_the_audit_log_once_an_hour(bound, accounts, clock):
    def refused():
        entries = [entry for _, entry in accounts.audit.page(limit=200).entries]
        return [(each.who, each.detail) for each in entries if each.action is Action.MACHINE_REFUSED]

    with capture_logs() as logs:
        for _ in range(3):
            bound.get("/api/v1/look-backs?camera_id=west-gate")  # by a route
            bound.get("/api/v1/sites/west")  # by the guard
    told = [line["detail"] for line in logs if line["event"] == "request.refused"]
    assert len(told) == 6
    assert refused() == [("bound", told[1]), ("bound", told[0])]
    clock.move(minutes=61)
    bound.get("/api/v1/sites/west")
    assert len(refused()) == 3


def test_a_person_is_not_told_more_than_before(edge, enter, accounts):
    li = enter("li", Role.DISTRICT, scope=Scope(sites=frozenset({"east"})))
    assert li.get("/api/cases/2").status_code == 404
    assert li.get("/api/v1/sites/west").status_code == 404
    assert all(entry.action is not Action.MACHINE_REFUSED for _, entry in accounts.audit.page().entries)


def test_a_camera_s_sites_are_those_told_about_else_those_of_what_was_found_last(edge, guarded, make_package):
    known = RegisteredCameras(guarded.state.store.engine)
    assert known.sites_of(["east-gate", "west-gate", "none"]) == {
        "east-gate": frozenset({"east"}),
        "west-gate": frozenset({"west"}),
    }
    for minutes, site in enumerate(("west", "east")):
        package = make_package(minutes=minutes, site_id=site, camera_id="untold")
        edge.post("/api/violations", files=package.parts(), headers=package.headers)
    url, options = report("south", camera_id="untold")
    edge.request("PUT", url, **options)
    assert known.sites_of(["untold"]) == {"untold": frozenset({"east", "south"})}
    edge.request("PUT", "/api/v1/cameras/north/untold", json=news())
    assert known.sites_of(["untold"]) == {"untold": frozenset({"north"})}
    assert known.sites_of([]) == {}


def test_events_are_those_of_its_site(bound, edge, guarded):
    with served(guarded) as address:
        listener, all_of_them = (Listener(address, 0, **each.headers) for each in (bound, edge))
        assert [event[1:] for event in all_of_them.wait(2)] == [("found", 1), ("found", 2)]
        assert [event[1:] for event in listener.wait(1)] == [("found", 1)]
        listener.leave()
        all_of_them.leave()
