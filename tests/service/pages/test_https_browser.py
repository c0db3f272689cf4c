"""The pages over HTTPS, in a browser that knows the office's authority and in one that does not."""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright
from typer.testing import CliRunner

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.api.session_cookie import COOKIE
from service.cli.main import command_line
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.storage.database import open_database
from tests.conftest import free_port, wait_until
from tests.service.conftest import PASSWORD, REPOSITORY
from tests.service.pages.browser import NEEDS_BROWSER, launch, screenshot

pytestmark = [
    *NEEDS_BROWSER,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("certutil"), reason="needs certutil: apt-get install libnss3-tools"),
]


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """The certificate of an authority that certified `localhost`, as docs/deployment.md has it made."""
    folder = tmp_path / "office"
    for command in (["authority", str(folder)], ["issue", str(folder), "localhost"]):
        assert CliRunner().invoke(command_line(), ["certificates", *command]).exit_code == 0
    return folder / "authority.pem"


@pytest.fixture
def address(authority: Path, tmp_path: Path) -> Iterator[str]:
    """`dustwatch serve` with accounts, over HTTPS alone."""
    port = free_port()
    files = [
        "--tls-certificate",
        authority.with_name("localhost.pem"),
        "--tls-key",
        authority.with_name("localhost.key"),
    ]
    command = [sys.executable, "-m", "service.cli.main", "serve", "--data", tmp_path, "--port", str(port), *files]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    trusted = ssl.create_default_context(cafile=authority)

    def is_up() -> bool:
        try:
            return httpx.get(f"https://localhost:{port}/healthz", verify=trusted).is_success
        except httpx.TransportError:
            return False

    wait_until(is_up, 180, "the queue")
    yield f"https://localhost:{port}"
    process.terminate()
    process.wait(30)


@contextmanager
def browser_at(home: Path, trusted: Path | None = None) -> Iterator[Browser]:
    """A browser of somebody who installed the authority `trusted`, if any, in their own store of certificates."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    database = f"sql:{store}"
    subprocess.run(["certutil", "-d", database, "-N", "--empty-password"], check=True)
    if trusted is not None:
        subprocess.run(["certutil", "-d", database, "-A", "-t", "C,,", "-n", "office", "-i", trusted], check=True)
    with sync_playwright() as playwright:
        browser = launch(playwright, {**os.environ, "HOME": str(home)})
        yield browser
        browser.close()


def test_an_inspector_signs_in_and_works_over_https(
    address: str, authority: Path, tmp_path: Path, password_hash: str
) -> None:
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    entry = accounts.entry("test", Action.USER_MADE)
    plan = UserPlan(name="wang", display_name="王工", roles={Role.INSPECTOR}, scope=Scope())
    accounts.credentials.set_password(accounts.users.add(plan, entry).id, password_hash, entry)

    with browser_at(tmp_path / "home", authority) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(30_000)
        sockets: list[str] = []
        requests: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}/")
        page.get_by_label("登录名").fill("wang")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator(".dw-account")).to_contain_text("王工", timeout=30_000)
        page.get_by_role("button", name="快捷键").click()  # what it opens comes over the socket
        expect(page.get_by_role("dialog")).to_be_visible(timeout=30_000)
        screenshot(page, "https.png")

        (cookie,) = (each for each in page.context.cookies() if each["name"] == COOKIE)
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
        assert [each["name"] for each in page.context.cookies() if not each["secure"]] == []
        assert sockets
        assert all(url.startswith(address.replace("https", "wss")) for url in sockets)
        assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []


def test_a_browser_that_does_not_know_the_authority_goes_no_further(address: str, tmp_path: Path) -> None:
    with browser_at(tmp_path / "home") as browser, pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        browser.new_page().goto(address)


def test_the_port_speaks_https_alone(address: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(address.replace("https", "http"))
