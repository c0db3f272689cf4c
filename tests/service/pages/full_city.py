"""A queue in which each state of the closed loop, each kind of page and a hostile name has something to show."""

import httpx

from service.domain.cases import CaseState
from tests.service.camera_samples import GROUND, layout, news
from tests.service.conftest import draw_scene

HOSTILE = "<img src=x onerror=alert(1)> 城北"
PARTY = "某建设集团有限公司"
SITES = (
    ("east", "滨江一号地块住宅项目", "滨江区", "construction", (30.2084, 120.212)),
    ("west", HOSTILE, "西湖区", "road", (30.15, 120.1)),
)
WAYS: dict[CaseState, tuple[str, ...]] = {
    CaseState.PASSED: ("confirm", "assign", "accept", "report", "verify", "close", "pass"),
    CaseState.REOPENED: ("confirm", "assign", "accept", "report", "verify", "close", "reopen"),
    CaseState.CLOSED: ("confirm", "assign", "accept", "report", "verify", "close"),
    CaseState.VERIFIED: ("confirm", "assign", "accept", "report", "verify"),
    CaseState.RECTIFYING: ("confirm", "assign", "accept"),
    CaseState.ASSIGNED: ("confirm", "assign"),
    CaseState.CONFIRMED: ("confirm",),
    CaseState.UNSURE: ("doubt",),
    CaseState.FOUND: (),
}
"""The steps that lead a case into each state of the board; those that wait come last: they stand first in lists."""


def fill(address, make_package, each=2):
    """Hand in cases, `each` in every state, with sites and a camera; return a case's number by its state."""
    for site_id, name, district, category, (latitude, longitude) in SITES:
        site = {"id": site_id, "name": name, "district": district, "category": category, "control_level": "A"}
        site["position"] = {"latitude": latitude, "longitude": longitude}
        site["parties"] = [{"role": "contractor", "name": PARTY, "contact": "0571-0000000"}]
        assert httpx.put(f"{address}/api/v1/sites/{site_id}", json=site).is_success
    numbers = {}
    for place, (state, steps) in enumerate(WAYS.items()):
        for one in range(each):
            numbers[state] = _hand_in(address, make_package, minutes=place * each + one, site=SITES[one % 2])
            for step in steps:
                _take(address, numbers[state], step)
    camera = f"{address}/api/v1/cameras/east/east-gate"
    drawn = news(site_name=SITES[0][1], layout={**layout(), "ground": GROUND})
    assert httpx.put(camera, json=drawn).status_code == 204
    at = {"captured_at": "2025-06-01T04:00:00Z"}
    assert httpx.put(f"{camera}/picture", content=draw_scene(), params=at).status_code == 204
    return numbers


def _hand_in(address, make_package, *, minutes, site):
    place = {"site_id": site[0], "site_name": site[1], "camera_id": f"{site[0]}-gate"}
    package = make_package(minutes=minutes, **place)
    if minutes % 3 == 1:
        package = package.with_manifest(rule="uncovered_soil", measures={"bare_soil_share": 0.5, "lasted_s": 1800.0})
    answer = httpx.post(f"{address}/api/violations", files=package.parts(), headers=package.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _take(address, case_id, step):
    body = {"step": step, "party": PARTY, "reason": "现场仍有裸土"}
    answer = httpx.post(f"{address}/api/v1/cases/{case_id}/steps", json=body)
    assert answer.status_code == 200, answer.text
