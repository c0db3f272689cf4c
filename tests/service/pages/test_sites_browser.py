"""The pages of the sites in a real browser: list, map, one site with its dust, and the form."""

from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from service.clock import utc_now
from service.dust.reading import DustReading, Factor, Instrument, Measured, Period
from service.storage.database import open_database
from service.storage.dust_store import DustStore
from tests.service.pages.browser import NEEDS_BROWSER, screenshot
from tests.service.pages.test_cases_browser import HOSTILE, take
from tests.service.pages.test_every_page import OVERFLOWING, SERIOUS, WIDER_THAN_WINDOW
from tests.service.pages.test_queue_browser import hand_in, review

pytestmark = NEEDS_BROWSER

EAST = {
    "id": "east",
    "name": "滨江一号地块",
    "category": "construction",
    "district": "滨江区",
    "street": "长河街道",
    "control_level": "A",
    "parties": [{"role": "contractor", "name": "某建设集团", "contact": "0571-0000000"}],
    "point_keeper": "李工",
    "position": {"latitude": 30.2084, "longitude": 120.212},
}
WEST = {
    "id": "west",
    "name": HOSTILE,
    "category": "road",
    "district": "西湖区",
    "position": {"latitude": 30.15, "longitude": 120.1},
}


@pytest.fixture
def city(address, make_package, tmp_path):
    """East has three cases, two of them confirmed, and a dust monitor; west has none; another site is in no list."""
    for site in (EAST, WEST):
        assert httpx.put(f"{address}/api/v1/sites/{site['id']}", json=site).is_success
    at = utc_now()
    for number, site_id in enumerate(("east", "east", "east", "unlisted")):
        when = (at - timedelta(hours=2 + number)).isoformat()
        package = make_package(site_id=site_id, site_name=f"名为 {site_id}", camera_id=f"{site_id}-gate")
        hand_in(address, package.with_manifest(opened_at=when))
    for case_id in (1, 2):
        review(address, case_id, decision="confirm")
    take(address, 1, "assign", party="某建设集团")
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    dust = DustStore(engine)
    dust.register([Instrument("MN1", "<b>东门</b>扬尘仪", "east", "滨江一号地块")])
    for minutes in range(0, 20 * 60, 10):
        measured = {Factor.TSP: Measured(mean=100.0 + minutes % 90), Factor.PM10: Measured(mean=60.0)}
        dust.put(DustReading("MN1", Period.MINUTE, at - timedelta(minutes=minutes), measured), at)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET due_at = '2025-06-02 00:00:00.000000' WHERE id = 1")
    engine.dispose()
    return address


def has_no_fault(page):
    found = [each for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate(OVERFLOWING) == []
    assert not page.evaluate(WIDER_THAN_WINDOW)


def test_the_list_begins_with_who_is_late_and_the_map_leads_to_the_site(page, city):
    page.goto(f"{city}/sites")
    rows = page.locator(".dw-site-row")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("逾期 1")
    expect(page.locator(".dw-site-row[data-site=west]")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".dw-site-row[data-site=unlisted]")).to_contain_text("未登记")
    dots = page.locator(".dw-map path[fill='#c4281c']")
    expect(dots).to_have_count(1)
    expect(page.locator(".dw-map path[fill='#1a8a44']")).to_have_count(1)
    page.wait_for_timeout(500)
    screenshot(page, "sites.png")
    has_no_fault(page)

    page.get_by_label("查找工地").fill("长河")
    expect(rows).to_have_count(1)
    expect(page.locator(".dw-map path[fill='#1a8a44']")).to_have_count(0)
    page.wait_for_url("**/sites?text=*")
    dots.click()
    page.wait_for_url(f"{city}/sites/east")


def test_a_site_is_reached_by_keyboard_and_tells_everything(page, city):
    page.goto(f"{city}/sites")
    page.locator(".dw-site-row[data-site=east]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{city}/sites/east")
    main = page.locator(".dw-site")
    for text in ("滨江一号地块", "某建设集团 · 0571-0000000", "李工", "建筑工地", "屡次违规", "已逾期"):
        expect(main).to_contain_text(text)
    expect(page.locator(".dw-site-cases tr")).to_have_count(3)
    expect(page.locator(".dw-site-chart canvas").first).to_be_visible()
    expect(page.get_by_text("该时段没有扬尘监测数据")).to_be_hidden()
    page.wait_for_timeout(500)
    screenshot(page, "site.png")
    has_no_fault(page)
    page.get_by_role("button", name="30 天").click()
    page.locator(".dw-site-cases a").first.click()
    page.wait_for_url(f"{city}/cases?case=*")


def test_a_site_is_corrected_and_what_is_wrong_is_said_at_its_field(page, city):
    page.goto(f"{city}/sites/east")
    page.get_by_role("button", name="编辑").click()
    page.get_by_label("工地名称").fill("")
    page.get_by_label("纬度").fill("三十")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("此项必填")).to_be_visible()
    expect(page.get_by_text("请填写数字，如 30.2084")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="请更正标出的内容")).to_be_visible()
    screenshot(page, "site-form.png")
    page.get_by_label("工地名称").fill("滨江二号<b>地块</b>")
    page.get_by_label("纬度").fill("30.21")
    page.get_by_role("button", name="添加责任主体").click()
    expect(page.get_by_label("单位名称")).to_have_count(2)
    page.get_by_label("单位名称").last.fill("某监理公司")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text("滨江二号<b>地块</b>")
    kept = httpx.get(f"{city}/api/v1/sites/east").json()["site"]
    assert kept["position"] == {"latitude": 30.21, "longitude": 120.212}
    assert [party["name"] for party in kept["parties"]] == ["某建设集团", "某监理公司"]


def test_somebody_elses_change_is_not_overwritten(page, city):
    page.goto(f"{city}/sites/east")
    page.get_by_role("button", name="编辑").click()
    page.get_by_label("街道").fill("浦沿街道")
    assert httpx.put(f"{city}/api/v1/sites/east", json={**EAST, "name": "别人改的"}).is_success
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".dw-site-problem")).to_contain_text("east")
    assert httpx.get(f"{city}/api/v1/sites/east").json()["site"]["street"] == "长河街道"


def test_a_site_that_only_its_cases_name_is_shown_and_can_be_written_down(page, city):
    page.goto(f"{city}/en/sites/unlisted")
    expect(page.locator("h1")).to_have_text("名为 unlisted")
    expect(page.locator(".dw-site")).to_contain_text("This site is not in the list of sites yet.")
    has_no_fault(page)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("District").fill("滨江区")
    page.get_by_role("combobox", name="Category").click()
    page.get_by_role("option", name="road works").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".dw-site")).to_contain_text("road works")
    assert httpx.get(f"{city}/api/v1/sites/unlisted").json()["site"]["category"] == "road"
