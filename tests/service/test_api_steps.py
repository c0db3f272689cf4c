"""The life cycle over HTTP: steps, who was first, history, and what may be done now."""

import pytest

STEPS, HISTORY = "/api/v1/cases/1/steps", "/api/v1/cases/1/history"


@pytest.fixture(autouse=True)
def case(api, make_package):
    return api.hand_in(make_package()).json()


def test_a_case_is_led_through_its_whole_life(api):
    way = (
        ({"step": "confirm", "by": "王工", "role": "inspector"}, "confirmed"),
        ({"step": "assign", "by": "赵主任", "party": "某建设集团"}, "assigned"),
        ({"step": "accept", "by": "项目部", "role": "site"}, "rectifying"),
        ({"step": "report", "by": "项目部", "role": "site", "reason": "已覆盖"}, "rectifying"),
        ({"step": "verify", "by": "王工", "role": "inspector"}, "verified"),
        ({"step": "close", "by": "赵主任", "role": "district"}, "closed"),
        ({"step": "pass", "by": "dustwatch", "role": "machine"}, "passed"),
    )
    for number, (body, state) in enumerate(way, start=1):
        answer = api.post(STEPS, json=body)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
        assert answer.headers["etag"] == f'"v{number}"'
    told = api.get(HISTORY).json()
    assert [step["after"] for step in told["steps"]] == [state for _, state in way]
    assert [step["by"] for step in told["steps"]] == [body["by"] for body, _ in way]
    assert told["steps"][3]["reason"] == "已覆盖"
    assert told["steps"][0]["at"].endswith("Z")
    assert told["case"]["assigned_to"] == "某建设集团"
    assert told["case"]["due_at"] is None


def test_what_may_be_done_now_depends_on_state_and_role(api, case):
    assert case["due_at"] > case["received_at"]
    assert api.get(f"{HISTORY}?role=site").json()["possible"] == [{"step": "note", "needs": "reason"}]
    api.post(STEPS, json={"step": "confirm"})
    possible = api.get(HISTORY).json()["possible"]
    assert {"step": "assign", "needs": "party"} in possible
    assert all(each["step"] != "confirm" for each in possible)


def test_a_step_that_was_meant_for_an_older_version_fails_and_names_who_was_first(api):
    read = api.get("/api/cases/1").headers["etag"]
    assert read == api.get(HISTORY).headers["etag"] == '"v0"'
    first = api.post(STEPS, json={"step": "confirm", "by": "王工"}, headers={"If-Match": read})
    assert first.status_code == 200
    second = api.post(STEPS, json={"step": "note", "reason": "x"}, headers={"If-Match": read})
    assert (second.status_code, second.json()["type"]) == (412, "urn:dustwatch:problem:case-changed")
    assert "王工" in second.json()["detail"]
    anyhow = api.post(STEPS, json={"step": "note", "reason": "x"}, headers={"If-Match": "*"})
    assert anyhow.headers["etag"] == '"v2"'
    for never in ("v2", 'W/"v2"', '"x"', '"v99999999999"'):
        answer = api.post(STEPS, json={"step": "note", "reason": "x"}, headers={"If-Match": never})
        assert answer.status_code == 412


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"step": "verify"}, 409, "step-not-possible"),
        ({"step": "undo"}, 409, "not-decided"),
        ({"step": "confirm", "role": "site"}, 403, "step-not-allowed"),
        ({"step": "note"}, 422, "step-incomplete"),
        ({"step": "note", "reason": "  "}, 422, "step-incomplete"),
        ({"step": "merge", "target_case": 1}, 409, "bad-merge-target"),
        ({"step": "merge", "target_case": 99}, 404, "no-such-case"),
        ({"step": "fly"}, 422, "bad-input"),
        ({"step": "note", "reason": "a\u0000"}, 422, "bad-input"),
        ({"step": "doubt", "correction": {"boxes": []}}, 422, "bad-input"),
    ],
)
def test_what_can_not_be_done_is_a_problem_and_leaves_no_trace(api, body, status, kind):
    answer = api.post(STEPS, json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:dustwatch:problem:{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert api.get(HISTORY).json()["steps"] == []


def test_the_review_of_before_is_a_step_like_any_other(api):
    api.post("/api/cases/1/review", json={"decision": "reject", "reason": "was_washed", "reviewer": "王工"})
    (step,) = api.get(HISTORY).json()["steps"]
    assert (step["step"], step["by"], step["role"], step["after"]) == ("reject", "王工", "reviewer", "rejected")
    conflict = api.post(STEPS, json={"step": "confirm"})
    assert (conflict.status_code, conflict.json()["type"]) == (409, "urn:dustwatch:problem:already-decided")
    assert "王工" in conflict.json()["detail"]
    api.post(STEPS, json={"step": "undo"})
    assert [review["decision"] for review in api.get("/api/cases/1").json()["reviews"]] == ["reject", "undo"]


def test_cases_can_be_listed_by_any_state(api):
    api.post(STEPS, json={"step": "doubt"})
    assert [case["id"] for case in api.get("/api/cases?state=unsure").json()["items"]] == [1]
    assert api.get("/api/cases?state=assigned").json()["items"] == []


def test_a_case_that_is_not_there(api):
    assert api.get("/api/v1/cases/9/history").status_code == 404
    assert api.post("/api/v1/cases/9/steps", json={"step": "confirm"}).status_code == 404
