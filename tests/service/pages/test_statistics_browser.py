"""The statistics page in a browser: figures beside charts, filters in the address, hostile names as text."""

import pytest
from playwright.sync_api import expect

from tests.service.pages.browser import NEEDS_BROWSER, screenshot
from tests.service.pages.test_queue_browser import hand_in, review

pytestmark = NEEDS_BROWSER
HOSTILE = "<img src=x onerror=alert(1)>"
DAY = "from=2025-06-01&to=2025-06-01"


@pytest.fixture
def served(address, make_package):
    for number, site in enumerate((HOSTILE, "滨江一号地块", "滨江一号地块")):
        case_id = hand_in(address, make_package(minutes=number, site_name=site, site_id=f"s-{number}"))
        review(address, case_id, decision="confirm" if number else "reject", reason="was_washed" if not number else "")
    return address


def test_a_period_is_chosen_and_its_figures_stand_beside_the_charts(page, served):
    page.goto(f"{served}/statistics")
    expect(page.get_by_text("暂无数据：所选日期内没有发现案件")).to_be_visible()
    page.get_by_label("起始日").fill("2025-06-01")
    page.get_by_label("截止日").fill("2025-06-02")
    page.get_by_role("button", name="查询").click()
    expect(page).to_have_url(f"{served}/statistics?from=2025-06-01&to=2025-06-02")
    expect(page.locator("[data-total=found]")).to_have_text("3")
    precision = page.get_by_role("region", name="各违规类型的审核准确率")
    expect(precision.locator("canvas")).to_be_visible()
    expect(precision.get_by_role("row", name="车辆未冲洗")).to_contain_text("66.7 %")
    expect(page.get_by_role("region", name="驳回原因")).to_contain_text("车辆已冲洗")
    expect(page.get_by_role("region", name="时段热力图").locator("td", has_text=HOSTILE)).to_be_visible()
    screenshot(page, "statistics.png")


def test_in_english_by_keyboard_and_with_a_filter_of_the_address(page, served):
    page.goto(f"{served}/en/statistics?{DAY}&rule=uncovered_soil")
    expect(page.get_by_text("No data yet: no case was found in these days")).to_be_visible()
    page.goto(f"{served}/en/statistics?{DAY}&rule=unwashed_truck&every=week")
    expect(page.get_by_role("region", name="Trend, by the day on which cases were found")).to_contain_text("2025-06-01")
    page.get_by_label("Up to").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{served}/en/statistics?{DAY}&rule=unwashed_truck&every=week")
    expect(page.locator("[data-total=confirmed]")).to_have_text("2")


def test_days_that_make_no_sense_are_told(page, served):
    page.goto(f"{served}/statistics?from=2026-03-02&to=2026-03-01")
    expect(page.get_by_role("alert")).to_contain_text("不是有效时段")
    page.goto(f"{served}/statistics?from=nonsense")
    expect(page.get_by_role("alert")).to_contain_text("日期无效")


def test_the_offices_lists_stand_below_the_figures_with_their_formula(page, served):
    page.goto(f"{served}/statistics?{DAY}")
    lists = page.get_by_role("region", name="红黑榜")
    expect(lists).to_contain_text("得分 = 100 - 3 x 车辆未冲洗")
    expect(page.get_by_role("region", name="重点区域项目检查覆盖")).to_contain_text("2025-06，截至 2025-06-30")
