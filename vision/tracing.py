"""The trace of a violation from the look to the case: what is told of it, to whoever listens; nobody, unless set up.

All spans of a package are one trace, and its number is that of the package's key: a process that goes on after a new
start, or another one, tells of the same trace without having been told of it.
"""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

Attributes = Mapping[str, str | int | float | bool]


@dataclass(frozen=True)
class Timed:
    """Something that took from one moment to another, in nanoseconds since 1970 (UTC)."""

    name: str
    began_ns: int
    ended_ns: int


class Listener(Protocol):
    """Takes spans in."""

    def tell(self, key: str, first: Timed, parts: Sequence[Timed], attributes: Attributes) -> None:
        """Take in how a package's trace began: its first span, and those within."""

    def span(self, name: str, key: str, attributes: Attributes) -> AbstractContextManager[None]:
        """Time the block, as a part of what this thread times already, or else of the package's first span."""

    def onward(self) -> dict[str, str]:
        """Return the headers by which another process goes on with the present span."""

    def from_afar(self, name: str, traceparent: str) -> AbstractContextManager[None]:
        """Time the block, as a part of the span that the header of a request tells."""

    def trace_id(self, key: str) -> str:
        """Return the number of the present trace, or else of the package's; empty where there is neither."""


_listener: Listener | None = None


def listen(listener: Listener | None) -> None:
    """Tell of all traces to this listener from now on."""
    global _listener
    _listener = listener


def tell(key: str, first: Timed, parts: Sequence[Timed], attributes: Attributes) -> None:
    """Tell how a package's trace began."""
    if _listener is not None:
        _listener.tell(key, first, parts, attributes)


def span(name: str, key: str = "", **attributes: str | int | float | bool) -> AbstractContextManager[None]:
    """Time the block as a part of a package's trace."""
    return nullcontext() if _listener is None else _listener.span(name, key, attributes)


def from_afar(name: str, traceparent: str) -> AbstractContextManager[None]:
    """Time the block as a part of what another process began; what is no `traceparent` begins a trace."""
    return nullcontext() if _listener is None else _listener.from_afar(name, traceparent)


def onward() -> dict[str, str]:
    """Return the headers by which another process goes on; none while nobody listens."""
    return {} if _listener is None else _listener.onward()


def trace_id(key: str = "") -> str:
    """Return the trace's number as 32 hexadecimal digits; empty while nobody listens, and outside of any trace."""
    return "" if _listener is None else _listener.trace_id(key)


def number_of(key: str) -> int:
    """Return the number of a package's trace, 0 for what is no key."""
    try:
        return uuid.UUID(key).int
    except ValueError:
        return 0
