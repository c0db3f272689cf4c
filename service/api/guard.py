"""Stands before every route and page: lets nobody through whom the table of access does not allow."""

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import errors
from service.accounts.access import Access, Found, Row, find
from service.accounts.accounts import Accounts
from service.accounts.looks import Looks
from service.accounts.principal import AGAIN_KEY, SCOPE_KEY, Principal
from service.api.machine_refusals import MachineRefusals
from service.api.problems import problem, problem_of
from service.api.session_cookie import is_from_our_pages, session_token
from service.api.visitor import address_of
from service.storage.database import storage_errors

_SAFE = frozenset({"GET", "HEAD"})
_ROW_NAME = {Row.CASE: "case_id", Row.MAINTENANCE_CASE: "case_id", Row.SITE: "site_id"}
_BEARER = "bearer "
_POLLED = ("/_nicegui", "/api/v1/events")
"""What an open page asks by itself: a page left open must not keep its session from growing idle."""

log = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware. What it lets through carries its principal in the ASGI scope."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts
        self._looks = Looks(accounts.clock)
        self._refusals = MachineRefusals(accounts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or websocket, or let it through."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            with storage_errors():  # a database that is away is said so here, too: who asks tries again
                line, principal = await self._admit(connection)
        except errors.ServiceError as error:
            await _refuse(connection, error)(scope, receive, send)
            return
        except _Unknown as unknown:
            await unknown.answer(scope, receive, send)
            return
        scope[SCOPE_KEY] = principal
        scope[AGAIN_KEY] = partial(self._ask_again, connection)
        if principal is not None and principal.is_bound:
            send = self._refusals.noting(connection, principal, send)
        if line.is_look:
            send = self._noting(connection, principal, send)
        await self._app(scope, receive, send)

    async def _admit(self, connection: HTTPConnection) -> tuple[Access, Principal | None]:
        """Return the table's line and who asks, None for whom everybody may be. Raises what the answer is."""
        found = find(connection.scope["path"])
        if found is not None and (line := _line(connection, found)) is not None and line.is_public:
            if not (_is_safe(connection) or line.proves_itself or is_from_our_pages(connection)):
                raise errors.CrossSite
            return line, None
        principal = await self._principal(connection)
        if found is None:
            raise _Unknown(problem(404, "there is nothing at this path"))
        line = _line(connection, found)
        if line is None:
            allowed = ", ".join(sorted(found.by_method))
            raise _Unknown(problem(405, "this path does not know the method", headers={"Allow": allowed}))
        if not line.allows(principal):
            raise errors.NotAllowed
        await self._check_row(connection, line, found, principal)
        return line, principal

    async def _ask_again(self, connection: HTTPConnection) -> Principal | None:
        """Return who asks now, None when they would not be let through any more."""
        try:
            return (await self._admit(connection))[1]
        except errors.ServiceError:
            return None

    async def _principal(self, connection: HTTPConnection) -> Principal:
        authorization = connection.headers.get("authorization", "")
        accounts = self._accounts
        if authorization[: len(_BEARER)].lower() == _BEARER:
            token = authorization[len(_BEARER) :].strip()
            machine = accounts.tokens.remembered(token, accounts.clock())
            if machine is None:
                machine = await run_in_threadpool(accounts.tokens.principal, token, accounts.clock())
            if machine is None:
                raise errors.NotSignedIn
            return machine
        session, is_use = session_token(connection), not connection.scope["path"].startswith(_POLLED)
        user = await run_in_threadpool(accounts.principal, session, is_use=is_use) if session else None
        if user is None:
            raise errors.NotSignedIn
        if not _is_safe(connection) and not is_from_our_pages(connection):
            raise errors.CrossSite
        return user

    async def _check_row(self, connection: HTTPConnection, line: Access, found: Found, principal: Principal) -> None:
        """See that what the path names is in the scope; else to people it is as if it were not there.

        A machine is told so: somebody has to set its token or its configuration right.
        """
        if line.row is None or principal.scope.everywhere:
            return
        if line.row is Row.CITY:
            raise await self._foreign(connection, line.row, "", principal) if principal.is_bound else errors.NotAllowed
        name = found.names[_ROW_NAME[line.row]]
        if await run_in_threadpool(self._accounts.rows.allows, principal.scope, line.row, name):
            return
        if principal.is_bound:
            raise await self._foreign(connection, line.row, name, principal)
        raise {
            Row.CASE: errors.NoSuchCase(case_id=name),
            Row.MAINTENANCE_CASE: errors.NoSuchMaintenanceCase(case_id=name),
            Row.SITE: errors.NoSuchSite(site_id=name),
        }[line.row]

    async def _foreign(
        self, connection: HTTPConnection, row: Row, name: str, principal: Principal
    ) -> errors.ServiceError:
        """Return what a machine is told whose token is bound to other sites, after it was written down."""
        token = principal.name
        error = {
            Row.SITE: errors.ForeignSite(site_id=name, token=token),
            Row.CITY: errors.WholeCity(token=token),
        }.get(row, errors.ForeignCase(case_id=name, token=token))
        await self._refusals.note(connection, principal, error)
        return error

    def _noting(self, connection: HTTPConnection, principal: Principal | None, send: Send) -> Send:
        """Return a `send` that writes the look down before anything of the evidence leaves."""
        path, who = connection.scope["path"], principal.name if principal else ""
        entry = self._looks.entry(who, path, address_of(connection))

        async def noting(message: Message) -> None:
            begins = message["type"] == "http.response.start" and message["status"] < HTTPStatus.BAD_REQUEST
            if begins and not self._looks.is_recent(entry):
                await run_in_threadpool(self._accounts.audit.add, entry)
                self._looks.remember(entry)
            await send(message)

        return noting


class _Unknown(Exception):
    """The path or the method is in no line of the table; `answer` says so."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def _line(connection: HTTPConnection, found: Found) -> Access | None:
    method = str(connection.scope.get("method", "GET"))  # a websocket begins as a GET
    return found.by_method.get("GET" if method == "HEAD" else method)


def _is_safe(connection: HTTPConnection) -> bool:
    """Tell whether the request can't change anything; a websocket can."""
    return connection.scope["type"] == "http" and connection.scope["method"] in _SAFE


def _refuse(connection: HTTPConnection, error: errors.ServiceError) -> Callable[..., Awaitable[Any]]:
    """Return the answer: people who are not signed in are shown where, machines are told what is wrong."""
    if connection.scope["type"] == "websocket":
        return _close
    path = connection.scope["path"]
    wants_page = "text/html" in connection.headers.get("accept", "") and not path.startswith(("/api/", *_POLLED))
    if isinstance(error, errors.NotSignedIn) and wants_page and _is_safe(connection):
        query = connection.scope["query_string"].decode("latin-1")
        there = quote(f"{path}?{query}" if query else path, safe="")
        return RedirectResponse(f"/sign-in?next={there}", 303)
    return problem_of(error, path)


async def _close(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})
