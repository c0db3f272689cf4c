"""Every try to post a package is in its one trace, also those of another process, later."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.delivery.poster import Poster
from service.telemetry import set_up_traces
from tests.conftest import free_port, wait_until
from tests.service.otlp_receiver import Collector, collector
from tests.vision.evidence.packages import make_package
from vision import tracing


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.address)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        yield found
    tracing.listen(None)


def test_a_package_that_is_tried_again_later_stays_one_trace_up_to_its_case(
    tmp_path: Path, video: Path, serve: Callable[[Path], str], collected: Collector
) -> None:
    package = make_package(tmp_path / "edge", video)
    ready, trace = tmp_path / "edge" / "ready", uuid.UUID(package.name).hex
    lonely = Poster(ready, f"http://127.0.0.1:{free_port()}")
    set_up_traces("edge-before")
    assert not lonely.deliver_all()
    queue = serve(tmp_path / "service")
    set_up_traces("edge-after")  # as in a process that knows nothing of the first try
    assert Poster(ready, queue).deliver_all()

    wait_until(lambda: len([each for each in collected.spans if each.name == "post"]) == 2, 20, "both tries")
    first, second = sorted((each for each in collected.spans if each.name == "post"), key=lambda each: each.began_ns)
    assert [each.service for each in (first, second)] == ["edge-before", "edge-after"]
    assert {first.trace, second.trace} == {trace}
    assert first.parent == second.parent != ""
