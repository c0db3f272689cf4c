"""The site's own pages on a phone: signing in lands there, a case is put right with photographs, nothing is lost."""

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.clock import utc_now
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.sites import Site
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.site_store import SiteStore
from tests.service.conftest import PASSWORD, draw_scene
from tests.service.pages.browser import NEEDS_BROWSER, open_browser, screenshot
from tests.service.pages.test_every_page import SERIOUS, WIDER_THAN_WINDOW

pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]

OFFICE = Actor("赵主任", Role.REVIEWER)
HOSTILE = "<img src=x onerror=alert(1)> 东门"
PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": draw_scene(1200, 900, hue=1)}


@pytest.fixture
def store(guarded_address, tmp_path):
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    yield store
    store.close()


@pytest.fixture
def accounts(guarded_address, store, password_hash, make_package) -> Accounts:
    """王 is of the east site, 李 of its district; cases 1 (east) and 2 (west) are handed over, 3 (east) waits."""
    accounts = Accounts(store.engine, utc_now)
    entry = accounts.entry("test", Action.USER_MADE)
    people = (
        ("wang", "王工", Role.SITE, Scope(sites={"east"})),
        ("li", "李工", Role.DISTRICT, Scope(districts={"滨江区"})),
    )
    for name, called, role, scope in people:
        plan = UserPlan(name=name, display_name=called, roles={role}, scope=scope)
        accounts.credentials.set_password(accounts.users.add(plan, entry).id, password_hash, entry)
    sites = SiteStore(store.engine)
    for site_id, district in (("east", "滨江区"), ("west", "西湖区")):
        sites.put(Site(id=site_id, name=site_id, category="construction", district=district))
    token = accounts.tokens.add("edge", [MachineScope.VIOLATIONS_WRITE], entry)
    for number, site in enumerate(("east", "west", "east")):
        package = make_package(minutes=number, site_id=site, site_name=HOSTILE, camera_id=f"{site}-gate")
        headers = {**package.headers, "Authorization": f"Bearer {token}"}
        assert (
            httpx.post(f"{guarded_address}/api/violations", files=package.parts(), headers=headers).status_code == 201
        )
    for case_id in (1, 2):
        lead(store, case_id, Step.CONFIRM, Step.ASSIGN)
    return accounts


def lead(store, case_id, *steps, reason="还有泥"):
    for step in steps:
        store.take_step(case_id, step, OFFICE, Told(reason=reason, party="某建设集团"), at=utc_now())


@pytest.fixture
def phone(guarded_address, accounts):
    """A phone that is signed in as 王."""
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
        page.set_default_timeout(20_000)
        sign_in(page, guarded_address, "wang")
        yield page


def sign_in(page, guarded_address, name):
    page.goto(guarded_address)
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def steps_of(store, case_id):
    return [entry.step for entry in store.history(case_id)]


def test_a_site_user_lands_at_what_is_to_be_put_right_and_hands_it_in(phone, guarded_address, store):
    phone.wait_for_url(f"{guarded_address}/site")
    rows = phone.locator(".dw-duty-row")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("<img src=x onerror=alert(1)> 东门")
    assert not phone.evaluate(WIDER_THAN_WINDOW)
    screenshot(phone, "duty-list.png")
    rows.first.tap()
    phone.wait_for_url(f"{guarded_address}/site/1")
    expect(phone.locator(".dw-duty-asked")).to_contain_text("冲洗干净")
    picture = phone.locator(".dw-duty-picture img")
    assert picture.evaluate("p => p.decode().then(() => p.naturalWidth)") == 1280
    expect(phone.locator("input[type=file]")).to_have_attribute("capture", "environment")
    expect(phone.get_by_role("button", name="提交整改")).to_be_disabled()

    phone.locator("input[type=file]").set_input_files([PHOTO, {**PHOTO, "name": "出口.jpg"}])
    phone.get_by_label("备注").fill("已冲洗")
    screenshot(phone, "duty-case.png")
    faults = [each for each in Axe().run(phone).response["violations"] if each["impact"] in SERIOUS]
    assert [fault["id"] for fault in faults] == []
    assert not phone.evaluate(WIDER_THAN_WINDOW)
    phone.get_by_role("button", name="提交整改").tap()
    expect(phone.get_by_text("整改已提交，等待复核。")).to_be_visible()
    # Twice the same picture is kept once.
    assert steps_of(store, 1)[2:] == [Step.NOTE, Step.ACCEPT, Step.REPORT]
    entry = store.history(1)[-1]
    assert (entry.actor.name, entry.actor.role, entry.told.reason) == ("王工", Role.SITE, "已冲洗")
    screenshot(phone, "duty-handed-in.png")

    lead(store, 1, Step.RETURN)
    phone.reload()
    expect(phone.locator(".dw-duty-asked")).to_contain_text("退回原因：还有泥")


def test_nothing_is_lost_when_the_line_breaks_while_handing_in(phone, guarded_address, store):
    phone.goto(f"{guarded_address}/site/1")
    phone.locator("input[type=file]").set_input_files([PHOTO])
    phone.get_by_label("备注").fill("已冲洗")
    phone.route("**/attachments?*", lambda route: route.abort())
    phone.get_by_role("button", name="提交整改").tap()
    expect(phone.get_by_text("网络中断")).to_be_visible()
    screenshot(phone, "duty-broken-line.png")
    assert steps_of(store, 1) == [Step.CONFIRM, Step.ASSIGN]

    # Even when the page had to be loaded again, the photograph and the note are there.
    phone.unroute("**/attachments?*")
    phone.reload()
    expect(phone.locator(".dw-upload-one")).to_have_count(1)
    expect(phone.get_by_label("备注")).to_have_value("已冲洗")

    # The answer to the report is lost on its way: trying again does not report twice.
    def lose(route):
        is_report = "report" in (route.request.post_data or "")
        if not is_report:
            return route.continue_()
        route.fetch()
        return route.abort()

    phone.route("**/steps", lose)
    phone.get_by_role("button", name="提交整改").tap()
    expect(phone.get_by_text("网络中断")).to_be_visible()
    phone.unroute("**/steps")
    phone.get_by_role("button", name="重试").tap()
    expect(phone.get_by_text("整改已提交，等待复核。")).to_be_visible()
    assert steps_of(store, 1)[2:] == [Step.NOTE, Step.ACCEPT, Step.REPORT]
    phone.reload()
    expect(phone.locator(".dw-upload-one")).to_have_count(0)


def test_what_is_no_picture_is_told_and_may_be_removed(phone, guarded_address, store):
    phone.goto(f"{guarded_address}/site/1")
    files = phone.locator("input[type=file]")
    files.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(phone.locator(".dw-upload-problem")).to_contain_text("a.txt: 只接收 JPEG")
    files.set_input_files({"name": "big.jpg", "mimeType": "image/jpeg", "buffer": bytes((20 << 20) + 1)})
    expect(phone.locator(".dw-upload-problem")).to_contain_text("超过 20 MB")
    files.set_input_files([{"name": "bad.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}, PHOTO])
    phone.get_by_role("button", name="提交整改").tap()
    expect(phone.locator(".dw-upload-bad")).to_have_text("无法接收")
    expect(phone.locator(".dw-upload-sent")).to_have_count(1)
    assert Step.REPORT not in steps_of(store, 1)
    phone.get_by_role("button", name="移除").tap()
    phone.get_by_role("button", name="提交整改").tap()
    expect(phone.get_by_text("整改已提交，等待复核。")).to_be_visible()


def test_nobody_sees_other_sites_cases_also_by_their_addresses(phone, guarded_address):
    others = ("/site/2", "/en/site/2", "/site/99", "/site/x")
    for path in others:
        assert phone.goto(guarded_address + path).status == 404, path
    phone.goto(f"{guarded_address}/cases?view=table")
    expect(phone.locator(".dw-table-row")).to_have_count(2)
    expect(phone.locator(".dw-table-row[data-case='2']")).to_have_count(0)
    phone.goto(f"{guarded_address}/cases?case=2")
    expect(phone.locator(".dw-card")).to_have_count(2)
    expect(phone.locator(".dw-panel")).to_be_hidden()
    for path in ("/sites/west", "/en/sites/west", "/sites/nowhere"):
        assert phone.goto(guarded_address + path).status == 404, path
    phone.goto(f"{guarded_address}/sites")
    expect(phone.locator(".dw-site-row")).to_have_count(1)
    phone.goto(f"{guarded_address}/sites/east")
    expect(phone.locator("h1")).to_have_text("east")
    expect(phone.get_by_role("button", name="编辑")).to_have_count(0)


def test_a_district_sees_its_own_sites_alone_and_stays_at_the_queue(guarded_address, accounts):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(20_000)
        sign_in(page, guarded_address, "li")
        page.wait_for_url(lambda url: "/sign-in" not in url and "/site" not in url)
        page.goto(f"{guarded_address}/en/site")
        expect(page.locator(".dw-duty-row")).to_have_count(1)
        expect(page.get_by_role("heading", name="To put right")).to_be_visible()
        assert page.goto(f"{guarded_address}/site/2").status == 404
        page.goto(f"{guarded_address}/cases")
        expect(page.locator(".dw-card")).to_have_count(2)
