"""The queue over HTTP: lists, single cases, reviews, and how wrong requests are answered."""

import pytest


@pytest.fixture
def three(api, make_package):
    packages = [make_package(camera_id=camera) for camera in ("a", "b", "a")]
    return [api.hand_in(package).json() for package in packages]


def ids(response):
    return [case["id"] for case in response.json()["items"]]


def test_the_list_is_newest_first(api, three):
    response = api.get("/api/cases")
    assert response.json() == {"items": three[::-1], "next_cursor": None}


def test_the_list_goes_on_at_the_cursor(api, three):
    first = api.get("/api/cases?limit=2")
    assert ids(first) == [3, 2]
    second = api.get(f"/api/cases?limit=2&cursor={first.json()['next_cursor']}")
    assert ids(second) == [1]
    assert second.json()["next_cursor"] is None


def test_the_list_can_be_narrowed(api, three):
    api.post("/api/cases/1/review", json={"decision": "confirm"})
    assert ids(api.get("/api/cases?camera=a")) == [3, 1]
    assert ids(api.get("/api/cases?state=found&camera=a")) == [3]
    assert ids(api.get("/api/cases?state=confirmed")) == [1]
    assert ids(api.get("/api/cases?rule=unwashed_truck")) == [3, 2, 1]
    assert ids(api.get("/api/cases?rule=unknown")) == []


@pytest.mark.parametrize(
    "query", ["state=lost", "limit=0", "limit=201", "cursor=0", "cursor=x", "limit=x", "cursor=99999999999999999999"]
)
def test_a_wrong_query_is_a_problem(api, query):
    response = api.get(f"/api/cases?{query}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:dustwatch:problem:bad-input"


def test_a_case_shows_its_history(api, three):
    body = {"decision": "reject", "reason": " 已冲洗 ", "reviewer": "王工"}
    reviewed = api.post("/api/cases/2/review", json=body)
    assert reviewed.status_code == 200
    assert reviewed.json()["state"] == "rejected"
    shown = api.get("/api/cases/2").json()
    assert shown["case"] == reviewed.json()
    review = shown["reviews"][0]
    assert review.pop("decided_at").endswith("Z")
    assert review == {"decision": "reject", "reason": "已冲洗", "reviewer": "王工", "correction": None}


def test_a_decided_case_conflicts_and_can_be_undone(api, three):
    url = "/api/cases/1/review"
    assert api.post(url, json={"decision": "confirm"}).status_code == 200
    conflict = api.post(url, json={"decision": "reject"})
    assert conflict.status_code == 409
    assert conflict.json()["type"] == "urn:dustwatch:problem:already-decided"
    assert "confirmed" in conflict.json()["detail"]
    assert api.post(url, json={"decision": "undo"}).json()["state"] == "found"
    assert api.post(url, json={"decision": "undo"}).status_code == 409
    assert api.post(url, json={"decision": "reject"}).json()["state"] == "rejected"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "maybe"},
        {"decision": "confirm", "reason": "x" * 501},
        {"decision": "confirm", "reviewer": "a\u0000"},
    ],
)
def test_a_wrong_review_is_a_problem_and_changes_nothing(api, three, body):
    response = api.post("/api/cases/1/review", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert api.get("/api/cases/1").json()["case"]["state"] == "found"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_case_that_is_not_there(api, method):
    url = "/api/cases/9" if method == "GET" else "/api/cases/9/review"
    response = api.request(method, url, json={"decision": "confirm"})
    assert response.status_code == 404
    assert response.json()["type"] == "urn:dustwatch:problem:no-such-case"


@pytest.mark.parametrize(("method", "url", "status"), [("GET", "/api/nothing", 404), ("DELETE", "/api/cases", 405)])
def test_unknown_paths_and_methods_are_problems(api, method, url, status):
    response = api.request(method, url)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_health(api, app):
    assert api.get("/healthz").json() == {"status": "ok", "database": True, "evidence": True, "room": True}


def test_a_failing_evidence_folder_is_told(api, evidence_root):
    (evidence_root / ".incoming").rmdir()
    response = api.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "database": True, "evidence": False, "room": True}


def test_the_description_names_every_problem(api):
    schema = api.get("/openapi.json").json()
    assert "Problem" in schema["components"]["schemas"]
    post = schema["paths"]["/api/violations"]["post"]
    assert {"200", "201", "400", "409", "413", "422", "507"} <= set(post["responses"])
    assert "application/problem+json" in post["responses"]["409"]["content"]


AREA = {"class_name": "dust_net", "points": [[0.1, 0.1], [0.5, 0.1], [0.5, 0.6]]}
BOX = {"class_name": "muddy", "bbox_xyxy": [0.1, 0.2, 0.5, 0.6]}


def test_a_review_may_carry_a_correction(api, three):
    correction = {"areas": [AREA], "boxes": [BOX]}
    assert api.post("/api/cases/1/review", json={"decision": "reject", "correction": correction}).status_code == 200
    assert api.get("/api/cases/1").json()["reviews"][0]["correction"] == correction


@pytest.mark.parametrize(
    "correction",
    [
        "{}",
        {},
        {"areas": [], "boxes": []},
        {"areas": [{**AREA, "class_name": "gold"}]},
        {"areas": [{**AREA, "class_name": "muddy"}]},
        {"boxes": [{**BOX, "class_name": "bare_soil"}]},
        {"areas": [{**AREA, "points": [[0.1, 0.1], [0.5, 0.1]]}]},
        {"areas": [{**AREA, "points": [[0.1, 0.1], [0.5, 0.5], [0.5, 0.1], [0.1, 0.5]]}]},
        {"areas": [{**AREA, "points": [[0.1, 0.1], [0.5, 0.1], [0.3, 0.1]]}]},
        {"areas": [{**AREA, "points": [[0.1, 0.1], [1.5, 0.1], [0.5, 0.6]]}]},
        {"areas": [{**AREA, "points": [[0.1, 0.1, 0.1], [0.5, 0.1], [0.5, 0.6]]}]},
        {"areas": [{**AREA, "points": [[i / 1000, i % 2] for i in range(501)]}]},
        {"areas": [AREA] * 51},
        {"areas": [{**AREA, "extra": 1}]},
        {"boxes": [{**BOX, "bbox_xyxy": [0.5, 0.2, 0.1, 0.6]}]},
        {"boxes": [{**BOX, "bbox_xyxy": [0.1, 0.2, 0.5]}]},
        {"boxes": [{**BOX, "bbox_xyxy": [-0.1, 0.2, 0.5, 0.6]}]},
    ],
)
def test_a_hostile_correction_is_refused_and_changes_nothing(api, three, correction):
    response = api.post("/api/cases/1/review", json={"decision": "reject", "correction": correction})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert api.get("/api/cases/1").json()["case"]["state"] == "found"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_a_correction_with_a_number_that_is_none_is_refused(api, three, number):
    body = '{"decision": "reject", "correction": {"boxes": [{"class_name": "truck", "bbox_xyxy": [%s, 0, 1, 1]}]}}'
    headers = {"content-type": "application/json"}
    response = api.post("/api/cases/1/review", content=body % number, headers=headers)
    assert response.status_code == 422
    assert api.get("/api/cases/1").json()["reviews"] == []


def test_taking_back_carries_no_correction(api, three):
    api.post("/api/cases/1/review", json={"decision": "confirm"})
    response = api.post("/api/cases/1/review", json={"decision": "undo", "correction": {"boxes": [BOX]}})
    assert response.status_code == 422
    assert api.get("/api/cases/1").json()["case"]["state"] == "confirmed"


def test_a_case_tells_its_plate_as_the_manifest_does(api, make_package):
    plate = {"text": "苏A8K326", "confidence": 0.98, "views": 1, "valid": True}
    read = api.hand_in(make_package().with_manifest(plate=plate)).json()
    without = api.hand_in(make_package()).json()
    assert api.get(f"/api/cases/{read['id']}").json()["plate"] == plate
    assert api.get(f"/api/cases/{without['id']}").json()["plate"] is None
