"""The cameras' pages in a real browser: the wall, one camera at large, and drawing what its rules look at."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.service.camera_samples import GROUND, layout, news
from tests.service.conftest import draw_scene
from tests.service.pages.browser import NEEDS_BROWSER, screenshot

pytestmark = NEEDS_BROWSER

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def address(serve, tmp_path_factory):
    """One service for all: each test has a camera of its own."""
    return serve(tmp_path_factory.mktemp("cameras"))


def tell(address, camera, hue=0, at="2025-06-01T04:00:00Z", **changes):
    path = f"{address}/api/v1/cameras/s-01/{camera}"
    assert httpx.put(path, json=news(**changes)).status_code == 204
    answer = httpx.put(f"{path}/picture", content=draw_scene(hue=hue), params={"captured_at": at})
    assert answer.status_code == 204


def versions(address, camera):
    return httpx.get(f"{address}/api/v1/cameras/s-01/{camera}/layouts").json()


@pytest.fixture
def drawn(page, address, request):
    """The commissioning page of a camera on which nothing is drawn yet, and where its picture is."""
    camera = "mouse" if "mouse" in request.node.name else "keyboard"
    tell(address, camera, layout={"zones": {}, "ground": None}, watches=[])
    page.goto(f"{address}/cameras/s-01/{camera}/commissioning")
    image = page.locator(".dw-cam-stage img")
    expect(image).to_be_visible()
    page.wait_for_function("document.querySelector('.dw-cam-stage img').naturalWidth > 0")
    return image


def click(page, image, x, y):
    box = image.bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def begin(page, name):
    page.locator(".dw-cam-begin").click()
    page.locator(".q-item").get_by_text(name, exact=True).click()
    expect(page.locator(".dw-cam-thing")).to_contain_text(name)


def draw_yard(page, image):
    begin(page, "堆场")
    row = page.locator(".dw-cam-thing")
    for number, (x, y) in enumerate([(0.2, 0.5), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9)], 1):
        click(page, image, x, y)
        expect(row).to_contain_text(f"{number} 个点")


def test_the_wall_shows_what_an_edge_posted_and_finds_it(page, address):
    page.goto(f"{address}/cameras")
    page.get_by_label("工地或摄像头").fill("墙上")
    expect(page.get_by_text("没有摄像头")).to_be_visible()
    tell(address, "wall-gate", site_name="墙上工地")
    tell(address, "wall-yard", hue=1, site_name="墙上工地", camera_name="堆场", state="reconnecting")
    expect(page.locator(".dw-cam-tile")).to_have_count(2, timeout=15_000)
    page.wait_for_function("[...document.querySelectorAll('.dw-cam-picture')].every(e => e.naturalWidth > 0)")
    expect(page.get_by_text("2 路摄像头")).to_be_visible()
    screenshot(page, "cameras-wall.png")
    page.get_by_role("button", name="离线").click()
    expect(page.locator(".dw-cam-tile")).to_have_count(1)
    expect(page.locator(".dw-cam-tile")).to_contain_text("堆场")


def test_a_camera_without_a_picture_says_so_in_place_of_it(page, address):
    assert httpx.put(f"{address}/api/v1/cameras/s-01/new", json=news(camera_name="刚接入")).status_code == 204
    page.goto(f"{address}/cameras")
    tile = page.locator(".dw-cam-tile", has_text="刚接入")
    expect(tile.locator(".dw-cam-none")).to_be_visible()
    expect(tile).to_contain_text("尚无画面")
    tell(address, "new", camera_name="刚接入")
    expect(tile.locator(".dw-cam-none")).to_be_hidden(timeout=15_000)
    expect(tile.locator("img")).to_be_visible()


def test_the_wall_shows_many_cameras_a_page_at_a_time(page, address):
    for number in range(26):
        path = f"{address}/api/v1/cameras/s-01/many-{number:02}"
        assert httpx.put(path, json=news(site_name="很多", camera_name=f"第{number}路")).status_code == 204
    page.goto(f"{address}/cameras")
    page.get_by_label("工地或摄像头").fill("many-")
    expect(page.get_by_text("26 路摄像头")).to_be_visible()
    expect(page.locator(".dw-cam-tile")).to_have_count(24)
    page.get_by_role("button", name="后面的摄像头").click()
    expect(page.locator(".dw-cam-tile")).to_have_count(2)


def test_the_wall_and_a_camera_in_english_with_a_hostile_name_shown_as_text(page, address):
    tell(address, "hostile", site_name=HOSTILE)
    page.goto(f"{address}/en/cameras")
    tile = page.locator(".dw-cam-tile", has_text="onerror")
    expect(tile).to_contain_text(HOSTILE)
    expect(tile).to_contain_text("Working")
    tile.click()
    expect(page.get_by_text("no video")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    expect(page.locator(".dw-cam-stage polygon")).to_have_count(1)
    screenshot(page, "camera-en.png")
    page.get_by_text("Show what is drawn").click()
    expect(page.locator(".dw-cam-stage polygon")).to_have_count(0)


def test_a_camera_s_new_picture_is_shown_without_a_reload(page, address):
    tell(address, "live")
    page.goto(f"{address}/cameras/s-01/live")
    image = page.locator(".dw-cam-stage img")
    expect(image).to_be_visible()
    before = image.get_attribute("src")
    wanted = httpx.get(f"{address}/api/v1/cameras/wanted")
    tell(address, "live", hue=1, at="2025-06-01T04:00:02Z")
    page.wait_for_function(
        "before => document.querySelector('.dw-cam-stage img').getAttribute('src') !== before", arg=before
    )
    wanted = httpx.get(f"{address}/api/v1/cameras/wanted")
    assert {"site_id": "s-01", "camera_id": "live"} in wanted.json()["items"]


def test_a_zone_is_drawn_by_mouse_saved_loaded_and_compared(page, address, drawn):
    draw_yard(page, drawn)
    page.get_by_label("备注（可不填）").fill("第一次")
    page.get_by_role("button", name="存为新版本").click()
    expect(page.locator("[data-version='1']")).to_contain_text("第一次")
    (kept,) = versions(address, "mouse")
    assert [[round(x, 2), round(y, 2)] for x, y in kept["layout"]["zones"]["yard"]] == [
        [0.2, 0.5],
        [0.8, 0.5],
        [0.8, 0.9],
        [0.2, 0.9],
    ]
    page.reload()
    expect(page.locator(".dw-cam-thing")).to_contain_text("4 个点")
    page.wait_for_function("document.querySelector('.dw-cam-stage img').naturalWidth > 0")
    page.locator(".dw-cam-thing").click()
    click(page, drawn, 0.1, 0.7)
    page.locator("[data-version='1']").get_by_role("button", name="对比").click()
    expect(page.locator(".dw-cam-difference")).to_have_text("堆场: 改动 (点数 4 → 5)")
    screenshot(page, "commissioning.png")
    page.get_by_role("button", name="重新画上").click()
    expect(page.locator(".dw-cam-difference")).to_have_text("没有差别")


def test_a_zone_is_drawn_by_keyboard_and_taken_back(page, drawn):
    begin(page, "堆场")
    row = page.locator(".dw-cam-thing")
    for number in range(1, 4):
        page.keyboard.press("a")
        expect(row).to_contain_text(f"{number} 个点")
    expect(page.get_by_role("alert")).to_be_visible()  # they lie on a line
    for _press in range(5):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.keyboard.press("Delete")
    expect(row).to_contain_text("2 个点")
    expect(page.get_by_role("alert")).to_contain_text("至少要三个点")
    expect(page.get_by_role("button", name="存为新版本")).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(row).to_contain_text("3 个点")
    expect(page.get_by_role("button", name="存为新版本")).to_be_enabled()


def test_a_calibrated_yard_tells_its_area_and_what_the_edge_refused(page, address):
    refused = {"version": 1, "reason": "mode is patrol"}
    tell(address, "calibrated", layout={**layout(), "ground": GROUND}, refused=refused)
    page.goto(f"{address}/en/cameras/s-01/calibrated/commissioning")
    expect(page.locator(".dw-cam-thing").first).to_contain_text("m²")
    expect(page.get_by_text("could not apply version 1: mode is patrol")).to_be_visible()
    page.get_by_text("Calibration points").last.click()
    expect(page.get_by_text("px · ")).to_have_count(4)
    page.get_by_label("Point 3, metres").first.fill("15")
    expect(page.get_by_text("± 0.0 px · 0.00 m")).to_have_count(4)
    expect(page.get_by_label("Point 3, metres").first).to_be_focused()
    screenshot(page, "commissioning-en.png")
