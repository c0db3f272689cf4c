"""Cameras' health and maintenance cases over HTTP, and how wrong requests are answered."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from service.api.small_body import BODY_BYTES
from service.api.upkeep import keep_up
from service.domain.maintenance import MaintenanceRule
from service.storage.database import open_database
from service.storage.health_store import HealthStore
from service.storage.maintenance_store import MaintenanceStore
from streams.health.observation import HealthKind
from tests.conftest import wait_until
from tests.service.health_reports import make_report, minutes

OBSERVATIONS = "/api/v1/health-observations"
CASES = "/api/v1/maintenance-cases"


@pytest.fixture
def put(api):
    def send(report, **changes):
        body = {**report.model_dump(mode="json"), **changes}
        return api.request("PUT", f"{OBSERVATIONS}/{report.key}", json=body)

    return send


@pytest.fixture
def due_case(app, put):
    put(make_report(figures={}))
    (case,) = app.state.maintenance.advance(minutes(30), MaintenanceRule()).opened
    return case


def is_problem(response, status):
    return response.status_code == status and response.headers["content-type"] == "application/problem+json"


def test_an_observation_is_stored_once_and_its_end_follows(api, put):
    report = make_report()
    first = put(report)
    assert first.status_code == 201
    assert first.json()["ended_at"] is None
    later = put(report, ended_at="2025-06-01T12:10:00+08:00")
    assert later.status_code == 200
    assert later.json()["ended_at"] == "2025-06-01T04:10:00Z"
    assert put(report).json() == later.json()
    assert api.get(OBSERVATIONS).json()["items"] == [later.json()]
    assert api.get(f"{OBSERVATIONS}?ongoing=true").json()["items"] == []
    assert later.json()["camera"] == {"id": "s-01-gate", "name": "东门出口"}


def test_the_list_narrows_and_goes_on(api, put):
    for number in range(3):
        put(make_report(number, camera_id="a"))
    put(make_report(camera_id="b"))
    page = api.get(f"{OBSERVATIONS}?camera_id=a&ongoing=true&limit=2").json()
    assert [item["id"] for item in (item["camera"] for item in page["items"])] == ["a", "a"]
    rest = api.get(f"{OBSERVATIONS}?camera_id=a&limit=2&cursor={page['next_cursor']}").json()
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)


def test_each_camera_tells_what_is_wrong_now(api, put):
    put(make_report(0, camera_id="a"))
    put(make_report(5, camera_id="a", kind=HealthKind.CLOCK_DRIFT, camera_name="新名"))
    put(make_report(0, 3, camera_id="b"))
    put(make_report(2, camera_id="c", kind=HealthKind.BLACK))
    cameras = api.get("/api/v1/cameras/health").json()
    assert [(item["camera"]["name"], item["ongoing"]) for item in cameras] == [
        (
            "新名",
            [
                {"kind": "offline", "since": "2025-06-01T04:00:00Z"},
                {"kind": "clock_drift", "since": "2025-06-01T04:05:00Z"},
            ],
        ),
        ("东门出口", [{"kind": "black", "since": "2025-06-01T04:02:00Z"}]),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "tired"},
        {"camera_id": "x" * 201},
        {"site_name": "a\u0000"},
        {"started_at": "yesterday"},
        {"started_at": "2025-06-01T04:00:00"},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"started_at": 1e300},
        {"ended_at": "2025-06-01T03:00:00Z"},
        {"figures": {"tries": "many"}},
        {"figures": {"a" * 65: 1}},
        {"figures": [1]},
        {"password": "secret"},
        {"key": "5b0f9a52-8c1e-5d0a-9f43-2f6f0f6d1c11"},
    ],
)
def test_a_wrong_report_is_a_problem_and_changes_nothing(api, put, changes):
    assert is_problem(put(make_report(), **changes), 422)
    assert api.get(OBSERVATIONS).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("[]", 422),
        ("nothing", 422),
        ('{"key": "\\ud800"}', 422),
        ('{"\\ud800": 1}', 422),
        ('{"figures": {"\\ud800": 1}}', 422),
        ("[" * 30_000, 400),
    ],
)
def test_a_body_that_is_no_report_is_a_problem(api, body, status):
    url = f"{OBSERVATIONS}/{make_report().key}"
    assert is_problem(api.request("PUT", url, content=body, headers={"content-type": "application/json"}), status)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999"])
def test_a_figure_that_is_no_number_is_refused(api, number):
    report = make_report()
    body = json.dumps({**report.model_dump(mode="json"), "figures": {"tries": 0}}).replace("0}", f"{number}}}")
    headers = {"content-type": "application/json"}
    assert is_problem(api.request("PUT", f"{OBSERVATIONS}/{report.key}", content=body, headers=headers), 422)


def test_a_body_that_is_too_large_is_refused_before_it_is_parsed(api, put):
    assert is_problem(put(make_report(), padding="x" * BODY_BYTES), 413)

    async def chunks():
        for _ in range(BODY_BYTES // 1000 + 1):
            yield b" " * 1000

    url = f"{OBSERVATIONS}/{make_report().key}"
    assert is_problem(api.request("PUT", url, content=chunks()), 413)


def test_a_key_of_another_observation_conflicts(put):
    report = make_report()
    put(report)
    response = put(report, camera_id="other")
    assert is_problem(response, 409)
    assert response.json()["type"] == "urn:dustwatch:problem:observation-key-taken"


@pytest.mark.parametrize(
    "url",
    [
        f"{OBSERVATIONS}?limit=0",
        f"{OBSERVATIONS}?ongoing=perhaps",
        f"{OBSERVATIONS}?cursor=-1",
        f"{OBSERVATIONS}?camera_id={'x' * 201}",
        f"{CASES}?state=lost",
        f"{CASES}?limit=1000",
        f"{CASES}?cursor=99999999999999999999",
    ],
)
def test_a_wrong_query_is_a_problem(api, url):
    assert is_problem(api.get(url), 422)


def test_an_open_case_is_listed_and_closed_with_a_note(api, due_case):
    (listed,) = api.get(f"{CASES}?state=open").json()["items"]
    assert (listed["kind"], listed["since"], listed["opened_at"]) == (
        "offline",
        "2025-06-01T04:00:00Z",
        "2025-06-01T04:30:00Z",
    )
    closed = api.post(f"{CASES}/{due_case.id}/close", json={"by": " 王工 ", "note": "已换电源"})
    assert closed.status_code == 200
    assert (closed.json()["state"], closed.json()["closed_by"], closed.json()["note"]) == ("closed", "王工", "已换电源")
    assert api.get(f"{CASES}?state=open").json()["items"] == []
    assert api.get(f"{CASES}?state=closed").json()["items"] == [closed.json()]
    again = api.post(f"{CASES}/{due_case.id}/close", json={})
    assert is_problem(again, 409)
    assert again.json()["type"] == "urn:dustwatch:problem:maintenance-case-closed"


@pytest.mark.parametrize("body", [{"note": "x" * 501}, {"by": "x" * 101}, {"by": "a\u0000"}, []])
def test_a_wrong_close_is_a_problem_and_closes_nothing(api, due_case, body):
    assert is_problem(api.post(f"{CASES}/{due_case.id}/close", json=body), 422)
    assert len(api.get(f"{CASES}?state=open").json()["items"]) == 1


def test_a_case_that_is_not_there(api):
    response = api.post(f"{CASES}/9/close", json={})
    assert is_problem(response, 404)
    assert response.json()["type"] == "urn:dustwatch:problem:no-such-maintenance-case"


def test_the_description_has_examples_and_problems(api):
    schema = api.get("/openapi.json").json()
    put = schema["paths"][f"{OBSERVATIONS}/{{key}}"]["put"]
    assert {"200", "201", "409", "413", "422"} <= set(put["responses"])
    assert schema["components"]["schemas"]["HealthReport"]["examples"][0]["kind"] == "black"
    assert schema["components"]["schemas"]["CloseRequest"]["examples"]


def test_a_server_opens_what_became_due_while_it_was_down(serve, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    HealthStore(engine).put(make_report(), minutes(1))
    engine.dispose()
    address = serve(tmp_path)
    wait_until(lambda: len(httpx.get(f"{address}{CASES}?state=open").json()["items"]) == 1, 30, "the case")


def test_rounds_go_on_after_one_failed_and_end_when_told(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    store, times = MaintenanceStore(engine), iter([minutes(0), None, minutes(31)])
    HealthStore(engine).put(make_report(), minutes(1))

    async def run():
        stop = asyncio.Event()

        def clock():
            moment = next(times, None)
            if moment == minutes(31):
                loop.call_soon_threadsafe(stop.set)
            assert moment is not None, "the clock failed"
            return moment

        loop = asyncio.get_running_loop()
        await asyncio.wait_for(keep_up(store, clock, stop, timedelta(milliseconds=1)), 60)

    with capture_logs() as logs:
        asyncio.run(run())
    assert [line["event"] for line in logs] == ["maintenance.failed", "maintenance.opened"]
    assert store.get(1).opened_at == minutes(31)
    engine.dispose()
