"""A real PostgreSQL server for tests, in a folder of its own, with a password that tests can look for."""

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import free_port, wait_until

SYSTEM_USER = "postgres"
"""Debian's; the server refuses to run as root."""
PASSWORD = "only-for-tests"
# Nothing has to survive a power cut here, and a database a test is quickest without syncing.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=16MB")


@dataclass
class PostgresqlServer:
    """A running server."""

    programs: Path
    """The folder of `initdb`, `pg_dump` and the others."""
    port: int

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql://{SYSTEM_USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, encoding: str = "UTF8") -> str:
        """Make an empty database and return its URL."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        return self.url(name)

    def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)


def find_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server that is installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    anywhere = shutil.which("initdb")
    return Path(anywhere).resolve().parent if anywhere else None


@contextmanager
def run_server(settings: Sequence[str] = SETTINGS) -> Iterator[PostgresqlServer]:
    """Make a cluster in a temporary folder and run it with the settings while the block runs."""
    programs = find_programs()
    if programs is None:
        pytest.skip("needs Debian's postgresql")
    folder = Path(tempfile.mkdtemp(prefix="dustwatch-postgresql-"))
    try:
        password = folder / "password"
        password.write_text(PASSWORD)
        user = _unprivileged(folder, password)
        data = folder / "data"
        make = ["--pgdata", data, "--username", SYSTEM_USER, "--pwfile", password, "--auth", "scram-sha-256"]
        made = [str(programs / "initdb"), *map(str, make), "--encoding", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **user)
        server = PostgresqlServer(programs, free_port())
        options = [part for setting in settings for part in ("-c", setting)]
        command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-p", str(server.port), *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        try:
            wait_until(lambda: _answers(server), 60, f"PostgreSQL answers: {(folder / 'log').read_text()}")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            process.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(*paths: Path) -> dict[str, Any]:
    """Return how to run a process as somebody who owns the paths and is not root."""
    if os.getuid() != 0:
        return {}
    for path in paths:
        shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
    return {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}


def _answers(server: PostgresqlServer) -> bool:
    try:
        server.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True
