"""Health reports reach the queue in their newest state, whatever happens on the way (a real queue on a socket)."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.delivery import health_outbox
from service.delivery.health_outbox import HealthOutbox
from service.delivery.health_poster import HealthPoster
from service.domain.health import HealthReport
from tests.conftest import free_port, wait_until
from tests.service.health_reports import make_report, minutes

Serve = Callable[[Path], str]


@pytest.fixture
def outbox(tmp_path: Path) -> HealthOutbox:
    return HealthOutbox(tmp_path / "edge")


def stored(queue: str) -> dict[str, dict[str, Any]]:
    answer = httpx.get(f"{queue}/api/v1/health-observations?limit=200").json()
    return {item["key"]: item for item in answer["items"]}


def ended(report: HealthReport, at: float) -> HealthReport:
    return report.model_copy(update={"ended_at": minutes(at)})


def break_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(health_outbox, "replace_durably", fail)


def test_reports_go_out_and_their_ends_follow(outbox: HealthOutbox, tmp_path: Path, serve: Serve) -> None:
    queue = serve(tmp_path / "service")
    poster = HealthPoster(outbox, queue)
    first, second = make_report(0), make_report(1, camera_id="other")
    outbox.put(first)
    outbox.put(second)
    assert outbox.count() == 2
    assert poster.deliver_all()
    assert outbox.count() == 0
    assert {item["ended_at"] for item in stored(queue).values()} == {None}
    outbox.put(ended(first, 9))
    assert poster.deliver_all()
    assert stored(queue)[first.key]["ended_at"] == "2025-06-01T04:09:00Z"
    assert stored(queue).keys() == {first.key, second.key}


def test_a_later_state_replaces_the_one_that_waits_also_after_a_restart(outbox: HealthOutbox, tmp_path: Path) -> None:
    report = make_report()
    outbox.put(report)
    outbox.put(ended(report, 9))
    assert list(HealthOutbox(tmp_path / "edge").waiting()) == [ended(report, 9)]


def test_while_the_queue_is_down_reports_wait_and_then_go(outbox: HealthOutbox, tmp_path: Path, serve: Serve) -> None:
    outbox.put(make_report())
    assert not HealthPoster(outbox, f"http://127.0.0.1:{free_port()}").deliver_all()
    assert outbox.count() == 1
    queue = serve(tmp_path / "service")
    poster = HealthPoster(outbox, queue)
    poster.start()
    wait_until(lambda: len(stored(queue)) == 1 and outbox.count() == 0, 20, "the report")
    poster.stop()


def test_what_the_queue_refuses_is_put_beside_and_holds_up_nothing(
    outbox: HealthOutbox, tmp_path: Path, serve: Serve
) -> None:
    queue = serve(tmp_path / "service")
    poster = HealthPoster(outbox, queue)
    known = make_report()
    outbox.put(known)
    assert poster.deliver_all()
    outbox.put(known.model_copy(update={"camera_id": "other"}))
    good = make_report(5)
    outbox.put(good)
    assert poster.deliver_all()
    assert stored(queue).keys() == {known.key, good.key}
    assert [path.stem for path in (tmp_path / "edge" / "refused").iterdir()] == [known.key]


def test_a_report_sent_twice_changes_nothing(outbox: HealthOutbox, tmp_path: Path, serve: Serve) -> None:
    queue = serve(tmp_path / "service")
    poster = HealthPoster(outbox, queue)
    report = make_report(0, 9)
    for _ in range(2):
        outbox.put(report)
        assert poster.deliver_all()
    assert len(stored(queue)) == 1


def test_a_state_that_comes_while_an_earlier_one_is_sent_is_kept(outbox: HealthOutbox) -> None:
    report = make_report()
    outbox.put(report)
    (sent,) = outbox.waiting()
    outbox.put(ended(report, 9))
    outbox.settle(sent)
    assert list(outbox.waiting()) == [ended(report, 9)]


def test_with_the_disk_full_the_newest_state_waits_in_memory_and_is_written_later(
    outbox: HealthOutbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = make_report()
    with monkeypatch.context() as full:
        break_disk(full)
        outbox.put(report)
        outbox.put(ended(report, 9))
        assert list(outbox.waiting()) == [ended(report, 9)]
        assert outbox.count() == 1
    assert list(outbox.waiting()) == [ended(report, 9)]
    assert list(HealthOutbox(tmp_path / "edge").waiting()) == [ended(report, 9)]


def test_with_the_disk_full_reports_are_delivered_from_memory(
    outbox: HealthOutbox, tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = serve(tmp_path / "service")
    report = make_report()
    outbox.put(report)
    break_disk(monkeypatch)
    outbox.put(ended(report, 9))
    assert HealthPoster(outbox, queue).deliver_all()
    assert stored(queue)[report.key]["ended_at"] == "2025-06-01T04:09:00Z"
    assert outbox.count() == 0


def test_memory_holds_so_many_reports_and_loses_the_oldest(
    outbox: HealthOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_disk(monkeypatch)
    monkeypatch.setattr(health_outbox, "MOST_IN_MEMORY", 2)
    reports = [make_report(number) for number in range(3)]
    for report in reports:
        outbox.put(report)
    assert list(outbox.waiting()) == reports[1:]


def test_what_was_going_on_when_the_process_was_killed_ends_at_the_next_start(
    outbox: HealthOutbox, tmp_path: Path, serve: Serve
) -> None:
    queue = serve(tmp_path / "service")
    going_on, over = make_report(0), make_report(1)
    for report in (going_on, over, ended(over, 9)):
        outbox.put(report)
    assert HealthPoster(outbox, queue).deliver_all()
    restarted = HealthOutbox(tmp_path / "edge")
    restarted.end_interrupted(minutes(60))
    assert list(restarted.waiting()) == [ended(going_on, 60)]
    assert HealthPoster(restarted, queue).deliver_all()
    assert stored(queue)[over.key]["ended_at"] == "2025-06-01T04:09:00Z"
    HealthOutbox(tmp_path / "edge").end_interrupted(minutes(90))
    assert restarted.count() == 0


def test_half_a_file_is_put_beside_and_half_a_write_is_removed(outbox: HealthOutbox, tmp_path: Path) -> None:
    waiting = tmp_path / "edge" / "waiting"
    outbox.put(make_report())
    (whole,) = waiting.iterdir()
    (waiting / "half.json").write_bytes(whole.read_bytes()[:-9])
    (waiting / "half.part").write_bytes(b"{")
    again = HealthOutbox(tmp_path / "edge")
    assert len(list(again.waiting())) == 1
    assert [path.name for path in waiting.iterdir()] == [whole.name]
    assert [path.name for path in (tmp_path / "edge" / "refused").iterdir()] == ["half.json"]
