"""Beijing's days and hours, and spans of time, as the databases reckon them; each writes them in its own way."""

from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class local_day(FunctionElement[Any]):  # noqa: N801 - named as a function of SQL
    """The day in Beijing of a time, a date."""

    type = Date()
    inherit_cache = True


class local_hour(FunctionElement[int]):  # noqa: N801 - named as a function of SQL
    """The hour in Beijing of a time, 0 to 23."""

    type = Integer()
    inherit_cache = True


class minutes_between(FunctionElement[int]):  # noqa: N801 - named as a function of SQL
    """The whole minutes from a time to a later one; 0 where it is no later."""

    type = Integer()
    inherit_cache = True


# SQLite keeps times as text in UTC; China has had no summer time since 1991, so eight hours are always right.
@compiles(local_day, "sqlite")
def _day_sqlite(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(local_day, "postgresql")
def _day_postgresql(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"CAST(({compiler.process(element.clauses, **kw)}) AT TIME ZONE INTERVAL '8 hours' AS date)"


@compiles(local_hour, "sqlite")
def _hour_sqlite(element: local_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    return f"((CAST(substr({compiler.process(element.clauses, **kw)}, 12, 2) AS INTEGER) + 8) % 24)"


@compiles(local_hour, "postgresql")
def _hour_postgresql(element: local_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    at = compiler.process(element.clauses, **kw)
    return f"CAST(extract(hour FROM ({at}) AT TIME ZONE INTERVAL '8 hours') AS integer)"


@compiles(minutes_between, "sqlite")
def _minutes_sqlite(element: minutes_between, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"max(0, (CAST(strftime('%s', {end}) AS INTEGER) - CAST(strftime('%s', {start}) AS INTEGER)) / 60)"


@compiles(minutes_between, "postgresql")
def _minutes_postgresql(element: minutes_between, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(greatest(0, floor(extract(epoch FROM ({end}) - ({start})) / 60)) AS integer)"
