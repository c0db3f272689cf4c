"""What holds for every page: no serious accessibility fault, no text cut off at 1280x720 or on a tablet."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.accounts.access import TABLE
from service.accounts.accounts import Accounts
from service.clock import utc_now
from service.domain.cases import CaseState
from service.pages.navigation import TITLES
from service.storage.database import open_database
from service.texts.catalogue import CHINESE, ENGLISH
from tests.service.conftest import PASSWORD
from tests.service.pages.browser import IN_A_DIALOG, NEEDS_BROWSER, let_settle, open_browser, screenshot
from tests.service.pages.full_city import fill

pytestmark = NEEDS_BROWSER

LOOKS, LANGUAGES = ("light", "dark"), (CHINESE, ENGLISH)
WINDOWS = {"": {"width": 1280, "height": 720}, "-tablet": {"width": 1024, "height": 768}}
FURTHER = {
    "case": "/cases?case={closed}",
    "table": "/cases?view=table&case={assigned}",
    "to-put-right": "/site/{assigned}",
    "one-site": "/sites/east",
    "camera": "/cameras/east/east-gate",
    "commissioning": "/cameras/east/east-gate/commissioning",
    "figures": "/statistics?from=2025-06-01&to=2025-06-02",
}
"""Pages that the bar does not lead to, and such as show more with something chosen."""
PAGES = {**{path.strip("/") or "queue": path for path in TITLES}, **FURTHER}
DIALOGS = {"reject": "r", "help": "Shift+Slash", "batch": "l", "correct": "e"}
SERIOUS = {"serious", "critical"}
# Text that is meant to be cut with dots says so by its class.
OVERFLOWING = """() => [...document.querySelectorAll('button, a, .dw-chip, [role=tab], .q-field__label')]
    .filter(e => e.offsetParent !== null && !e.closest('.dw-cut, .dw-scroll'))
    .filter(e => getComputedStyle(e).display !== 'inline')
    .filter(e => [e, ...e.querySelectorAll('*:not(svg *, .dw-cut, .q-focus-helper, i)')]
        .some(p => p.scrollWidth > p.clientWidth + 1 && p.clientWidth > 0))
    .map(e => `${e.className}: ${e.innerText}`)"""
WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    """One service for all: nothing is changed here."""
    return serve(tmp_path_factory.mktemp("every-page"))


@pytest.fixture(scope="module")
def numbers(address, make_package):
    return {state.value: number for state, number in fill(address, make_package).items()}


def look_at(page, name, part=None):
    """Check the page as it stands, or what hides a part of it, light and dark, in each window; keep pictures."""
    faults = []
    for look in LOOKS:
        page.emulate_media(color_scheme=look)
        if page.locator(".dw-app").count():
            expect(page.locator("body")).to_have_class(re.compile(f"body--{look}"))
        let_settle(page)
        for fault in Axe().run(page, context=part, options=IN_A_DIALOG if part else None).response["violations"]:
            if fault["impact"] in SERIOUS:
                node = fault["nodes"][0]
                faults.append((look, fault["id"], node["failureSummary"], node["html"][:200]))
        for window, size in WINDOWS.items():
            page.set_viewport_size(size)
            screenshot(page, f"page-{name}-{look}{window}.png")
            faults += [(window, "is cut off", text) for text in page.evaluate(OVERFLOWING)]
            if page.evaluate(WIDER_THAN_WINDOW):
                faults.append((window, "wider than the window"))
        page.set_viewport_size(WINDOWS[""])
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody_and_no_text_is_cut_off(page, address, numbers, name, language):
    path = PAGES[name].format(**numbers)
    page.goto(address + (path if language == CHINESE else f"/en{path}".rstrip("/")))
    expect(page.locator(".dw-bar")).to_be_visible()
    page.wait_for_load_state("networkidle")
    look_at(page, f"{name}-{language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DIALOGS)
def test_what_a_key_of_the_review_opens_can_be_read_by_everybody(page, address, numbers, name, language):
    page.goto(f"{address}{'' if language == CHINESE else '/en'}/?case={numbers['found']}".replace("/en/", "/en"))
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", str(numbers["found"]))
    page.wait_for_load_state("networkidle")
    page.keyboard.press(DIALOGS[name])
    look_at(page, f"queue-{name}-{language}", ".q-dialog" if name in ("reject", "help") else None)


def test_every_page_of_the_table_of_access_is_looked_at():
    forms = {"/sign-in", "/link", "/account"}
    others = {"/healthz", "/favicon.ico", "/openapi.json", "/oidc/sign-in", "/oidc/callback"}
    parts = ("/api/", "/_nicegui", "/en")
    shown = {each.path for each in TABLE if each.method == "GET" and not each.path.startswith(parts)}
    known = {path.split("?")[0] for path in PAGES.values()}
    names = {"case_id": "{assigned}", "site_id": "east", "camera_id": "east-gate"}
    assert {path.format(**names) for path in shown - forms - others} <= known


def test_the_forms_around_signing_in_can_be_read_by_everybody(guarded_address, tmp_path):
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    link = f"/link?token={accounts.administrator_link('test')}"
    with open_browser() as browser:
        page = browser.new_page(viewport=WINDOWS[""])
        page.set_default_timeout(30_000)
        for language in LANGUAGES:
            for name, path in (("sign-in", "/sign-in?"), ("link", f"{link}&"), ("no-link", "/link?token=x&")):
                page.goto(f"{guarded_address}{path}lang={language}")
                look_at(page, f"{name}-{language}")
        page.goto(guarded_address + link)
        for text in ("zhao", "赵主任", PASSWORD, PASSWORD):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".dw-account")).to_be_visible()
        for language in LANGUAGES:
            page.goto(f"{guarded_address}/account?lang={language}")
            look_at(page, f"account-{language}")


def test_all_columns_of_the_board_are_whole_when_each_has_cases(page, address, numbers):
    page.goto(f"{address}/cases")
    for state in CaseState:
        column = page.locator(f"[data-state={state.value}]")
        if state.value in numbers:
            expect(column.locator(".dw-card")).to_have_count(2)
    screenshot(page, "cases-board-nine.png")
    cut = "heads => heads.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    assert page.locator(".dw-column-head > *").evaluate_all(cut) == []
    narrow = "columns => Math.min(...columns.map(e => e.getBoundingClientRect().width))"
    assert page.locator(".dw-column").evaluate_all(narrow) >= 120
    last = page.locator(".dw-column").last
    page.locator(".dw-board").focus()
    page.keyboard.press("End")
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box["x"] + box["width"] <= 1280
