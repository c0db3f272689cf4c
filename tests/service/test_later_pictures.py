"""Later pictures join the case of the violation that they follow: once, in any order, and they decide nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.domain.cases import CaseState
from service.evidence_check import Reference, all_cases, check_evidence
from vision.evidence.verify import find_packages


@pytest.fixture
def case_id(api, package):
    return api.hand_in(package).json()["id"]


def test_a_later_picture_joins_its_case(api, package, make_later, case_id):
    later = make_later(package)
    answer = api.hand_in(later)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/cases/{case_id}"
    case = answer.json()
    assert (case["id"], case["key"], case["state"]) == (case_id, package.key, "found")
    (listed,) = case["later"]
    assert (listed["key"], listed["number"], listed["stage"]) == (later.key, 1, "lasting")
    assert listed["captured_at"] == case["lasting_at"] == "2025-06-01T05:00:00Z"
    assert case["ended_at"] is None
    assert [item["role"] for item in listed["evidence"]] == ["clean", "annotated"]
    for item in listed["evidence"]:
        assert api.get(item["url"]).content == later.files[item["name"]]
    assert api.get(f"/api/cases/{case_id}/later/1/evidence").content == later.manifest_bytes
    assert api.get(f"/api/cases/{case_id}/later/1/thumbnail").headers["content-type"] == "image/jpeg"
    assert api.get("/api/cases").json()["items"] == [case]


def test_the_end_is_told_and_the_decision_stays_with_the_inspector(api, package, make_later, case_id):
    api.hand_in(make_later(package, 2, stage="ended", minutes=600))
    case = api.hand_in(make_later(package, 1)).json()
    assert [later["number"] for later in case["later"]] == [1, 2]
    assert case["ended_at"] == "2025-06-01T14:00:00Z"
    assert case["state"] == CaseState.FOUND
    api.post(f"/api/cases/{case_id}/review", json={"decision": "confirm"})
    decided = api.get(f"/api/cases/{case_id}").json()["case"]
    assert (decided["state"], decided["ended_at"]) == ("confirmed", case["ended_at"])
    assert api.hand_in(make_later(package, 3)).json()["state"] == "confirmed"


def test_the_same_later_picture_again_changes_nothing(api, package, make_later, case_id):
    later = make_later(package)
    first, second = api.hand_in(later), api.hand_in(later)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_many_at_once_add_one(api, package, make_later, case_id):
    later = make_later(package)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: api.hand_in(later), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len(api.get(f"/api/cases/{case_id}").json()["case"]["later"]) == 1


def test_another_picture_of_the_same_number_conflicts(api, package, make_later, case_id):
    api.hand_in(make_later(package))
    assert api.hand_in(make_later(package, minutes=90)).status_code == 409


def test_before_its_case_is_there_it_is_asked_for_again_later(api, package, make_later, evidence_root):
    later = make_later(package)
    answer = api.hand_in(later)
    assert answer.status_code == 424
    assert answer.json()["type"] == "urn:dustwatch:problem:first-package-missing"
    assert not (evidence_root / later.key).exists()
    api.hand_in(package)
    assert api.hand_in(later).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "00000000-0000-4000-8000-000000000000"},
        {"rule": "uncovered_soil"},
        {"follows": {"key": "no key", "number": 1, "stage": "lasting"}},
    ],
)
def test_one_that_does_not_fit_is_refused(api, package, make_later, case_id, changes):
    assert api.hand_in(make_later(package).with_manifest(**changes)).status_code == 422
    assert api.get(f"/api/cases/{case_id}").json()["case"]["later"] == []


@pytest.mark.parametrize("path", ["2/evidence", "2/thumbnail", "2/evidence/clean.jpg", "1/evidence/clip.mp4"])
def test_what_is_not_there_is_told(api, package, make_later, case_id, path):
    api.hand_in(make_later(package))
    assert api.get(f"/api/cases/{case_id}/later/{path}").status_code == 404


def test_an_open_page_notices_a_later_picture(api, app, package, make_later, case_id):
    before = app.state.store.revision()
    api.hand_in(make_later(package))
    assert app.state.store.revision() != before


def test_a_later_package_that_was_removed_is_missed(api, app, package, make_later, case_id, evidence_root):
    later = make_later(package)
    api.hand_in(later)
    cases = all_cases(app.state.store)
    whole = check_evidence(find_packages(evidence_root), Reference(cases=cases), as_chains=False)
    assert whole.faults == []
    (evidence_root / later.key).rename(evidence_root.parent / "gone")
    faults = check_evidence(find_packages(evidence_root), Reference(cases=cases), as_chains=False).faults
    assert [fault.kind.name for fault in faults] == ["NOT_HERE"]
