"""Debian's Chromium: how it is started, and where pictures of the pages are kept."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARTIFACTS = Path(__file__).parents[3] / "artifacts"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.flaky(reruns=1),  # on a busy machine a key press may come before what it is for; each rerun is told
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is missing: apt-get install chromium"),
]
"""The marks of a test module that opens pages: `pytestmark = NEEDS_BROWSER`."""


def launch(playwright: Playwright, environment: Mapping[str, str | float | bool] | None = None) -> Browser:
    """Start a browser; with an environment of its own it is somebody else's."""
    return playwright.chromium.launch(
        executable_path=str(CHROMIUM), args=_ARGUMENTS, env=dict(environment) if environment else None
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def let_settle(page: Page) -> None:
    """Wait until nothing slides or fades any more: colours are those of the page only then."""
    page.wait_for_timeout(300)  # until it has begun
    moves = "each => each.playState === 'running' && each.effect.getTiming().iterations !== Infinity"
    page.wait_for_function(f"() => !document.getAnimations().some({moves})")


IN_A_DIALOG = {"rules": {"color-contrast": {"enabled": False}}}
"""Options for axe where a dialog is open: it takes the darkened page behind it for the ground of its letters."""


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the page among what a run leaves behind."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / name)
