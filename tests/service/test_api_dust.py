"""Dust monitors and their readings over HTTP."""

from datetime import timedelta

import pytest

from service.api import dust as dust_api
from service.dust.reading import Instrument, Mark
from service.storage.database import open_database
from service.storage.dust_store import DustStore
from tests.service.dust.dust_packets import MN, NOON, make_reading

READINGS = "/api/v1/dust/readings"


@pytest.fixture
def dust(app, tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    store = DustStore(engine)
    store.register([Instrument(MN, "东门扬尘仪", "binjiang-1", "滨江一号地块", 5)])
    yield store
    engine.dispose()


def span(minutes=60, **more):
    end = NOON + timedelta(minutes=minutes)
    return {"instrument": MN, "from": NOON.isoformat(), "to": end.isoformat(), **more}


def test_instruments_are_listed(api, dust):
    dust.put(make_reading(3), NOON + timedelta(minutes=4))
    assert api.get("/api/v1/dust/instruments").json() == [
        {
            "number": MN,
            "name": "东门扬尘仪",
            "site": {"id": "binjiang-1", "name": "滨江一号地块"},
            "minutes_per_record": 5,
            "last_measured_at": "2025-06-01T04:03:00Z",
            "last_received_at": "2025-06-01T04:04:00Z",
        }
    ]


def test_readings_are_listed_with_what_marks_them(api, dust):
    dust.put(make_reading(0, pm10=81.0), NOON)
    dust.put(make_reading(1, mark=Mark.FAULTY, pm10=999.0), NOON)
    answer = api.get(READINGS, params=span()).json()
    assert [item["at"] for item in answer["items"]] == ["2025-06-01T04:00:00Z", "2025-06-01T04:01:00Z"]
    assert [item["factors"]["pm10"] for item in answer["items"]] == [
        {"mean": 81.0, "lowest": None, "highest": None, "count": 1, "marks": []},
        {"mean": 999.0, "lowest": None, "highest": None, "count": 0, "marks": ["D"]},
    ]
    assert answer["next_from"] is None


def test_downsampling_leaves_out_what_is_marked(api, dust):
    for minute, level in enumerate([10.0, 20.0, 30.0, 40.0]):
        dust.put(make_reading(minute, pm10=level), NOON)
    dust.put(make_reading(4, mark=Mark.CALIBRATED, pm10=999.0), NOON)
    dust.put(make_reading(10, mark=Mark.STOPPED, pm10=0.0), NOON)
    items = api.get(READINGS, params=span(step_s=300)).json()["items"]
    assert [item["at"] for item in items] == ["2025-06-01T04:00:00Z", "2025-06-01T04:10:00Z"]
    assert [item["factors"]["pm10"] for item in items] == [
        {"mean": 25.0, "lowest": 10.0, "highest": 40.0, "count": 4, "marks": ["C"]},
        {"mean": None, "lowest": None, "highest": None, "count": 0, "marks": ["F"]},
    ]


@pytest.mark.parametrize("step", [None, 120])
def test_what_does_not_fit_in_is_asked_for_next(api, dust, monkeypatch, step):
    monkeypatch.setattr(dust_api, "MOST_POINTS", 4)
    monkeypatch.setattr(dust_api, "MOST_READINGS", 5)
    for minute in range(12):
        dust.put(make_reading(minute, pm10=minute), NOON)
    more = {} if step is None else {"step_s": step}
    seen, asked = [], span(**more)
    while asked["from"] is not None:
        answer = api.get(READINGS, params=asked).json()
        seen += [(item["at"], item["factors"]["pm10"]["mean"]) for item in answer["items"]]
        asked["from"] = answer["next_from"]
    monkeypatch.undo()
    whole = api.get(READINGS, params=span(**more)).json()["items"]
    assert seen == [(item["at"], item["factors"]["pm10"]["mean"]) for item in whole]
    assert len(seen) == (12 if step is None else 6)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"instrument": "NOBODY"}, 404),
        ({"to": NOON.isoformat()}, 422),
        ({"to": (NOON + timedelta(days=32)).isoformat()}, 422),
        ({"from": "2025-06-01T04:00:00"}, 422),
        ({"from": "0001-01-01T00:00:00+14:00"}, 422),
        ({"period": "week"}, 422),
        ({"step_s": 0}, 422),
    ],
)
def test_what_can_not_be_answered_is_told(api, dust, change, status):
    answer = api.get(READINGS, params={**span(), **change})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_minute_readings_are_meant_unless_told(api, dust):
    dust.put(make_reading(0), NOON)
    assert api.get(READINGS, params=span(period="hour")).json()["items"] == []
    assert api.get(READINGS, params=span(period="minute")).json() == api.get(READINGS, params=span()).json()


def test_a_case_is_shown_with_the_dust_of_its_site_and_time(api, dust, make_package):
    dust.register([Instrument(MN, "东门扬尘仪", "s-01", "滨江一号地块", 5)])
    case = api.hand_in(make_package()).json()
    for minute in range(-60, 61, 5):
        dust.put(make_reading(minute, tsp=900.0 if -20 <= minute < 20 else 200.0), NOON)

    (beside,) = api.get(f"/api/v1/cases/{case['id']}/dust").json()

    assert beside["instrument"] == MN
    assert [item["factors"]["tsp"]["mean"] for item in beside["items"]].count(900.0) == 8
    (exceedance,) = beside["exceedances"]
    assert exceedance["shows_cause"]
    assert (exceedance["limit"], exceedance["started_at"]) == (500.0, "2025-06-01T03:45:00Z")


def test_a_case_of_a_site_without_dust_monitors_is_shown_with_none(api, dust, make_package):
    case = api.hand_in(make_package()).json()
    assert api.get(f"/api/v1/cases/{case['id']}/dust").json() == []
    assert api.get("/api/v1/cases/4711/dust").status_code == 404


REGIONAL = "/api/v1/dust/regional"


def test_the_region_s_value_of_an_hour_is_kept_corrected_and_listed(api):
    body = {"hour": NOON.isoformat(), "pm10_ug_m3": 90.0}
    assert api.request("PUT", REGIONAL, json=body).status_code == 201
    assert api.request("PUT", REGIONAL, json={**body, "pm10_ug_m3": 85.0}).status_code == 200
    asked = {"from": NOON.isoformat(), "to": (NOON + timedelta(hours=1)).isoformat()}
    assert api.get(REGIONAL, params=asked).json() == {"items": [{"hour": "2025-06-01T04:00:00Z", "pm10_ug_m3": 85.0}]}
    assert api.get(REGIONAL, params={**asked, "from": asked["to"]}).status_code == 422


@pytest.mark.parametrize(
    "change", [{"hour": "2025-06-01T04:30:00Z"}, {"pm10_ug_m3": -1}, {"pm10_ug_m3": None}, {"hour": "2025-06-01T04:00"}]
)
def test_what_is_no_hour_s_value_is_refused(api, change):
    body = {"hour": NOON.isoformat(), "pm10_ug_m3": 90.0, **change}
    assert api.request("PUT", REGIONAL, json=body).status_code == 422
