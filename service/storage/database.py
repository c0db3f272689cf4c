"""Opens the database of the case queue and brings its tables up to date."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from service.errors import DatabaseUnusable, StorageBusy, StorageFull
from service.storage.migrate import upgrade_to_head

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one before it gives up."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def open_database(url: str) -> Engine:
    """Return an engine for the SQLAlchemy URL, with the newest tables; makes a SQLite file's folder when missing.

    Raises:
        DatabaseUnusable: it can't be opened, is no database, or was made by a newer version of the software.
    """
    engine = _make_engine(url)
    shown = engine.url.render_as_string()  # with the password masked
    try:
        upgrade_to_head(engine)
    except DatabaseError as error:
        raise DatabaseUnusable(database=shown, detail=error.orig) from error
    except CommandError as error:  # Alembic does not know the revision that the database is at
        detail = f"a newer version made it; update the software ({error})"
        raise DatabaseUnusable(database=shown, detail=detail) from error
    return engine


def _make_engine(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, ModuleNotFoundError) as error:
        # The URL may hold a password, so only its kind is named.
        raise DatabaseUnusable(database=url.partition(":")[0], detail=str(error).partition("\n")[0]) from error
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what a full disk or a locked database raises into our own errors.

    Raises:
        StorageFull: the disk or the quota is used up.
        StorageBusy: SQLite stayed locked for longer than `BUSY_TIMEOUT_MS`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise
    except OperationalError as error:
        name = getattr(error.orig, "sqlite_errorname", "")
        if name == "SQLITE_FULL":
            raise StorageFull from error
        if name.startswith("SQLITE_BUSY"):
            raise StorageBusy from error
        raise


def lock_for_writing(session: Session) -> None:
    """Begin the transaction as a writer on SQLite, so that what it reads stays true until it writes.

    Elsewhere the rows are locked as they are read, by `with_for_update`, which SQLite does not know.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("BEGIN IMMEDIATE"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy hands over what the driver made
    if not isinstance(connection, sqlite3.Connection):  # a pool may wrap it; the pragmas are plain SQL either way
        connection = getattr(connection, "driver_connection", connection)
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")  # readers go on while somebody writes
        cursor.execute("PRAGMA synchronous = FULL")  # a case that was answered with 201 survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()
