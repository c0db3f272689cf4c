"""Finding cases and taking steps with many of them over HTTP."""

import pytest

from service.api.case_lists import MOST_CASES
from service.storage.case_store import CaseStore
from tests.service.made_cases import finding, keep_sites

CASES, STEPS = "/api/v1/cases", "/api/v1/cases/steps"


@pytest.fixture
def store(app) -> CaseStore:
    keep_sites(app.state.store)
    for number, site in enumerate(("east", "west", "north", "east")):
        app.state.store.add_or_get(finding(site, minutes=60 * 6 * number))
    return app.state.store


def ids(answer):
    return [case["id"] for case in answer.json()["items"]]


def test_pages_follow_each_other(api, store):
    first = api.get(CASES, params={"limit": 3}).json()
    assert [case["id"] for case in first["items"]] == [4, 3, 2]
    second = api.get(CASES, params={"limit": 3, "cursor": first["next_cursor"]})
    assert (ids(second), second.json()["next_cursor"]) == ([1], None)


def test_the_usual_filters(api, store):
    api.post(f"{CASES}/2/steps", json={"step": "confirm"})
    api.post(f"{CASES}/2/steps", json={"step": "assign", "party": "某集团"})
    for params, expected in (
        ({"district": "江东区"}, [4, 3, 1]),
        ({"street": "桥头街道"}, [2]),
        ({"level": "A", "state": "found"}, [4, 1]),
        ({"site": "north"}, [3]),
        ({"camera": "east-gate"}, [4, 1]),
        ({"rule": "uncovered_soil"}, []),
        ({"party": "某集团"}, [2]),
        ({"text": " 大桥 "}, [2]),
        ({"overdue": "true"}, [4, 3, 1]),  # found months ago
        ({"order": "due", "state": "found"}, [1, 3, 4]),
        # 09:00, 15:00 and 21:00 of 2 March in Beijing, and 03:00 of the next day.
        ({"found_from": "2026-03-02", "found_to": "2026-03-02"}, [3, 2, 1]),
        ({"found_from": "2026-03-03"}, [4]),
    ):
        assert sorted(ids(api.get(CASES, params=params))) == sorted(expected), params


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "limit=0",
        "limit=201",
        "cursor=x",
        "cursor=W10",
        "level=D",
        "found_from=yesterday",
        "found_from=0001-01-01",
        "found_to=9999-12-31",
        "distrikt=x",
        "text=%00",
        f"text={'x' * 101}",
        "order=random",
    ],
)
def test_a_wrong_query_is_a_problem(api, query):
    answer = api.get(f"{CASES}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_cursor_of_another_order_is_a_problem(api, store):
    cursor = api.get(f"{CASES}?limit=1").json()["next_cursor"]
    answer = api.get(f"{CASES}?limit=1&order=due&cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:dustwatch:problem:bad-cursor")


def test_a_step_with_many_cases_tells_each(api, store):
    api.post(f"{CASES}/2/steps", json={"step": "reject", "by": "王工"})
    body = {"step": "confirm", "by": "赵主任", "cases": [{"id": 1, "version": 0}, {"id": 2}, {"id": 99}]}
    key = {"Idempotency-Key": "6f1a"}
    answer = api.post(STEPS, json=body, headers=key)
    told = answer.json()
    assert (answer.status_code, told["done"], told["refused"]) == (200, 1, 2)
    assert told["items"][0] == {
        "id": 1,
        "done": True,
        "state": "confirmed",
        "version": 1,
        "problem": None,
        "detail": None,
    }
    assert told["items"][1]["problem"] == "urn:dustwatch:problem:already-decided"
    assert "王工" in told["items"][1]["detail"]
    assert told["items"][2]["problem"] == "urn:dustwatch:problem:no-such-case"
    assert api.post(STEPS, json=body, headers=key).json() == told
    assert len(api.get(f"{CASES}/1/history").json()["steps"]) == 1
    other = api.post(STEPS, json={**body, "step": "reject"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:dustwatch:problem:request-key-taken")


@pytest.mark.parametrize(
    "change",
    [
        {"cases": []},
        {"cases": [{"id": 1}, {"id": 1, "version": 2}]},
        {"cases": [{"id": number} for number in range(1, MOST_CASES + 2)]},
        {"cases": [{"id": 0}]},
        {"cases": [{"id": 2**31}]},
        {"step": "fly"},
        {"correction": {"boxes": [{"class_name": "truck", "bbox_xyxy": [0.1, 0.2, 0.5, 0.6]}]}},
    ],
)
def test_a_wrong_request_is_a_problem_and_changes_nothing(api, store, change):
    answer = api.post(STEPS, json={"step": "confirm", "cases": [{"id": 1}], **change})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert store.revision().last_step == 0


def test_a_wrong_key_is_a_problem(api, store):
    for key in ("", "x" * 65, "a b"):
        answer = api.post(STEPS, json={"step": "confirm", "cases": [{"id": 1}]}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422


def test_the_description_has_examples(api):
    schema = api.get("/openapi.json").json()
    assert schema["components"]["schemas"]["BulkStepRequest"]["examples"]
    parameters = schema["paths"][CASES]["get"]["parameters"]
    assert {"state", "district", "street", "level", "found_from", "found_to", "text", "cursor"} <= {
        each["name"] for each in parameters
    }
