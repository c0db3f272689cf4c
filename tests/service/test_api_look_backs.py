"""Edges ask what to look back at, and answer with an evidence package that follows the violation."""

import asyncio
import uuid
from datetime import timedelta

import httpx
import pytest

from service.api.look_backs import MOST_CAMERAS
from service.api.upkeep import keep_looking_back
from service.clock import utc_now
from service.delivery.look_back_poller import LookBackPoller
from service.delivery.queue_poller import AT_ONCE
from service.domain.look_backs import Standing
from service.storage.look_back_store import LookBackStore
from tests.conftest import wait_until

STEPS = ("confirm", "assign", "accept", "report")
CAMERA = "s-01-gate"


@pytest.fixture
def soil(package):
    return package.with_manifest(rule="uncovered_soil", measures={"bare_soil_share": 0.5, "lasted_s": 1800.0})


@pytest.fixture
def case_id(api, soil):
    case_id = api.hand_in(soil).json()["id"]
    for step in STEPS:
        answer = api.post(f"/api/v1/cases/{case_id}/steps", json={"step": step, "party": "某建设集团"})
        assert answer.status_code == 200
    return case_id


def asked(api):
    return api.get("/api/v1/look-backs", params={"camera_id": [CAMERA, "another"]}).json()["items"]


def answer_of(make_later, soil, order, outcome="passed", **changes):
    follows = {"key": order["key"], "number": order["number"], "stage": "look_back", "outcome": outcome}
    key = str(uuid.uuid5(uuid.UUID(order["key"]), str(order["number"])))
    later = make_later(soil)
    return later.with_manifest(**{"rule": "uncovered_soil", "key": key, "follows": follows, **changes})


def test_an_edge_is_told_all_that_it_needs(api, soil, case_id):
    (order,) = asked(api)
    assert (order["key"], order["rule"], order["camera_id"]) == (soil.key, "uncovered_soil", CAMERA)
    assert order["measures"] == {"bare_soil_share": 0.5, "lasted_s": 1800.0}
    assert api.get("/api/v1/look-backs", params={"camera_id": "another"}).json()["items"] == []


@pytest.mark.parametrize("ids", [[], [""], ["x"] * (MOST_CAMERAS + 1)])
def test_a_question_for_no_camera_or_too_many_is_refused(api, ids):
    assert api.get("/api/v1/look-backs", params={"camera_id": ids}).status_code == 422


def test_the_answer_joins_the_case_and_its_history(api, make_later, soil, case_id):
    (order,) = asked(api)
    answered = api.hand_in(answer_of(make_later, soil, order))
    assert answered.status_code == 201
    (later,) = answered.json()["later"]
    assert (later["stage"], later["outcome"], later["number"]) == ("look_back", "passed", order["number"])
    for item in later["evidence"]:
        assert api.get(item["url"]).status_code == 200
    last = api.get(f"/api/v1/cases/{case_id}/history").json()["steps"][-1]
    assert (last["step"], last["role"], last["by"]) == ("note", "machine", CAMERA)
    assert "现场合格" in last["reason"]
    assert str(order["number"]) in last["reason"]
    assert asked(api) == []
    assert api.hand_in(answer_of(make_later, soil, order)).status_code == 200
    assert api.hand_in(answer_of(make_later, soil, order, "still_violated")).status_code == 409
    assert len(api.get(f"/api/v1/cases/{case_id}/history").json()["steps"]) == len(STEPS) + 1


@pytest.mark.parametrize("outcome", [None, "perhaps"])
def test_an_answer_without_a_known_outcome_is_refused(api, make_later, soil, case_id, outcome):
    (order,) = asked(api)
    assert api.hand_in(answer_of(make_later, soil, order, outcome)).status_code == 422


def test_what_nobody_asked_for_is_refused(api, make_later, soil, case_id, evidence_root):
    (order,) = asked(api)
    unasked = answer_of(make_later, soil, {**order, "number": order["number"] + 1})
    assert api.hand_in(unasked).status_code == 422
    assert not (evidence_root / unasked.key).exists()
    assert api.hand_in(answer_of(make_later, soil, {**order, "number": 1})).status_code == 422


def test_the_service_gives_up_by_itself(app, api, case_id):
    store = LookBackStore(app.state.store)

    async def run() -> None:
        stop = asyncio.Event()
        late = utc_now() + timedelta(hours=26)

        def clock():
            if store.of_case(case_id)[0].standing is Standing.UNANSWERED:
                stop.set()
            return late

        await asyncio.wait_for(keep_looking_back(store, clock, stop, timedelta(milliseconds=1)), 60)

    asyncio.run(run())
    steps = api.get(f"/api/v1/cases/{case_id}/history").json()["steps"]
    assert len(steps) == len(STEPS) + 1
    assert "没有传回画面" in steps[-1]["reason"]


class Queue(httpx.BaseTransport):
    """Lets the poller ask the app without a socket, or not at all."""

    def __init__(self, api):
        self.api = api
        self.is_away = False
        self.asked = 0

    def handle_request(self, request):
        self.asked += 1
        if self.is_away:
            raise httpx.ConnectError("no route")
        answer = self.api.get(request.url.raw_path.decode())
        return httpx.Response(answer.status_code, content=answer.content)


def poller_of(queue, cameras, handed):
    poller = LookBackPoller("http://service", lambda: cameras, handed.append)
    poller._client = httpx.Client(base_url="http://service", transport=queue)
    return poller


def test_the_edge_hands_each_camera_its_orders_and_keeps_them_while_the_queue_is_away(api, soil, case_id):
    queue, handed = Queue(api), []
    poller = poller_of(queue, [CAMERA, *(f"c{number}" for number in range(AT_ONCE))], handed)
    assert poller.ask()
    assert queue.asked == 2
    (orders,) = handed
    assert {camera: [each.key for each in its] for camera, its in orders.items()} == {CAMERA: [soil.key]}
    queue.is_away = True
    assert not poller.ask()
    assert not poller.ask()
    assert len(handed) == 1


def test_the_poller_asks_again_and_again_until_it_is_stopped(api, case_id):
    queue, handed = Queue(api), []
    poller = LookBackPoller("http://service", lambda: [CAMERA], handed.append, every_s=0.01)
    poller._client = httpx.Client(base_url="http://service", transport=queue)
    poller.start()
    wait_until(lambda: len(handed) >= 3, 60, "three answers")
    poller.stop()
    assert all(set(orders) == {CAMERA} for orders in handed)
