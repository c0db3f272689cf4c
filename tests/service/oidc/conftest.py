"""A service with a small identity provider, and the way there and back."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.api.app import create_app
from service.domain.lifecycle import Role
from service.oidc.settings import OidcSettings
from tests.service.accounts.conftest import MovedClock
from tests.service.oidc.small_provider import CLIENT, SECRET, small_provider


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def provider(clock):
    with small_provider() as provider:
        provider.at = clock.now
        yield provider


@pytest.fixture
def start(tmp_path, clock, provider):
    """Give a starter of the service with the provider; `wang` has an account."""
    apps = []

    def make(**settings):
        oidc = OidcSettings(
            issuer=provider.address,
            client_id=CLIENT,
            client_secret=SecretStr(SECRET),
            address="https://dust.example.org",
            **settings,
        )
        url = f"sqlite:///{tmp_path}/cases.db"
        app = create_app(url, tmp_path / "evidence", pages=False, clock=clock, oidc=oidc)
        apps.append(app)
        accounts: Accounts = app.state.accounts
        plan = UserPlan(name="wang", display_name="王工", roles=frozenset({Role.INSPECTOR}), scope=Scope())
        accounts.users.add(plan, accounts.entry("test", Action.USER_MADE))
        return app

    yield make
    for app in apps:
        app.state.store.close()


def go(browser, path="/account"):
    """Go to the provider, and return the answer's query with which one is sent back."""
    led = browser.get(f"/oidc/sign-in?next={path}")
    assert led.status_code == 303, led.text
    back = httpx.get(led.headers["location"]).headers["location"]
    assert back.startswith("https://dust.example.org/oidc/callback?")
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def come_back(browser, told):
    return browser.get("/oidc/callback", params=told)
