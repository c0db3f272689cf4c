"""Writes rows in the place of those with their keys, each in one statement, on either database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def put_row(session: Session, table: Table, values: Mapping[str, object], *, unless_newer: str | None = None) -> None:
    """Write the row; with `unless_newer` only where that column of the row that is there holds no later time."""
    put_rows(session, table, [values], unless_newer=unless_newer)


def put_rows(
    session: Session, table: Table, rows: Sequence[Mapping[str, object]], *, unless_newer: str | None = None
) -> None:
    """Write the rows, which name the same columns and no key twice, as `put_row` does."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    statement = insert(table)
    new = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    where: ColumnElement[bool] | None = None
    if unless_newer is not None:
        where = table.c[unless_newer] <= statement.excluded[unless_newer]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=new, where=where), list(rows))
