"""Keeps health reports on the edge's disk until the queue has them: the newest state of each observation."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from service.domain.health import HealthReport
from vision.evidence.durable import replace_durably

log = structlog.get_logger(__name__)

MOST_IN_MEMORY = 1000
"""How many reports are held in memory while the disk takes none; beyond, the oldest is lost."""


class HealthOutbox:
    """A folder with a file an observation. Safe to call from several threads.

    `waiting` holds what the queue has not confirmed, `refused` what it will never take. `ongoing` remembers what has
    not ended yet, so that a process that was killed does not leave observations that go on for ever.
    """

    def __init__(self, folder: Path) -> None:
        self._waiting, self._refused, self._ongoing = (folder / name for name in ("waiting", "refused", "ongoing"))
        for each in (self._waiting, self._refused, self._ongoing):
            each.mkdir(parents=True, exist_ok=True)
            for unfinished in each.glob("*.part"):
                unfinished.unlink()
        self._unwritten: dict[str, HealthReport] = {}
        self._lock = threading.Lock()

    def put(self, report: HealthReport) -> None:
        """Take a report, in place of an earlier state of the same observation; with the disk full, memory holds it."""
        with self._lock:
            self._unwritten.pop(report.key, None)  # a newer state goes to the end
            self._unwritten[report.key] = report
            self._write_unwritten()
            while len(self._unwritten) > MOST_IN_MEMORY:
                lost = next(iter(self._unwritten))
                del self._unwritten[lost]
                log.error("health.lost", key=lost, reason="the disk takes no more reports")

    def end_interrupted(self, at: datetime) -> None:
        """End, at this time (UTC), what was going on when the process before this one ended; call it once at start.

        What is still wrong is observed anew, and joins the open maintenance case.
        """
        for path in sorted(self._ongoing.glob("*.json")):
            report = _read(path)
            if report is None:
                path.unlink()
                continue
            self.put(report.model_copy(update={"ended_at": max(at, report.started_at)}))

    def waiting(self) -> Iterator[HealthReport]:
        """Give what is to be sent, the longest waiting first, those in memory last; puts aside what can't be read."""
        with self._lock:
            self._write_unwritten()
            # Names and times together under the lock: a file may be replaced at any moment.
            paths = sorted(self._waiting.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
            in_memory = list(self._unwritten.values())
        for path in paths:
            with self._lock:
                report = _read(path)
                if report is None:
                    path.rename(self._refused / path.name)
            if report is not None:
                yield report
        yield from in_memory

    def count(self) -> int:
        """Return how many reports wait to be sent."""
        with self._lock:
            return len({path.stem for path in self._waiting.glob("*.json")} | self._unwritten.keys())

    def settle(self, report: HealthReport, *, refused: bool = False) -> None:
        """Forget a report that the queue has confirmed, or move it beside when it refused; a newer state stays."""
        path = self._waiting / f"{report.key}.json"
        with self._lock:
            if self._unwritten.get(report.key) == report:
                del self._unwritten[report.key]
            if path.exists() and _read(path) == report:
                if refused:
                    path.rename(self._refused / path.name)
                else:
                    path.unlink()
            if report.ended_at is not None:
                (self._ongoing / path.name).unlink(missing_ok=True)

    def _write_unwritten(self) -> None:
        for report in list(self._unwritten.values()):
            try:
                self._write(report)
            except OSError as error:
                log.warning("health.not_written", key=report.key, problem=error.strerror)
                return
            del self._unwritten[report.key]

    def _write(self, report: HealthReport) -> None:
        name = f"{report.key}.json"
        content = report.model_dump_json().encode()
        if report.ended_at is None:
            replace_durably(self._ongoing / name, content)
        replace_durably(self._waiting / name, content)
        if report.ended_at is not None:
            (self._ongoing / name).unlink(missing_ok=True)


def _read(path: Path) -> HealthReport | None:
    try:
        return HealthReport.model_validate_json(path.read_bytes())
    except ValidationError as error:
        log.warning("health.unreadable", file=path.name, problem=error.errors()[0]["msg"])
        return None
