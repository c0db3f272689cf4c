"""Fills a database with a city's cases as quickly as it takes them: COPY, or many rows a statement."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Index, Table, text

from benchmarks.queue.city import CASE_COLUMNS, SITE_COLUMNS, STEP_COLUMNS, City, Row
from service.storage.tables import CaseRow, CaseStepRow, SiteRow

AT_ONCE = 20_000

_CASES: Table = CaseRow.metadata.tables["cases"]
_STEPS: Table = CaseStepRow.metadata.tables["case_steps"]
_SITES: Table = SiteRow.metadata.tables["sites"]


def fill(engine: Engine, city: City, progress: Callable[[int, int], None]) -> None:
    """Put the city's sites, cases and steps into an empty database; indexes are made afterwards."""
    indexes = [*_CASES.indexes, *_STEPS.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no look-up of each foreign key
        _insert(connection, _SITES, SITE_COLUMNS, list(city.site_rows()))
        done = 0
        for portion in _portions(city.case_rows()):
            _insert(connection, _CASES, CASE_COLUMNS, [case for case, _ in portion])
            _insert(connection, _STEPS, STEP_COLUMNS, [step for _, steps in portion for step in steps])
            done += len(portion)
            progress(done, city.cases)
    with engine.begin() as connection:
        _create(connection, indexes)
        if connection.dialect.name == "postgresql":
            for table in ("cases", "case_steps"):
                newest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest}, false)"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("ANALYZE"))
            return
        connection.execute(text("VACUUM ANALYZE"))
        # Else the server writes the filling to disk while what comes next is measured, and commits wait seconds for it.
        connection.execute(text("CHECKPOINT"))


def _create(connection: Connection, indexes: Sequence[Index]) -> None:
    for index in indexes:
        index.create(connection)


def _portions(rows: Iterator[tuple[Row, list[Row]]]) -> Iterator[list[tuple[Row, list[Row]]]]:
    while portion := list(islice(rows, AT_ONCE)):
        yield portion


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({places})", (_plain(row) for row in rows))


def _plain(row: Row) -> list[object]:
    """Return the row as SQLAlchemy writes it into SQLite."""
    return [f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value for value in row]


def size_mb(engine: Engine) -> float:
    """Return how large the database is, in MB."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            size = connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
    return round(float(json.loads(str(size))) / 1e6, 1)
