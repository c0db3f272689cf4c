"""Opens the database of the case queue and brings its tables up to date."""

import errno
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from alembic.util import CommandError
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from service.errors import DatabaseUnusable, ServiceError, StorageBusy, StorageFull
from service.storage.migrate import upgrade_to_head
from service.storage.write_lock import take_write_lock

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one before it gives up."""
MOST_CONNECTIONS = 40
"""At most, of one service: as many as there are threads that answer requests. PostgreSQL itself allows 100."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_POSTGRESQL_DISK_FULL = "53100"

log = structlog.get_logger(__name__)


def open_database(url: str) -> Engine:
    """Return an engine for the SQLAlchemy URL, with the newest tables; makes a SQLite file's folder when missing.

    `sqlite:////data/cases.db` and `postgresql://user:password@host/database` are what is known to work.

    Raises:
        DatabaseUnusable: it can't be opened, is no database, or was made by a newer version of the software.
    """
    engine = _make_engine(url)
    shown = engine.url.render_as_string()  # with the password masked
    try:
        _check_encoding(engine, shown)
        upgrade_to_head(engine)
    except DatabaseError as error:
        raise DatabaseUnusable(database=shown, detail=str(error.orig).partition("\n")[0]) from error
    except CommandError as error:  # Alembic does not know the revision that the database is at
        detail = f"a newer version made it; update the software ({error})"
        raise DatabaseUnusable(database=shown, detail=detail) from error
    return engine


def _make_engine(url: str) -> Engine:
    try:
        address = make_url(url)
        engine = _postgresql_engine(address) if address.get_backend_name() in _POSTGRESQL else _sqlite_engine(address)
    except (ArgumentError, ModuleNotFoundError) as error:
        # The URL may hold a password, so only its kind is named.
        raise DatabaseUnusable(database=url.partition(":")[0], detail=str(error).partition("\n")[0]) from error
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


_POSTGRESQL = frozenset({"postgresql", "postgres"})


def _sqlite_engine(address: URL) -> Engine:
    if not address.database or address.database == ":memory:":
        return create_engine(address)
    # With SQLAlchemy's fifteen, those who only read would wait half a minute behind those who wait to write.
    return create_engine(address, pool_size=MOST_CONNECTIONS // 2, max_overflow=MOST_CONNECTIONS // 2)


def _postgresql_engine(address: URL) -> Engine:
    settings = {
        "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c timezone=UTC -c client_encoding=UTF8",
        "connect_timeout": "10",
    }
    return create_engine(
        # Any writing of the URL means the driver that is installed; what the URL sets itself is kept.
        address.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in settings.items() if name not in address.query},
        pool_pre_ping=True,  # the server may have been started anew meanwhile
        pool_size=MOST_CONNECTIONS // 2,
        max_overflow=MOST_CONNECTIONS // 2,
    )


def _check_encoding(engine: Engine, shown: str) -> None:
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        detail = f"its encoding is {encoding}; create it with ENCODING 'UTF8' TEMPLATE template0"
        raise DatabaseUnusable(database=shown, detail=detail)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what a full disk, or a database that is locked or out of reach, raises into our own errors.

    Raises:
        StorageFull: the disk or the quota is used up.
        StorageBusy: the database stayed locked for longer than `BUSY_TIMEOUT_MS`, or PostgreSQL can't be reached.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise
    except OperationalError as error:
        known = known_failure(error)
        if known is None:
            raise
        raise known from error


def known_failure(error: OperationalError) -> ServiceError | None:
    """Return our own error for what the database's driver raised; None where it is a mistake of ours."""
    if isinstance(error.orig, sqlite3.Error):
        name = getattr(error.orig, "sqlite_errorname", "")
        if name == "SQLITE_FULL":
            return StorageFull()
        return StorageBusy() if name.startswith("SQLITE_BUSY") else None
    if getattr(error.orig, "sqlstate", "") == _POSTGRESQL_DISK_FULL:
        return StorageFull()
    # All others of this class are PostgreSQL's condition, not ours: locked, stopped, out of reach or of connections.
    log.warning("database.unavailable", detail=str(error.orig).partition("\n")[0])
    return StorageBusy()


def lock_for_writing(session: Session) -> None:
    """Begin the transaction as the only writer, so that what it reads stays true until it writes.

    There is one writer at a time on either database. So numbers become visible in their order, too: whoever has seen
    the newest one has missed none before it.
    """
    take_write_lock(session.connection())


def lock_rows_for_writing(session: Session) -> None:
    """Begin a transaction that locks each row that it reads (`with_for_update`), and lets others write elsewhere.

    For what gives no numbers that others rely on to become visible in their order. Rows have to be read in the order of
    their keys, so that no two transactions wait for each other, and nobody may `lock_for_writing` after. SQLite, which
    locks no rows, has one writer at a time here, too.
    """
    if session.get_bind().dialect.name == "sqlite":
        lock_for_writing(session)


def _prepare_sqlite(connection: Any, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy hands over what the driver made
    if not isinstance(connection, sqlite3.Connection):  # a pool may wrap it; the pragmas are plain SQL either way
        connection = getattr(connection, "driver_connection", connection)
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _use_write_ahead_log(cursor)
        cursor.execute("PRAGMA synchronous = FULL")  # a case that was answered with 201 survives a power cut
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Let readers go on while somebody writes. SQLite refuses at once, without its timeout, where two ask together."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(0.05)
