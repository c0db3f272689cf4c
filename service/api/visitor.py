"""Who a request comes from, for the routes: the guard has left it there."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from service.accounts.principal import ANYBODY, SCOPE_KEY, Principal


def principal_of(connection: HTTPConnection) -> Principal:
    """Return who asks; anybody where the service runs without accounts, and so without a guard."""
    principal = connection.scope.get(SCOPE_KEY, ANYBODY)
    if not isinstance(principal, Principal):
        message = "the guard leaves a principal"
        raise TypeError(message)
    return principal


def address_of(connection: HTTPConnection) -> str:
    """Return the IP address that the request comes from, empty where there is none."""
    return connection.client.host if connection.client else ""


Visitor = Annotated[Principal, Depends(principal_of)]
"""The principal, as a parameter of a route."""
Address = Annotated[str, Depends(address_of)]
"""The IP address, as a parameter of a route."""
