"""Who looks at an open page: asked again before each thing they do, since a session may end at any moment."""

from datetime import datetime, timedelta
from urllib.parse import unquote

from nicegui import ui
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from service.accounts.accounts import Accounts
from service.accounts.principal import Principal
from service.accounts.scope import Scope
from service.api.session_cookie import session_token
from service.api.visitor import principal_of

REVIEWER_COOKIE = "dustwatch_reviewer"
LOOK_AGAIN_AFTER = timedelta(seconds=10)
"""How long a page that only looks may go on after its session has ended."""


class PageVisitor:
    """One person at one open page; `typed` is the name they gave where there are no accounts."""

    def __init__(self, request: Request, accounts: Accounts | None) -> None:
        self.principal: Principal = principal_of(request)
        self.typed = unquote(request.cookies.get(REVIEWER_COOKIE, ""))
        self._token = session_token(request)
        self._accounts = accounts
        self._looked_at: datetime | None = None

    @property
    def scope(self) -> Scope:
        """The sites that they may see."""
        return self.principal.scope

    async def is_here(self, *, acts: bool = True) -> bool:
        """Tell whether the session goes on, with whatever roles it has now; else lead the page to the sign-in.

        Who only looks (`acts` is False) does not keep the session from growing idle.
        """
        accounts = self._accounts
        if accounts is None:
            return True
        now = accounts.clock()
        if not acts and self._looked_at is not None and now - self._looked_at < LOOK_AGAIN_AFTER:
            return True
        principal = await run_in_threadpool(accounts.principal, self._token, is_use=acts)
        if principal is None:
            ui.navigate.to("/sign-in")
            return False
        self.principal, self._looked_at = principal, now
        return True
