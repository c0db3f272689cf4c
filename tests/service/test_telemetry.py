"""Traces are off unless a collector is named, need their extra, and tell of a package under its own number."""

import sys
import uuid

import pytest

from service import telemetry
from service.telemetry import TelemetryMissing, set_up_traces
from tests.service.otlp_receiver import collector
from vision import tracing
from vision.tracing import Timed

KEY = str(uuid.UUID(int=0xABC))
EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


@pytest.fixture(autouse=True)
def nobody_listens_afterwards():
    yield
    tracing.listen(None)


@pytest.fixture
def collected(monkeypatch):
    """A collector that this process sends to: what `flush` has sent on."""
    with collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.address)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        set_up_traces("test")
        yield found


def sent(collected, count):
    from tests.conftest import wait_until

    wait_until(lambda: len(collected.spans) >= count, 20, "the spans")
    return collected.spans


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_EXPORTER": "none"},
    ],
)
def test_without_a_collector_nothing_is_told(environment, monkeypatch):
    monkeypatch.setitem(sys.modules, EXPORTER, None)  # nor is anything loaded
    set_up_traces("test", environment)
    with tracing.span("post", KEY):
        assert (tracing.onward(), tracing.trace_id(KEY)) == ({}, "")


@pytest.mark.parametrize("variable", telemetry.ENDPOINTS)
def test_without_the_extra_one_line_tells_what_is_missing(monkeypatch, variable):
    monkeypatch.setitem(sys.modules, EXPORTER, None)
    with pytest.raises(TelemetryMissing, match=rf"{variable} is set: .* pip install 'dustwatch\[telemetry\]'"):
        set_up_traces("test", {variable: "http://127.0.0.1:9"})


def test_a_package_s_trace_has_the_number_of_its_key_whoever_tells_of_it(collected):
    tracing.tell(KEY, Timed("look", 1, 2), [Timed("inspection", 2, 5)], {"camera_id": "c"})
    with tracing.span("post", KEY):
        (header,) = tracing.onward().values()
        assert tracing.trace_id() == tracing.trace_id(KEY) == f"{0xABC:032x}"
    with tracing.from_afar("intake", header), tracing.span("case", KEY):
        pass
    by_name = {each.name: each for each in sent(collected, 5)}
    assert {each.trace for each in collected.spans} == {f"{0xABC:032x}"}
    look = by_name["look"]
    assert (look.parent, look.began_ns, look.ended_ns) == ("", 1, 5)
    assert {by_name[name].parent for name in ("inspection", "post")} == {look.span}
    assert by_name["intake"].parent == by_name["post"].span
    assert by_name["case"].parent == by_name["intake"].span


@pytest.mark.parametrize("header", ["", "x", "00-0-0-00", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é" * 500])
def test_a_header_that_is_none_begins_a_trace_of_its_own(collected, header):
    with tracing.from_afar("intake", header):
        pass
    assert sent(collected, 1)[-1].parent == ""


def test_passwords_in_addresses_are_masked(collected):
    with tracing.span("post", KEY, url="rtsp://admin:topsecret@192.0.2.1/stream"):
        pass
    assert "topsecret" not in sent(collected, 1)[0].attributes["dustwatch.url"]


def test_a_failure_within_a_span_is_not_swallowed(collected):
    with pytest.raises(OSError, match="full"), tracing.span("evidence", KEY):
        raise OSError("full")
    assert sent(collected, 1)[0].name == "evidence"
