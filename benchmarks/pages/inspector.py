"""One inspector at a real browser: how long a key press takes until the next picture stands, and the page's memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_PRESS = """code => new Promise((resolve) => {
    const stage = document.querySelector(".dw-stage"), before = stage.dataset.painted, began = performance.now();
    const tell = () => [["case", before], ...[".dw-number", ".dw-head .dw-chip", ".dw-note", ".dw-lost"]
        .map((each) => [each, document.querySelector(each)?.textContent]),
        ["unsent", sessionStorage.getItem("dw-unsent")]].map((each) => each.join(" ")).join("; ");
    const watching = new MutationObserver(() => {
        if (!stage.dataset.painted || stage.dataset.painted === before) return;
        watching.disconnect();
        clearTimeout(givingUp);
        const image = document.querySelector(".dw-now.dw-of-annotated");
        const number = document.querySelector(".dw-number").textContent;
        const isRight = image.dataset.case === stage.dataset.painted && number === `#${image.dataset.case}`
            && image.src.includes(`/cases/${image.dataset.case}/`) && !image.classList.contains("dw-hidden");
        requestAnimationFrame(() => resolve([performance.now() - began, isRight, ""]));
    });
    const givingUp = setTimeout(() => { watching.disconnect(); resolve([0, false, tell()]); }, 20000);
    watching.observe(stage, {attributes: true, attributeFilter: ["data-painted"]});
    document.dispatchEvent(new KeyboardEvent("keydown", {code, key: code}));
})"""


@dataclass(frozen=True)
class Presses:
    """Milliseconds of each key press that led to a picture, how many pictures were not their case's, and what was
    seen where none came within 20 s."""

    took_ms: tuple[float, ...]
    wrong: int
    unanswered: tuple[str, ...]


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


def press(page: Page, times: int, pause_ms: int, code: str = "KeyC") -> Presses:
    """Press a key so many times; where nothing comes of it, go on to the next case as an inspector would."""
    took, wrong, unanswered = [], 0, []
    for _ in range(times):
        page.wait_for_timeout(pause_ms)
        milliseconds, is_right, seen = page.evaluate(_PRESS, code)
        if seen:
            unanswered.append(seen)
            page.keyboard.press("j")
            continue
        took.append(milliseconds)
        wrong += not is_right
    return Presses(tuple(took), wrong, tuple(unanswered))


def page_size(page: Page) -> dict[str, float]:
    """Return what the page's script holds (MB), its nodes (all, and those in the document), after garbage is gone."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told = {each["name"]: float(each["value"]) for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    in_document = page.evaluate("document.querySelectorAll('*').length")
    return {
        "heap_mb": round(told["JSHeapUsedSize"] / 1e6, 2),
        "nodes": told["Nodes"],
        "nodes_in_document": in_document,
        "listeners": told["JSEventListeners"],
    }
