"""Signing in and out with a real OpenID provider in another process: names from its userinfo, and its session's end."""

import re
import subprocess
import sys
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from service.accounts.audit import Action
from service.api.app import create_app
from service.domain.lifecycle import Role
from service.oidc.settings import NewUsers, OidcSettings
from tests.conftest import free_port
from tests.service.accounts.conftest import Browser
from tests.service.oidc.django_provider import CLIENT, SECRET

pytestmark = pytest.mark.slow

ADDRESS = "https://dust.example.org"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory):
    port = free_port()
    database = tmp_path_factory.mktemp("provider") / "provider.db"
    command = [sys.executable, "-m", "tests.service.oidc.django_provider", str(port), str(database), ADDRESS]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}/o"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the provider ended"
        try:
            if httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    yield issuer
    process.terminate()
    process.wait(20)


@pytest.fixture
def app(tmp_path, issuer):
    oidc = OidcSettings(
        issuer=issuer,
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        address=ADDRESS,
        new_users=NewUsers(role=Role.INSPECTOR),
    )
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, oidc=oidc)
    yield app
    app.state.store.close()


@pytest.fixture
def at_provider(issuer):
    """A person's browser at the provider, signed in there as wang."""
    with httpx.Client(base_url=issuer.removesuffix("/o")) as client:
        assert client.get("/login/?as=wang").text == "in"
        yield client


def who(at_provider):
    return at_provider.get("/who/").text


def sign_in(app, at_provider):
    browser = Browser(app)
    led = browser.get("/oidc/sign-in?next=/account")
    back = at_provider.get(led.headers["location"])
    assert back.status_code == 302, back.text
    told = {name: values[0] for name, values in parse_qs(urlsplit(back.headers["location"]).query).items()}
    answer = browser.get("/oidc/callback", params=told)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/account"), answer.text
    return browser


def test_a_name_that_only_the_userinfo_tells_is_the_account_s(app, at_provider):
    told = sign_in(app, at_provider).get("/api/v1/account").json()
    assert (told["name"], told["display_name"]) == ("wang", "王工 (wang)")


def test_signing_out_here_ends_the_session_there(app, at_provider):
    browser = sign_in(app, at_provider)
    assert who(at_provider) == "wang"
    page = browser.post("/sign-out")
    assert page.status_code == 200
    assert "已在本系统退出登录" in page.text
    way_out = unescape(re.search(r'href="([^"]*logout[^"]*)"', page.text)[1])
    assert page.headers["refresh"] == f"0; url={way_out}"
    assert browser.get("/api/v1/account").status_code == 401

    back = at_provider.get(way_out)
    assert (back.status_code, back.headers["location"]) == (302, f"{ADDRESS}/sign-in")
    assert who(at_provider) == ""
    entries = [entry for _, entry in app.state.accounts.audit.page(limit=1).entries]
    assert [entry.action for entry in entries] == [Action.SIGNED_OUT]


def test_who_came_in_by_a_password_is_not_led_to_the_provider(app):
    link = app.state.accounts.administrator_link("test")
    browser = Browser(app)
    form = {"token": link, "name": "admin", "display_name": "管理员"}
    password = "correct horse battery"
    made = browser.post("/link", data={**form, "password": password, "again": password})
    assert made.status_code in (200, 303), made.text
    answer = browser.post("/sign-in", data={"name": "admin", "password": password})
    assert answer.status_code == 303
    out = browser.post("/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
