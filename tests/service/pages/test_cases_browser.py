"""The page of cases in a real browser: board, table, filters in the address, steps, notes, files, bulk."""

from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect

from service.clock import utc_now
from service.domain.sites import Site
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.site_store import SiteStore
from tests.service.conftest import draw_scene
from tests.service.pages.browser import NEEDS_BROWSER, screenshot
from tests.service.pages.test_queue_browser import hand_in, review

pytestmark = NEEDS_BROWSER

HOSTILE = "<img src=x onerror=alert(1)> 城北"
SITES = (("east", "滨江一号地块", "滨江区"), ("west", HOSTILE, "西湖区"))


def take(address, case_id, step, **body):
    answer = httpx.post(f"{address}/api/v1/cases/{case_id}/steps", json={"step": step, **body})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def city(address, make_package):
    """Two sites, four cases: 1 waits, 2 is confirmed, 3 was handed over, 4 is at a site with a hostile name."""
    for site_id, name, district in SITES:
        site = {"id": site_id, "name": name, "category": "construction", "district": district}
        assert httpx.put(f"{address}/api/v1/sites/{site_id}", json=site).is_success
    for number in range(4):
        site_id, name = ("west", HOSTILE) if number == 3 else ("east", "滨江一号地块")
        place = {"site_id": site_id, "site_name": name, "camera_id": f"{site_id}-gate"}
        hand_in(address, make_package(minutes=number, **place))
    for case_id in (2, 3):
        review(address, case_id, decision="confirm")
    take(address, 3, "assign", party="某建设集团")
    return address


@pytest.fixture
def long_ago(city, tmp_path):
    """Case 3 is overdue."""
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE cases SET due_at = '2025-06-02 00:00:00.000000' WHERE id = 3")
    store.close()
    return city


def card(page, case_id):
    return page.locator(f".dw-card[data-case='{case_id}']")


def row(page, case_id):
    return page.locator(f".dw-table-row[data-case='{case_id}']")


def test_the_board_shows_each_case_in_the_column_of_its_state(page, long_ago):
    page.goto(f"{long_ago}/cases")
    expect(page.locator(".dw-column")).to_have_count(9)
    expect(page.locator("[data-state=found] .dw-card")).to_have_count(2)
    expect(page.locator("[data-state=confirmed] .dw-card")).to_have_count(1)
    expect(page.locator("[data-state=assigned] .dw-card")).to_contain_text("某建设集团")
    expect(card(page, 3)).to_contain_text("已逾期")
    expect(card(page, 4)).to_contain_text("<img src=x onerror=alert(1)>")
    screenshot(page, "cases-board.png")

    # What happens elsewhere appears by itself.
    take(long_ago, 3, "accept")
    expect(page.locator("[data-state=rectifying] .dw-card")).to_have_count(1)


def test_a_case_is_opened_by_keyboard_noted_and_handed_over(page, city):
    page.goto(f"{city}/cases")
    card(page, 2).focus()
    page.keyboard.press("Enter")
    panel = page.locator(".dw-panel")
    expect(panel).to_contain_text("#2")
    assert page.url == f"{city}/cases?case=2"
    picture = panel.locator(".dw-panel-picture img")
    assert picture.evaluate("p => p.decode().then(() => p.naturalWidth)") == 1280

    panel.get_by_label("填写备注").fill("现场已<b>联系</b>")
    panel.get_by_role("button", name="添加备注").click()
    expect(panel).to_contain_text("现场已<b>联系</b>")

    panel.get_by_role("button", name="后续步骤").click()
    page.locator(".dw-step-assign").click()
    page.get_by_placeholder("责任主体").fill("某建设集团")
    page.keyboard.press("Enter")
    expect(panel.locator(".dw-chip")).to_have_text("已交办")
    expect(page.locator("[data-state=assigned] .dw-card")).to_have_count(2)


def test_pictures_are_attached_and_shown_and_what_is_none_is_refused(page, city):
    page.goto(f"{city}/cases?case=1")
    chosen = page.locator(".dw-upload input[type=file]")
    chosen.set_input_files({"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": draw_scene(640, 360)})
    attached = page.locator(".dw-attached-one img")
    expect(attached).to_have_count(1)
    assert attached.evaluate("p => p.decode().then(() => p.naturalWidth)") == 640
    chosen.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(page.locator(".dw-upload-problem")).to_contain_text("只接收 JPEG")
    chosen.set_input_files({"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(page.locator(".dw-upload-problem")).to_contain_text("图片")
    expect(page.locator(".dw-upload-bad")).to_have_text("无法接收")
    expect(attached).to_have_count(1)
    screenshot(page, "cases-panel.png")


def test_filters_are_in_the_address_and_in_the_exports(page, long_ago):
    page.goto(f"{long_ago}/cases?view=table&district=%E8%A5%BF%E6%B9%96%E5%8C%BA")
    expect(page.locator(".dw-table-row")).to_have_count(1)
    expect(row(page, 4)).to_contain_text("<img src=x")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator(".dw-table-row")).to_have_count(4)
    page.get_by_role("checkbox", name="仅逾期").click()
    expect(page.locator(".dw-table-row")).to_have_count(1)
    page.wait_for_url("**/cases?overdue=true&view=table")
    export = page.get_by_role("link", name="导出 CSV")
    assert export.get_attribute("href") == "/api/v1/cases/export.csv?overdue=true"
    assert "某建设集团" in httpx.get(long_ago + export.get_attribute("href")).text
    page.reload()
    expect(page.locator(".dw-table-row")).to_have_count(1)
    screenshot(page, "cases-table.png")


def test_rows_are_sorted_by_their_due_time_and_handed_over_together(page, long_ago):
    page.goto(f"{long_ago}/cases?view=table")
    page.get_by_role("button", name="期限").click()
    expect(page.locator(".dw-table-row").first).to_have_attribute("data-case", "3")
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)

    page.get_by_label("选择 #2").check()
    page.get_by_label("选择 #3").check()
    expect(page.locator(".dw-bulk")).to_contain_text("已选 2 件")
    page.locator(".dw-bulk").get_by_role("button", name="交办").click()
    page.get_by_label("责任主体").fill("另一集团")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已完成 1/2 件")).to_be_visible()
    expect(page.get_by_text("#3: 当前状态不能进行此操作")).to_be_visible()
    expect(row(page, 2)).to_contain_text("另一集团")


def test_the_page_speaks_english(page, city):
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{city}/en/cases?view=table&case=3")
    expect(page.locator(".dw-panel")).to_contain_text("Handed over")
    expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    page.get_by_role("button", name="Board").click()
    expect(page.locator(".dw-column").first).to_contain_text("Waiting")
    screenshot(page, "cases-english-tablet.png")


def test_many_cases_come_page_by_page(page, address, tmp_path, make_finding):
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    SiteStore(store.engine).put(Site(id="s-01", name="甲", category="construction", district="滨江区"))
    for number in range(60):
        store.add_or_get(make_finding(opened_at=utc_now() - timedelta(minutes=number)))
    store.close()
    page.goto(f"{address}/cases?view=table")
    expect(page.locator(".dw-table-row")).to_have_count(50)
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".dw-table-row")).to_have_count(10)
    page.get_by_role("button", name="上一页").click()
    expect(page.locator(".dw-table-row")).to_have_count(50)


def test_every_column_of_the_board_is_whole_where_few_states_have_cases(page, city):
    page.goto(f"{city}/cases")
    expect(page.locator(".dw-column")).to_have_count(9)
    expect(page.locator(".dw-card")).to_have_count(4)
    rightmost = "columns => Math.max(...columns.map(e => e.getBoundingClientRect().right))"
    assert page.locator(".dw-column").evaluate_all(rightmost) <= 1280
    assert page.locator(".dw-board").evaluate("board => board.scrollWidth - board.clientWidth") == 0
    cut = "heads => heads.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    assert page.locator(".dw-column-head > *").evaluate_all(cut) == []
