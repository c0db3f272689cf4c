"""The pages, served and opened in a browser; nothing may come from outside, and no script may fail."""

import pytest

from tests.service.pages.browser import open_browser


@pytest.fixture
def address(serve, tmp_path):
    return serve(tmp_path)


@pytest.fixture
def page(address):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(10_000)
        page.outside, page.errors = [], []
        page.on("request", lambda request: is_outside(request.url, address) and page.outside.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        yield page
        assert page.errors == []
        assert page.outside == []


def is_outside(url, address):
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
