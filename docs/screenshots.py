"""`python -m docs.screenshots`: pictures of the pages in Chinese, on the demonstration's three rendered cameras."""

import io
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.conftest import free_port
from tests.service.pages.browser import open_browser

PICTURES = Path(__file__).parent / "pictures"
WINDOW = (1280, 720)
MOST_BYTES = 200_000
CASES_WITHIN_S = 240.0
PICTURES_WITHIN_MS = 90_000
"""A camera's first picture comes with its edge's first look at it."""
SETTLE_MS = 2500
"""Until pictures and charts stand."""
_LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
PAGES = {"cases": "/cases", "cameras": "/cameras", "statistics": "/statistics"}
WHOLE = """() => [...document.images]
    .filter(each => each.checkVisibility() && each.getBoundingClientRect().top < innerHeight)
    .every(each => each.naturalWidth > 0)
    && [...document.querySelectorAll('.dw-cam-none')].every(each => !each.checkVisibility())"""
"""Tells whether every picture is there, and no camera is without one."""


def main() -> None:
    """Run the demonstration until each rule has a case, and write the pictures."""
    with tempfile.TemporaryDirectory(prefix="dustwatch-screenshots-") as name:
        ports = ["--port", str(free_port()), "--rtsp-port", str(free_port())]
        command = [sys.executable, "-m", "service.cli.main", "demo", "--data", name, *ports]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
        try:
            _take_all(_link_of(demo))
        finally:
            demo.terminate()
            demo.wait(60)


def _link_of(demo: "subprocess.Popen[str]") -> str:
    assert demo.stdout is not None
    for line in demo.stdout:
        if found := _LINK.search(line):
            return found[0]
    raise RuntimeError("the demonstration ended before it told its link")


def _take_all(link: str) -> None:
    origin = "/".join(link.split("/")[:3])
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]}, locale="zh-CN")
        page.goto(link)
        page.goto(f"{origin}/")
        _wait_for_rules(page, 3)
        page.locator(".dw-row", has_text="裸土").first.click()
        _take(page, "queue")
        page.keyboard.press("e")
        _take(page, "correcting")
        page.keyboard.press("Escape")
        for name, path in PAGES.items():
            page.goto(f"{origin}{path}")
            _take(page, name)
        page.goto(f"{origin}/cameras")
        page.locator(".dw-cam-tile", has_text="堆场").click()
        page.get_by_role("link", name="标定与区域").click()
        page.locator(".dw-cam-thing").first.click()
        _take(page, "commissioning")


def _wait_for_rules(page: Page, count: int) -> None:
    deadline = time.monotonic() + CASES_WITHIN_S
    while len(set(page.locator(".dw-row-rule").all_inner_texts())) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("not every rule has a case")
        page.wait_for_timeout(1000)


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.get_by_text("统计中").wait_for(state="hidden")
    page.wait_for_function(WHOLE, timeout=PICTURES_WITHIN_MS)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in (85, 75, 60, 45):
        webp = io.BytesIO()
        shot.save(webp, "WEBP", quality=quality, method=6)
        if webp.tell() <= MOST_BYTES:
            break
    (PICTURES / f"{name}.webp").write_bytes(webp.getvalue())


if __name__ == "__main__":
    main()
