"""The pages, served and opened in a browser; nothing may come from outside, and no script may fail."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import free_port, wait_until
from tests.service.conftest import REPOSITORY, SERVER
from tests.service.guarded_queue import is_up
from tests.service.pages.browser import open_browser

ANSWERS_MS = 15_000
"""How long an answer may take in a test: how quick the pages are is measured, on a machine that does little else."""


@pytest.fixture
def address(serve, tmp_path):
    return serve(tmp_path)


@pytest.fixture
def guarded_address(tmp_path: Path) -> Iterator[str]:
    """A queue with accounts and pages, on a real socket."""
    port = free_port()
    command = [sys.executable, "-c", SERVER.replace(", is_open=True", ""), str(tmp_path), str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: is_up(address), 120, "the queue")
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture
def page(address):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(ANSWERS_MS)
        expect.set_options(timeout=ANSWERS_MS)
        page.outside, page.errors = [], []
        page.on("request", lambda request: is_outside(request.url, address) and page.outside.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        yield page
        assert page.errors == []
        assert page.outside == []


def is_outside(url, address):
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
