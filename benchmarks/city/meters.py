"""What the parts cost while they work: processor time of each, the machine's, the database's log, waits and tables."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks.city.system import System
from benchmarks.process_cost import TICKS_PER_S, cpu_seconds_in
from service.capacity.machine import busy_seconds

WAITS_EVERY_S = 0.1
_WAITS = text(
    "SELECT coalesce(wait_event_type || ': ' || wait_event, 'runs') FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()"
)
_STATEMENTS = text(
    "SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 160) AS query, calls, "
    "round(total_exec_time::numeric, 1) AS ms, wal_bytes FROM pg_stat_statements "
    "WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "ORDER BY total_exec_time DESC LIMIT 8"
)
_TABLES = text(
    "SELECT relname, pg_total_relation_size(relid), n_live_tup FROM pg_stat_user_tables "
    "ORDER BY pg_total_relation_size(relid) DESC LIMIT 12"
)


@dataclass(frozen=True)
class Spent:
    """Processor seconds of each part in a stretch of time, how busy the machine was, bytes of the database's log."""

    seconds: float
    service_cpu_s: float
    database_cpu_s: float
    driver_cpu_s: float
    others_cpu_s: float
    machine_busy_share: float
    wal_bytes: int


@dataclass(frozen=True)
class _Reading:
    at_s: float
    service: float
    database: float
    driver: float
    busy: float
    wal: int


class Meter:
    """Reads at its begin, and tells what was spent since; meanwhile it samples what the database waits for."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._waits: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample_waits, daemon=True)

    def __enter__(self) -> "Meter":
        with self._system.engine.begin() as connection:
            connection.execute(text("SELECT pg_stat_statements_reset()"))
        self._first = self._read()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def spent(self) -> Spent:
        """Return what was spent since the begin."""
        first, last = self._first, self._read()
        seconds = last.at_s - first.at_s
        service, database = last.service - first.service, last.database - first.database
        driver, busy = last.driver - first.driver, last.busy - first.busy
        share = busy / seconds / _cores()
        others = max(0.0, busy - service - database - driver)
        return Spent(seconds, service, database, driver, others, share, last.wal - first.wal)

    def waits(self) -> dict[str, float]:
        """Return by what the database's sessions waited for, or that they ran, how many did at once on average."""
        samples = max(1, self._waits.pop("", 0))
        return {name: round(count / samples, 2) for name, count in self._waits.most_common(8)}

    def _read(self) -> _Reading:
        return _Reading(
            at_s=time.monotonic(),
            service=sum(map(_cpu_of, self._system.service_pids)),
            database=_cpu_of_family(self._system.database_pid),
            driver=time.process_time(),
            busy=busy_seconds(Path("/proc/stat").read_text(), range(_cores())),
            wal=_number(self._system.engine, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"),
        )

    def _sample_waits(self) -> None:
        with self._system.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not self._over.wait(WAITS_EVERY_S):
                self._waits.update([""])
                self._waits.update(connection.scalars(_WAITS))


def statements(engine: Engine) -> list[dict[str, Any]]:
    """Return the statements that took most of the database's time since a meter began."""
    with engine.connect() as connection:
        return [
            {"query": row.query, "calls": row.calls, "ms": float(row.ms), "wal_kb": round(float(row.wal_bytes) / 1000)}
            for row in connection.execute(_STATEMENTS)
        ]


def tables(engine: Engine) -> dict[str, dict[str, float]]:
    """Return the largest tables with their indexes, in MB, and their rows."""
    with engine.connect() as connection:
        return {row[0]: {"mb": round(row[1] / 1e6, 1), "rows": row[2]} for row in connection.execute(_TABLES)}


def bytes_of(engine: Engine) -> Mapping[str, int]:
    """Return the bytes of each table with its indexes."""
    query = text("SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables")
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _number(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


def _cores() -> int:
    return os.cpu_count() or 1


def _cpu_of(pid: int) -> float:
    return cpu_seconds_in(Path(f"/proc/{pid}/stat").read_text())


def _cpu_of_family(pid: int) -> float:
    """Return a process' seconds with those of its children, ended ones too."""
    ended = _fields(pid)[13:15]
    living = sum(_gone_is_none(_cpu_of, int(child)) for child in _children(pid))
    return _cpu_of(pid) + sum(map(int, ended)) / TICKS_PER_S + living


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _gone_is_none(read: Callable[[int], float], pid: int) -> float:
    try:
        return read(pid)
    except OSError:
        return 0.0
