"""Who a request comes from, for the routes: the guard has left it there."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from service.accounts.principal import AGAIN_KEY, ANYBODY, SCOPE_KEY, Principal

AskAgain = Callable[[], Awaitable[Principal | None]]
"""Asks who it is now; None when they may not go on."""


def principal_of(connection: HTTPConnection) -> Principal:
    """Return who asks; anybody where the service runs without accounts, and so without a guard."""
    principal = connection.scope.get(SCOPE_KEY, ANYBODY)
    if not isinstance(principal, Principal):
        message = "the guard leaves a principal"
        raise TypeError(message)
    return principal


def again_of(connection: HTTPConnection) -> AskAgain:
    """Return the question who asks now, for an answer that goes on for long: a session may end meanwhile."""
    again: AskAgain = connection.scope.get(AGAIN_KEY, _anybody)
    return again


async def _anybody() -> Principal:
    return ANYBODY


def address_of(connection: HTTPConnection) -> str:
    """Return the IP address that the request comes from, empty where there is none."""
    return connection.client.host if connection.client else ""


Visitor = Annotated[Principal, Depends(principal_of)]
"""The principal, as a parameter of a route."""
Again = Annotated[AskAgain, Depends(again_of)]
"""The question who asks now, as a parameter of a route."""
Address = Annotated[str, Depends(address_of)]
"""The IP address, as a parameter of a route."""
