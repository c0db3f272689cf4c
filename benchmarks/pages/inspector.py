"""One inspector at a real browser: how long a key press takes until the next picture stands, and the page's memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_PRESS = """code => new Promise((resolve, reject) => {
    const stage = document.querySelector(".dw-stage"), before = stage.dataset.painted, began = performance.now();
    const tell = () => ["painted " + stage.dataset.painted, ...[".dw-number", ".dw-head .dw-chip", ".dw-note", ".dw-lost"]
        .map((each) => each + " " + document.querySelector(each)?.textContent),
        "waits " + sessionStorage.getItem("dw-unsent")].join("; ");
    setTimeout(() => reject(new Error(`no next picture within 20 s after ${before}: ${tell()}`)), 20000);
    new MutationObserver((_, watching) => {
        if (!stage.dataset.painted || stage.dataset.painted === before) return;
        watching.disconnect();
        const image = document.querySelector(".dw-now.dw-of-annotated");
        const number = document.querySelector(".dw-number").textContent;
        const isRight = image.dataset.case === stage.dataset.painted && number === `#${image.dataset.case}`
            && image.src.includes(`/cases/${image.dataset.case}/`) && !image.classList.contains("dw-hidden");
        requestAnimationFrame(() => resolve([performance.now() - began, isRight]));
    }).observe(stage, {attributes: true, attributeFilter: ["data-painted"]});
    document.dispatchEvent(new KeyboardEvent("keydown", {code, key: code}));
})"""


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """Open the queue's page and wait until a picture stands."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.wait_for_selector(".dw-stage[data-painted]", timeout=60_000)
        page.wait_for_timeout(2000)
        yield page
        browser.close()


def press(page: Page, times: int, pause_ms: int, code: str = "KeyC") -> tuple[list[float], int]:
    """Press a key so many times; return the milliseconds each took, and how often a picture was not its case's."""
    took, wrong = [], 0
    for _ in range(times):
        page.wait_for_timeout(pause_ms)
        milliseconds, is_right = page.evaluate(_PRESS, code)
        took.append(milliseconds)
        wrong += not is_right
    return took, wrong


def heap_mb(page: Page) -> float:
    """Return how much the page's script holds, after what is garbage is gone."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return round(float(next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize")) / 1e6, 2)
