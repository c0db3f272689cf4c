"""GET /api/v1/inspection-intervals: levels, alerts in time, unknown sites; and the edge's questions."""

from datetime import date

import httpx
import pytest
from fastapi.testclient import TestClient

from service.api.app import create_app
from service.delivery.interval_poller import IntervalPoller
from service.delivery.queue_poller import AT_ONCE
from tests.service.accounts.conftest import MovedClock

PATH = "/api/v1/inspection-intervals"
SITE = {"name": "堆场", "category": "construction", "district": "滨江区"}


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def api(tmp_path, clock):
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True, clock=clock)
    with TestClient(app) as client:
        for name, level in (("strict", "A"), ("usual", "B")):
            client.put(f"/api/v1/sites/{name}", json={**SITE, "id": name, "control_level": level}).raise_for_status()
        yield client


def seconds(api):
    items = api.get(PATH, params={"site_id": ["strict", "usual", "unknown"]}).json()["items"]
    return {each["site_id"]: each["interval_s"] for each in items}


def test_each_site_has_the_interval_of_its_level_while_an_alert_lasts_a_shorter_one(api, clock):
    assert seconds(api) == {"strict": 10, "usual": 30, "unknown": 10}
    alert = {
        "starts_at": clock.now.isoformat(),
        "ends_at": clock.now.replace(hour=clock.now.hour + 1).isoformat(),
        "level": "orange",
    }
    api.put("/api/v1/alerts", json=alert).raise_for_status()
    assert seconds(api) == {"strict": 2.5, "usual": 7.5, "unknown": 2.5}
    told = api.get(PATH, params={"site_id": "usual"}).json()["items"]
    assert told == [{"site_id": "usual", "interval_s": 7.5, "level": "B", "alert": "orange"}]
    clock.move(minutes=60)
    assert seconds(api) == {"strict": 10, "usual": 30, "unknown": 10}


def test_a_question_names_some_sites_and_not_too_many(api):
    assert api.get(PATH).status_code == 422
    assert api.get(PATH, params={"site_id": ["s"] * 101}).status_code == 422


def test_before_the_office_s_first_rules_nothing_is_asked_for(api, clock):
    clock.now = clock.now.replace(year=2019)
    assert date(2020, 1, 1) > clock.now.date()
    assert seconds(api) == {}


def test_an_edge_asks_for_all_its_sites_and_keeps_what_it_has_while_the_queue_is_away(api, monkeypatch):
    told = []
    sites = ["strict", *(f"s-{number}" for number in range(AT_ONCE))]
    poller = IntervalPoller("http://queue", lambda: sites, told.append)
    poller._client.close()
    poller._client = api
    assert poller.ask()
    assert told[0]["strict"] == 10
    assert len(told[0]) == len(sites)
    api_get = httpx.Response(503, request=httpx.Request("GET", "http://queue"))
    monkeypatch.setattr(api, "get", lambda *_args, **_fields: api_get)
    assert not poller.ask()
    assert len(told) == 1
