"""Writes down in the audit log what was refused to machines since their tokens are bound to other sites."""

from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import Message, Send

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import Principal
from service.accounts.recent_entries import RecentEntries
from service.api.problems import REFUSAL_KEY
from service.api.visitor import address_of
from service.errors import ServiceError, StorageBusy, StorageFull

AGAIN_AFTER = timedelta(hours=1)
"""An edge tries for ever, and who found its token may try anything: the log tells each kind of refusal once so long."""


class MachineRefusals:
    """Every request's refusal is in the service's log as any other; here it gets into the audit log, too."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._recent = RecentEntries(AGAIN_AFTER)

    async def note(self, connection: HTTPConnection, principal: Principal, error: ServiceError) -> None:
        """Write the refusal down, unless one of its kind was a while ago; a full disk or busy database is let be."""
        address = address_of(connection)
        key, at = (principal.name, address, type(error).__name__), self._accounts.clock()
        if self._recent.is_recent(key, at):
            return
        entry = self._accounts.entry(principal.name, Action.MACHINE_REFUSED, address, str(error))
        with suppress(StorageBusy, StorageFull):
            await run_in_threadpool(self._accounts.audit.add, entry)
            self._recent.remember(key, at)

    def noting(self, connection: HTTPConnection, principal: Principal, send: Send) -> Send:
        """Return a `send` that writes down what a route refuses, before its answer leaves."""

        async def noting(message: Message) -> None:
            error = connection.scope.get(REFUSAL_KEY)
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.FORBIDDEN and error:
                await self.note(connection, principal, error)
            await send(message)

        return noting
