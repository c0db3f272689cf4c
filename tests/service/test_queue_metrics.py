"""The service's metrics: cases by state, whether its parts work, and requests by route, never by what strangers ask."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.api.app import create_app
from service.metrics_server import collector_served
from tests.conftest import free_port
from tests.service.conftest import Api


@pytest.fixture
def app(tmp_path):
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True)
    yield app
    app.state.store.close()


def scraped(app):
    port = free_port()
    with collector_served(("127.0.0.1", port), app.state.metrics):
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_cases_are_counted_by_their_state(app, make_package):
    assert Api(app).hand_in(make_package()).is_success

    samples = scraped(app)

    assert samples["dustwatch_cases", "found"] == 1
    assert samples["dustwatch_cases", "closed"] == 0
    assert (samples["dustwatch_database_up",], samples["dustwatch_evidence_writable",]) == (1, 1)


def test_requests_are_counted_by_route(app):
    api = Api(app)
    for url in ("/healthz", "/healthz", "/api/v1/invented-1", "/invented-2"):
        api.get(url)

    samples = scraped(app)

    assert samples["dustwatch_requests_total", "GET", "/healthz", "200"] == 2
    assert samples["dustwatch_request_seconds_count", "GET", "/healthz"] == 2
    assert not any("invented" in part for name in samples for part in name)
