"""Lets one transaction at a time write, on either database."""

from sqlalchemy import Connection, text

_QUEUE = 0x64757374  # "dust"; any number does, as long as nobody else locks it in the same database
_BEGIN = text("BEGIN IMMEDIATE")
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")


def take_write_lock(connection: Connection) -> None:
    """Wait until nobody else writes; the lock ends with the transaction, which must not have written yet."""
    if connection.dialect.name == "sqlite":
        connection.execute(_BEGIN)
    else:
        connection.execute(_LOCK, {"number": _QUEUE})
