"""The system under load: PostgreSQL with its own counters on, `dustwatch serve` once or more, tokens, sign-in links."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import Engine, text

from benchmarks.ended_process import ended_after
from benchmarks.queue.city import City
from benchmarks.queue.filling import fill
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.api.accounts import link_path
from service.cli.serve_options import DATABASE_VARIABLE
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.storage.database import open_database
from tests.conftest import free_port
from tests.service.postgresql_server import PostgresqlServer, run_server

SETTINGS = (
    *("max_connections=100", "shared_buffers=256MB", "max_wal_size=4GB"),
    *("shared_preload_libraries=pg_stat_statements", "track_io_timing=on", "track_wal_io_timing=on"),
)
"""All that makes what was answered survive a power cut is on, as it comes."""
START_WITHIN_S = 180.0
EDGE_SCOPES = {MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE}


@dataclass(frozen=True)
class System:
    """What runs: the services' processes and addresses, the database's first process and an engine of its own."""

    addresses: tuple[str, ...]
    service_pids: tuple[int, ...]
    database_pid: int
    engine: Engine
    tokens: tuple[str, ...]
    links: tuple[str, ...]


@contextmanager
def running(folder: Path, *, services: int, cases: int, edges: int, reviewers: int) -> Iterator[System]:
    """Fill a new database with a city's cases of two years, and serve it by so many processes; nothing of it stays."""
    with run_server(SETTINGS) as server:
        url = server.new_database()
        engine = open_database(url)
        try:
            with engine.begin() as connection:
                connection.execute(text("CREATE EXTENSION pg_stat_statements"))
            fill(engine, City(cases, datetime.now(UTC)), lambda _done, _total: None)
            accounts = Accounts(engine, utc_now)
            tokens = tuple(
                accounts.tokens.add(f"edge-{each}", EDGE_SCOPES, accounts.entry("benchmark", Action.TOKEN_MADE))
                for each in range(edges)
            )
            links = tuple(_reviewer(accounts, number) for number in range(reviewers))
            with ExitStack() as stack:
                served = [stack.enter_context(_serving(folder, url, number)) for number in range(services)]
                addresses, pids = zip(*served, strict=True)
                yield System(addresses, pids, _first_process(server), engine, tokens, links)
        finally:
            engine.dispose()


def _reviewer(accounts: Accounts, number: int) -> str:
    name = f"reviewer-{number}"
    scope = Scope(everywhere=True)
    plan = UserPlan(name=name, display_name=name, roles=frozenset({Role.REVIEWER}), scope=scope)
    accounts.users.add(plan, accounts.entry("benchmark", Action.USER_MADE))
    return link_path(accounts.sign_in_link(name, "benchmark"))


@contextmanager
def _serving(folder: Path, url: str, number: int) -> Iterator[tuple[str, int]]:
    port = free_port()
    command = [sys.executable, "-m", "service.cli.main", "serve", "--data", str(folder), "--port", str(port)]
    log_path = folder.with_suffix(f".{number}.log")
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, DATABASE_VARIABLE: url}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    with ended_after(process, 20):
        deadline = time.monotonic() + START_WITHIN_S
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the service does not answer: {log_path.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield address, process.pid


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=5).is_success
    except httpx.TransportError:
        return False


def _first_process(server: PostgresqlServer) -> int:
    """Return the process that the others of the server descend from."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            words = _command_line(entry)
            if str(server.port) in words and words[0].endswith("postgres"):
                return int(entry.name)
    raise RuntimeError("the database's process was not found")


def _command_line(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return [""]
