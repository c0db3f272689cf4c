"""Writes a row in the place of the one with its key, in one statement, on either database."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def put_row(session: Session, table: Table, values: Mapping[str, object], *, unless_newer: str | None = None) -> None:
    """Write the row; with `unless_newer` only where that column of the row that is there holds no later time."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    statement = insert(table).values(**values)
    new = {name: statement.excluded[name] for name in values if name not in keys}
    where: ColumnElement[bool] | None = None
    if unless_newer is not None:
        where = table.c[unless_newer] <= statement.excluded[unless_newer]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=new, where=where))
