"""A disk that is nearly full: nothing more is taken in, everybody is told, and what is there can be worked on."""

import pytest

from service.api.app import create_app
from service.storage.evidence_bucket import open_evidence
from tests.service.conftest import Api


@pytest.fixture
def full(tmp_path, package):
    """A service with one case, on a disk of which more should be free than there is."""
    url = f"sqlite:///{tmp_path}/cases.db"
    roomy = create_app(url, tmp_path / "evidence", pages=False, is_open=True)
    assert Api(roomy).hand_in(package).status_code == 201
    assert Api(roomy).get("/healthz").json()["room"]
    roomy.state.store.close()
    app = create_app(url, open_evidence(tmp_path / "evidence", least_free_bytes=1 << 62), pages=False, is_open=True)
    yield Api(app)
    app.state.store.close()


def test_nothing_is_taken_in_and_the_edge_is_told_when_to_come_back(full, make_package, tmp_path):
    refused = full.hand_in(make_package())
    assert (refused.status_code, refused.headers["retry-after"]) == (507, "300")
    assert refused.json()["type"] == "urn:dustwatch:problem:storage-full"
    assert len(list((tmp_path / "evidence").iterdir())) == 2  # the case's package, and the folder of what comes in


def test_monitors_are_told(full):
    health = full.get("/healthz")
    assert (health.status_code, health.json()["room"], health.json()["database"]) == (503, False, True)


def test_open_cases_are_shown_and_decided_as_ever(full, package):
    assert full.hand_in(package).status_code == 200
    assert full.get("/api/cases/1/evidence/clean.jpg").status_code == 200
    assert full.post("/api/cases/1/review", json={"decision": "confirm"}).status_code in {200, 201}
