"""An app with accounts, a clock that tests move, and people who are signed in."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import EVERYWHERE, Scope
from service.accounts.users import UserPlan
from service.api.app import create_app
from service.domain.lifecycle import Role
from service.domain.sites import Site
from service.storage.site_store import SiteStore
from tests.service.conftest import PASSWORD

ORIGIN = "http://service"


@dataclass
class MovedClock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Browser:
    """Calls the app as a browser would: keeps cookies, and tells the origin of its page."""

    def __init__(self, app: FastAPI, **headers: str) -> None:
        self._app = app
        self.cookies = httpx.Cookies()
        self.headers = {"Origin": ORIGIN, **headers}

    def request(self, method: str, url: str, headers: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            told = {**self.headers, **(headers or {})}
            async with httpx.AsyncClient(
                transport=transport, base_url=ORIGIN, headers=told, cookies=self.cookies
            ) as client:
                answer = await client.request(method, url, **options)
                self.cookies = client.cookies
                return answer

        return asyncio.run(call())

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.post("/sign-in", data={"name": name, "password": password, **more})


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def guarded(tmp_path: Path, clock: MovedClock) -> Iterator[FastAPI]:
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, clock=clock)
    yield app
    app.state.store.close()


@pytest.fixture
def accounts(guarded: FastAPI) -> Accounts:
    found: Accounts = guarded.state.accounts
    return found


@pytest.fixture
def add_user(accounts: Accounts, password_hash: str) -> Callable[..., None]:
    """Give a function that makes a user with the password `PASSWORD`."""

    def add(name: str, *roles: Role, scope: Scope = EVERYWHERE, display_name: str = "") -> None:
        plan = UserPlan(name=name, display_name=display_name or name, roles=frozenset(roles), scope=scope)
        entry = accounts.entry("test", Action.USER_MADE)
        accounts.credentials.set_password(accounts.users.add(plan, entry).id, password_hash, entry)

    return add


@pytest.fixture
def browser(guarded: FastAPI) -> Browser:
    return Browser(guarded)


@pytest.fixture
def enter(guarded: FastAPI, accounts: Accounts, add_user: Callable[..., None]) -> Callable[..., Browser]:
    """Give a function that makes a user and returns their browser, signed in."""

    def make(name: str, *roles: Role, **more: Any) -> Browser:
        add_user(name, *roles, **more)
        browser = Browser(guarded)
        link = accounts.sign_in_link(name, "test")  # quicker than a password, which takes a hash
        assert browser.get(f"/link?token={link}").status_code == 303
        return browser

    return make


@pytest.fixture
def machine(guarded: FastAPI, accounts: Accounts) -> Callable[..., Browser]:
    """Give a function that makes a token and returns the machine that sends it."""

    def make(*scopes: MachineScope, name: str = "edge-1", sites: Collection[str] = ()) -> Browser:
        token = accounts.tokens.add(name, scopes, accounts.entry("test", Action.TOKEN_MADE), sites=sites)
        return Browser(guarded, Authorization=f"Bearer {token}")

    return make


@pytest.fixture
def two_sites(guarded: FastAPI) -> None:
    """Two sites that have their districts and streets; cases may name others."""
    store = SiteStore(guarded.state.store.engine)
    for site_id, district, street in (("east", "滨江区", "长河街道"), ("west", "西湖区", "转塘街道")):
        store.put(Site(id=site_id, name=site_id, category="construction", district=district, street=street))
