"""A first day in one go: the first link, an account, decisions, a corrected mask, a drawn zone, all seen in the API."""

import httpx
from playwright.sync_api import expect

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.clock import utc_now
from service.storage.database import open_database
from tests.conftest import wait_until
from tests.service.camera_samples import news
from tests.service.conftest import PASSWORD, draw_scene
from tests.service.pages.browser import NEEDS_BROWSER, open_browser, screenshot

pytestmark = NEEDS_BROWSER
CASES = 10


def test_an_inspector_s_first_day_from_the_first_link_to_a_drawn_zone(guarded_address, tmp_path, make_package):
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    first_link = f"{guarded_address}/link?token={accounts.administrator_link('test')}"
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="zh-CN")
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        link, token = set_up(page, guarded_address, first_link)
        hand_in_all(guarded_address, token, make_package)
        sign_out(page, guarded_address)

        page.goto(link)
        expect(page.get_by_label("新密码", exact=True)).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        decide_all(page)
        draw_a_zone(page, guarded_address)
        sign_out(page, guarded_address)
    check_all(guarded_address, accounts)


def set_up(page, address, first_link):
    """Become the administrator, make an inspector and an edge's token; return the inspector's link and the token."""
    page.goto(first_link)
    expect(page.get_by_label("登录名")).to_be_focused()
    expect(page.get_by_text("至少 10 个字符")).to_be_visible()
    for text in ("zhao", "赵主任", PASSWORD, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="设置密码并登录").click()
    expect(page.get_by_text("还没有收到违规")).to_be_visible()

    page.goto(f"{address}/administration?tab=tokens")
    page.get_by_label("设备名称").fill("edge-1")
    page.get_by_role("button", name="生成令牌").click()
    token = page.locator("[data-secret]").inner_text()
    close_secret(page)

    page.goto(f"{address}/administration")
    page.get_by_role("button", name="新增用户").click()
    page.get_by_label("登录名").fill("li")
    page.get_by_label("显示姓名").fill("李工")
    page.get_by_label("角色").click()
    page.get_by_role("option", name="审核员").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("看不到任何工地")).to_be_visible()
    page.get_by_text("可见全部工地").last.click()
    expect(page.get_by_text("看不到任何工地")).to_be_hidden()
    page.get_by_role("button", name="保存").click()
    link = page.locator("[data-secret]").inner_text()
    close_secret(page)
    return link, token


def close_secret(page):
    button = page.get_by_role("button", name="我已转交")
    colours = button.evaluate(
        "b => [getComputedStyle(b).color, getComputedStyle(b.querySelector('.q-btn__content')).backgroundColor,"
        " getComputedStyle(b).backgroundColor]"
    )
    assert colours[0] not in colours[1:], "the button can't be read"
    assert colours[2] != "rgba(0, 0, 0, 0)", "white letters stand on nothing"
    button.click()
    expect(button).to_be_hidden()


def hand_in_all(address, token, make_package):
    headers = {"Authorization": f"Bearer {token}"}
    for number in range(CASES):
        package = make_package(minutes=number)
        if number == 0:  # the last one that is decided
            package = package.with_manifest(rule="uncovered_soil", measures={"bare_soil_share": 0.5})
        sent = httpx.post(f"{address}/api/violations", files=package.parts(), headers={**package.headers, **headers})
        assert sent.status_code == 201
    camera = f"{address}/api/v1/cameras/s-01/s-01-gate"
    drawn = news(layout={"zones": {}, "ground": None}, watches=[])
    assert httpx.put(camera, json=drawn, headers=headers).status_code == 204
    at = {"captured_at": "2025-06-01T12:00:00Z"}
    assert httpx.put(f"{camera}/picture", content=draw_scene(), params=at, headers=headers).status_code == 204


def decide_all(page):
    """Ten decisions by key, the last of them with a corrected mask."""
    number = page.locator(".dw-number")
    keys = ["c", "c", "r", "u", "c", "r", "c", "u", "c"]
    for left, key in zip(range(CASES, 1, -1), keys, strict=True):
        expect(number).to_have_text(f"#{left}")
        page.keyboard.press(key)
        if key == "r":
            page.get_by_text("为什么不构成违规").wait_for()
            page.keyboard.press("1")
    expect(number).to_have_text("#1")
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "1")
    page.keyboard.press("e")
    layer = page.locator(".dw-outline")
    expect(layer).to_be_visible()
    page.keyboard.press("c")  # too early: it says so, and decides nothing
    expect(page.get_by_text("还没有画任何东西")).to_be_visible()
    box = layer.bounding_box()
    for x, y in ((0.2, 0.6), (0.6, 0.6), (0.6, 0.8), (0.25, 0.85)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    expect(page.locator(".dw-knob")).to_have_count(4)
    screenshot(page, "first-day-mask.png")
    page.keyboard.press("c")  # the open outline closes by itself
    expect(page.get_by_text("没有待审核的案件")).to_be_visible()


def draw_a_zone(page, address):
    page.goto(f"{address}/cameras")
    page.locator(".dw-cam-tile").click()
    page.get_by_role("link", name="标定与区域").click()
    page.wait_for_function("document.querySelector('.dw-cam-stage img')?.naturalWidth > 0")
    expect(page.locator(".dw-cam-hint")).to_contain_text("先点“画区域”")
    expect(page.locator(".dw-cam-reference")).to_have_count(6)  # the newest one, and those of cases
    page.locator(".dw-cam-reference").nth(1).click()
    page.wait_for_function("document.querySelector('.dw-cam-stage img').src.includes('/evidence/clean.jpg')")
    page.locator(".dw-cam-begin").click()
    page.locator(".q-item").get_by_text("堆场", exact=True).click()
    expect(page.locator(".dw-cam-hint")).to_contain_text("逐点点击")
    box = page.locator(".dw-cam-stage img").bounding_box()
    for number, (x, y) in enumerate([(0.2, 0.5), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9)], 1):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
        expect(page.locator(".dw-cam-thing")).to_contain_text(f"{number} 个点")
    page.wait_for_function("window.onbeforeunload !== null")
    screenshot(page, "first-day-zone.png")
    page.get_by_role("button", name="存为新版本").click()
    expect(page.locator("[data-version='1']")).to_contain_text("李工")
    page.wait_for_function("window.onbeforeunload === null")
    (kept,) = page.request.get(f"{address}/api/v1/cameras/s-01/s-01-gate/layouts").json()
    assert [[round(x, 2), round(y, 2)] for x, y in kept["layout"]["zones"]["yard"]] == [
        [0.2, 0.5],
        [0.8, 0.5],
        [0.8, 0.9],
        [0.2, 0.9],
    ]
    assert kept["by"] == "李工"


def sign_out(page, address):
    page.goto(f"{address}/account")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in*")


def check_all(address, accounts):
    reader = accounts.tokens.add("reader", [MachineScope.CASES_READ], accounts.entry("test", Action.TOKEN_MADE))
    headers = {"Authorization": f"Bearer {reader}"}

    def states():
        cases = httpx.get(f"{address}/api/cases", params={"limit": 50}, headers=headers).json()["items"]
        return {case["id"]: case["state"] for case in cases}

    kinds = {"c": "confirmed", "r": "rejected", "u": "unsure"}
    wanted = {10 - place: kinds[key] for place, key in enumerate("ccrucrcucc")}
    wait_until(lambda: states() == wanted, 10, "the decisions")
    (review,) = httpx.get(f"{address}/api/cases/1", headers=headers).json()["reviews"]
    (area,) = review["correction"]["areas"]
    assert review["reviewer"] == "李工"
    assert (area["class_name"], len(area["points"])) == ("bare_soil", 4)
