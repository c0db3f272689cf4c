"""Lets one transaction at a time write, on either database."""

import threading
import weakref

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

_QUEUE = 0x64757374  # "dust"; any number does, as long as nobody else locks it in the same database
_BEGIN = text("BEGIN IMMEDIATE")
_LOCK = text("SELECT pg_advisory_xact_lock(:number)")
_TURN = "dustwatch.turn"
_TURN_WITHIN_S = 10.0
"""Who waits longer than that for the writers of this process asks SQLite itself, which tells that it is busy."""

_turns: "weakref.WeakKeyDictionary[Engine, threading.Lock]" = weakref.WeakKeyDictionary()
_making = threading.Lock()


def take_write_lock(connection: Connection) -> None:
    """Wait until nobody else writes; the lock ends with the transaction, which must not have written yet."""
    if connection.dialect.name == "sqlite":
        _take_turn(connection)
        connection.execute(_BEGIN)
    else:
        connection.execute(_LOCK, {"number": _QUEUE})


def _take_turn(connection: Connection) -> None:
    # SQLite lets writers try again after naps of up to 0.1 s, so that with many of them some wait for seconds while
    # others pass. Those of this process wait for each other here, and are woken one after the other.
    if _TURN in connection.info:
        return
    turn = _turn_of(connection.engine)
    if turn.acquire(timeout=_TURN_WITHIN_S):
        connection.info[_TURN] = turn


def _turn_of(engine: Engine) -> threading.Lock:
    with _making:
        if engine not in _turns:
            _turns[engine] = threading.Lock()
            event.listen(engine, "reset", _pass_on)
            event.listen(engine, "close", _pass_on_closed)
        return _turns[engine]


def _pass_on(_connection: DBAPIConnection, record: ConnectionPoolEntry, _state: PoolResetState) -> None:
    _release(record)


def _pass_on_closed(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    _release(record)


def _release(record: ConnectionPoolEntry) -> None:
    turn = record.info.pop(_TURN, None)
    if turn is not None:
        turn.release()
