"""The main path of each page by keyboard alone, in both languages: nothing is clicked, and Tab alone leads on."""

from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect

from service.accounts.accounts import Accounts
from service.clock import utc_now
from service.domain.cases import CaseState
from service.domain.maintenance import MaintenanceRule
from service.pages.labels import STATES
from service.storage.database import open_database
from service.storage.maintenance_store import MaintenanceStore
from service.texts.catalogue import CHINESE, ENGLISH, load_translator
from tests.conftest import wait_until
from tests.service.camera_samples import news
from tests.service.conftest import PASSWORD, draw_scene
from tests.service.health_reports import NOON, make_report
from tests.service.pages.browser import NEEDS_BROWSER, open_browser
from tests.service.pages.full_city import PARTY, fill
from tests.service.pages.test_queue_browser import hand_in, state_of

pytestmark = NEEDS_BROWSER

PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": draw_scene(640, 480, hue=1)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("keyboard")


@pytest.fixture(scope="module")
def address(serve, folder):
    """One service for all: each test has a case of its own in each language."""
    return serve(folder)


@pytest.fixture(scope="module")
def numbers(address, make_package):
    return fill(address, make_package)


@pytest.fixture(params=[CHINESE, ENGLISH])
def language(request):
    return request.param


@pytest.fixture
def texts(language):
    return load_translator().texts(language)


@pytest.fixture
def root(address, language):
    """The address below which the pages speak the language."""
    return address if language == CHINESE else f"{address}/en"


@pytest.fixture
def case_in(numbers, language):
    """Return the number of a case in a state; each language has another one."""
    return lambda state: numbers[state] - (language == ENGLISH)


def tab_to(page, target, most=80):
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible()
    expect(target).to_be_enabled()
    passed = []
    for _press in range(most):
        if target.evaluate("e => e === document.activeElement || e.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
        passed.append(page.evaluate("document.activeElement.innerText || document.activeElement.tagName")[:20])
    pytest.fail(f"Tab does not lead to {target.evaluate('e => e.outerHTML')[:300]}, but to {passed}")


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def choose(page, name):
    """Choose an entry of the menu that has just opened."""
    press(page, page.locator(".q-menu .q-item", has=page.get_by_text(name, exact=True)))


def test_cases_are_decided_taken_back_and_left(page, root, address, make_package, texts):
    numbers = [hand_in(address, make_package(minutes=60 + number)) for number in range(4)]
    page.goto(root)
    shown = page.locator(".dw-stage")
    last, *_rest = reversed(numbers)
    expect(shown).to_have_attribute("data-painted", str(last))
    for key, number in (("j", last - 1), ("k", last), ("c", last - 1), ("u", last - 2)):
        page.keyboard.press(key)
        expect(shown).to_have_attribute("data-painted", str(number))
    page.keyboard.press("r")
    expect(page.get_by_role("dialog", name=texts("Why is it no violation?"))).to_be_visible()
    page.keyboard.press("1")
    wait_until(lambda: state_of(address, last - 2) == "rejected", 15, "the rejection")
    page.keyboard.press("z")
    wait_until(lambda: state_of(address, last - 2) == "found", 15, "it is taken back")
    assert [state_of(address, number) for number in (last, last - 1)] == ["confirmed", "unsure"]
    for key in ("o", "+", "0", "Period", "Comma"):  # the picture and the clip
        page.keyboard.press(key)
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_role("dialog", name=texts("Keys"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("c")
    wait_until(lambda: state_of(address, last - 2) == "confirmed", 15, "the decision")


def test_a_case_is_opened_on_the_board_noted_and_handed_over(page, root, case_in, texts):
    number = case_in(CaseState.CONFIRMED)
    page.goto(f"{root}/cases")
    press(page, page.locator(f".dw-card[data-case='{number}']"))
    panel = page.locator(".dw-panel")
    expect(panel).to_contain_text(f"#{number}")
    tab_to(page, panel.get_by_label(texts("Write a note")))
    page.keyboard.type("on the way")
    press(page, panel.get_by_role("button", name=texts("Add the note")))
    expect(panel).to_contain_text("on the way")
    page.keyboard.press("Shift+Tab")
    tab_to(page, panel.locator(".dw-steps"))
    page.keyboard.press("Enter")
    choose(page, texts("Hand over"))
    expect(page.get_by_placeholder(texts("Responsible party"))).to_be_focused()
    page.keyboard.type(PARTY)
    page.keyboard.press("Enter")
    expect(panel.locator(".dw-chip")).to_have_text(texts(STATES[CaseState.ASSIGNED]))


def test_what_is_put_right_is_handed_in_with_a_photograph(page, root, address, case_in, texts):
    number = case_in(CaseState.ASSIGNED)
    page.goto(f"{root}/site")
    press(page, page.locator(f".dw-duty-row[data-case='{number}']"))
    page.wait_for_url(f"{root}/site/{number}")
    tab_to(page, page.locator(".dw-upload-pick input"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files([PHOTO])
    tab_to(page, page.locator(".dw-upload-note textarea"))
    page.keyboard.type("done")
    press(page, button(page, texts("Hand in")))
    expect(page.get_by_text(texts("Handed in. Somebody will check it."))).to_be_visible()
    assert state_of(address, number) == "rectifying"


def test_a_site_is_opened_and_corrected(page, root, address, numbers, language, texts):
    page.goto(f"{root}/sites")
    tab_to(page, page.get_by_label(texts("Find a site")))
    page.keyboard.type("住宅")
    expect(page.locator(".dw-site-row")).to_have_count(1)
    press(page, page.locator(".dw-site-row[data-site=east]"))
    page.wait_for_url(f"{root}/sites/east")
    press(page, button(page, texts("Edit")))
    tab_to(page, page.get_by_label(texts("Street")))
    page.keyboard.press("Control+a")
    page.keyboard.type(f"street {language}")
    press(page, button(page, texts("Save")))
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert httpx.get(f"{address}/api/v1/sites/east").json()["site"]["street"] == f"street {language}"


def test_a_zone_is_drawn_and_saved_from_the_wall_on(page, root, address, language, texts):
    camera_id = f"gate-{language[:2]}"
    camera = f"{address}/api/v1/cameras/keys/{camera_id}"
    told = news(site_name="keys", camera_name=f"camera {language}", layout={"zones": {}, "ground": None}, watches=[])
    assert httpx.put(camera, json=told).status_code == 204
    at = {"captured_at": "2025-06-01T04:00:00Z"}
    assert httpx.put(f"{camera}/picture", content=draw_scene(), params=at).status_code == 204
    page.goto(f"{root}/cameras")
    press(page, page.locator(".dw-cam-tile", has_text=f"camera {language}"))
    page.wait_for_url(f"{root}/cameras/keys/{camera_id}")
    press(page, page.get_by_role("link", name=texts("Commissioning")))
    page.wait_for_function("document.querySelector('.dw-cam-draw img')?.naturalWidth > 0")
    press(page, page.locator(".dw-cam-begin"))
    choose(page, texts("Yard"))
    row = page.locator(".dw-cam-thing")
    expect(row).to_contain_text(texts("Yard"))
    for number in range(1, 4):
        page.keyboard.press("a")
        expect(row).to_contain_text(str(number))
    for _press in range(5):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("alert")).to_have_count(0)
    press(page, button(page, texts("Save as a new version")))
    expect(page.locator("[data-version='1']")).to_be_visible()
    (kept,) = httpx.get(f"{camera}/layouts").json()
    assert len(kept["layout"]["zones"]["yard"]) == 3


def test_a_maintenance_case_is_closed_with_a_note(page, root, address, folder, language, texts):
    report = make_report(camera_name=f"gate {language}", camera_id=f"gate-{language}")
    path = f"{address}/api/v1/health-observations/{report.key}"
    assert httpx.put(path, json=report.model_dump(mode="json")).status_code == 201
    store = MaintenanceStore(open_database(f"sqlite:///{folder}/cases.db"))
    store.advance(NOON + timedelta(minutes=30), MaintenanceRule())
    page.goto(f"{root}/maintenance")
    row = page.locator(".dw-upkeep-row", has_text=f"gate {language}")
    press(page, row.get_by_role("button", name=texts("Close")))
    expect(page.get_by_role("dialog", name=texts("What was done?"))).to_be_visible()
    expect(page.get_by_placeholder(texts("Note (optional)"))).to_be_focused()
    page.keyboard.type("new cable")
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)


def test_a_period_is_chosen_and_its_figures_are_shown(page, root, numbers, texts):
    page.goto(f"{root}/statistics?from=2025-06-02&to=2025-06-02")
    tab_to(page, page.get_by_label(texts("From"), exact=True))
    page.keyboard.type("06012025")
    page.keyboard.press("Enter")
    page.wait_for_url("**/statistics?from=2025-06-01&to=2025-06-02")
    expect(page.locator("[data-total=found]")).not_to_have_text("0")


def test_a_user_is_added(guarded_address, tmp_path, language, texts):
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    link = f"{guarded_address}/link?token={accounts.administrator_link('test')}&lang={language}"
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(30_000)
        page.goto(link)
        for text in ("zhao", "Zhao", PASSWORD, PASSWORD):
            page.keyboard.type(text)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".dw-account")).to_be_visible()
        page.goto(f"{guarded_address}{'' if language == CHINESE else '/en'}/administration")
        press(page, button(page, texts("Add a user")))
        tab_to(page, page.get_by_label(texts("Sign-in name")))
        page.keyboard.type("li")
        page.keyboard.press("Tab")
        page.keyboard.type("Li")
        tab_to(page, page.get_by_role("combobox", name=texts("Roles")))
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        press(page, page.get_by_role("checkbox", name=texts("Sees every site")), "Space")
        press(page, button(page, texts("Save")))
        expect(page.locator("[data-secret]")).to_contain_text("/link?token=")
        press(page, button(page, texts("I have handed it over")))
        expect(page.locator("[data-user=li]")).to_contain_text("Li")
    assert accounts.users.get("li").plan.roles
