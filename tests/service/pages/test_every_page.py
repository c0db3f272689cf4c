"""What holds for every page that the bar leads to: no serious accessibility fault, no text cut off at 1280x720."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.pages.navigation import TITLES, address_of
from service.texts.catalogue import CHINESE, ENGLISH
from tests.service.pages.browser import NEEDS_BROWSER, screenshot
from tests.service.pages.test_queue_browser import hand_in, review

pytestmark = NEEDS_BROWSER

SERIOUS = {"serious", "critical"}
# Text that is meant to be cut with dots says so by its class.
OVERFLOWING = """() => [...document.querySelectorAll('button, a, .dw-chip, [role=tab]')]
    .filter(e => e.offsetParent !== null && !e.closest('.dw-cut, .dw-scroll'))
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
    .map(e => `${e.className}: ${e.innerText}`)"""
WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def served(address, make_package):
    """A queue with a few cases, some of them decided."""
    for number in range(4):
        case_id = hand_in(address, make_package(minutes=number, site_name="滨江一号地块"))
        if number < 2:
            review(address, case_id, decision="confirm" if number else "reject", reason="other")
    return address


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("path", TITLES)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_page_can_be_read_by_everybody(page, served, path, language, look):
    page.emulate_media(color_scheme=look)
    page.goto(served + address_of(path, language))
    expect(page.locator(".dw-bar")).to_be_visible()
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    serious = [
        f"{fault['id']} ({fault['help']}): {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]
    assert serious == []
    name = path.strip("/").replace("/", "-") or "queue"
    screenshot(page, f"page-{name}-{language}-{look}.png")


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("path", TITLES)
def test_no_text_overflows_its_button(page, served, path, language):
    page.goto(served + address_of(path, language))
    expect(page.locator(".dw-bar")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(OVERFLOWING) == []
    assert not page.evaluate(WIDER_THAN_WINDOW)
