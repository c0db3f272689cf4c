"""Sites over HTTP."""

SITE = {
    "id": "binjiang-1",
    "name": "滨江一号地块",
    "category": "construction",
    "district": "滨江区",
    "control_level": "A",
}
URL = "/api/v1/sites/binjiang-1"


def test_a_site_is_kept_read_listed_changed_and_removed(api):
    made = api.request("PUT", URL, json=SITE)
    assert (made.status_code, made.headers["etag"]) == (201, '"v1"')
    read = api.get(URL)
    assert read.json()["site"].items() >= SITE.items()
    changed = api.request("PUT", URL, json={**SITE, "control_level": "C"}, headers={"If-Match": read.headers["etag"]})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    late = api.request("PUT", URL, json=SITE, headers={"If-Match": read.headers["etag"]})
    assert (late.status_code, late.json()["type"]) == (412, "urn:dustwatch:problem:site-changed")
    assert [item["site"]["id"] for item in api.get("/api/v1/sites?district=滨江区").json()["items"]] == ["binjiang-1"]
    assert api.get("/api/v1/sites?district=西湖区").json() == {"items": [], "next_cursor": None}
    assert api.request("DELETE", URL, headers={"If-Match": '"v1"'}).status_code == 412
    assert api.request("DELETE", URL).status_code == 204
    assert api.get(URL).json()["type"] == "urn:dustwatch:problem:no-such-site"


def test_a_site_that_makes_no_sense_is_a_problem(api):
    for body in ({**SITE, "category": "castle"}, {**SITE, "id": "other"}, {**SITE, "colour": 1}, {}):
        answer = api.request("PUT", URL, json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
    assert api.get(URL).status_code == 404
    assert api.request("PUT", URL, content=b"x" * 100_000).status_code == 413


def test_the_six_kinds_are_told(api):
    kinds = api.get("/api/v1/site-categories").json()
    assert len(kinds) == 6
    assert {"id": "road", "zh": "道路工程", "en": "road works"} in kinds


def test_a_sites_level_sets_its_cases_due_times(api, make_package):
    api.request("PUT", URL, json=SITE)
    strict = api.hand_in(make_package(site_id="binjiang-1")).json()
    usual = api.hand_in(make_package(site_id="elsewhere")).json()
    assert strict["due_at"] < usual["due_at"]
