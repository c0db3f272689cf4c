"""A PostgreSQL server of the run's own, which is stopped as by a crash and started again."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import free_port
from tests.service.postgresql_server import SYSTEM_USER, find_programs

PASSWORD = "only-for-measurements"
START_WITHIN_S = 120.0


class DatabaseServer:
    """A running server with one database."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        self._user: dict[str, Any] = {}
        if os.getuid() == 0:
            self._user = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its database."""
        return f"postgresql://{SYSTEM_USER}:{PASSWORD}@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        """Make the cluster."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._user:
            for path in (self._folder, password):
                shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
        self._run("initdb", "-U", SYSTEM_USER, "--pwfile", str(password), "-A", "scram-sha-256", "-E", "UTF8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-k {self._folder} -p {self._port} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "start", "-W", "-l", str(self._folder / "log"), "-o", options)
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def crash(self) -> None:
        """Stop it without letting anything be finished."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, cwd=self._folder, stdout=quiet, stderr=quiet, **self._user)


@contextmanager
def database_server(folder: Path) -> Iterator[DatabaseServer]:
    """Run a server in the folder while the block runs. Raises FileNotFoundError where none is installed."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("needs Debian's postgresql")
    folder.mkdir(parents=True)
    server = DatabaseServer(programs, folder)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.crash()
