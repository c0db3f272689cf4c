"""Reviewing in a real browser: two inspectors, zoom and slider, corrections, a lost connection, look-alikes."""

import os
import re
import subprocess
import sys

import httpx
import pytest
from playwright.sync_api import expect

from service.clock import utc_now
from service.pages.labels import REASONS
from service.pages.queue_desk import REFRESH_S
from service.storage.claim_store import ClaimStore
from service.storage.database import open_database
from tests.conftest import free_port, wait_until
from tests.service.conftest import REPOSITORY, SERVER, draw_scene
from tests.service.guarded_queue import is_up
from tests.service.pages.browser import NEEDS_BROWSER, screenshot
from tests.service.pages.test_queue_browser import hand_in, state_of

pytestmark = NEEDS_BROWSER


def hand_in_many(address, make_package, count, **options):
    for number in range(count):
        hand_in(address, make_package(minutes=number, **options))


def test_two_inspectors_are_led_to_different_cases_and_see_each_other(page, address, make_package):
    hand_in_many(address, make_package, 5)
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#5")
    page.get_by_placeholder("您的姓名").fill("王工")
    page.locator(".dw-brand").click()
    page.wait_for_selector('.dw-of-annotated[data-case="4"]', state="attached")  # comes next, and is loaded already

    other = page.context.browser.new_page()
    other.goto(address)
    expect(other.locator(".dw-number")).to_have_text("#3")
    expect(other.locator('[data-case="5"] .dw-look')).to_contain_text("正在查看")
    page.keyboard.press("c")
    expect(page.locator(".dw-number")).to_have_text("#4")
    expect(page.locator('[data-case="3"] .dw-look')).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".dw-number")).to_have_text("#1")  # neither 3 nor 2, which the other one has
    page.locator('.dw-row[data-case="3"]').click()
    expect(page.locator(".dw-note")).to_contain_text("正在查看")
    screenshot(page, "review-two.png")
    other.close()
    expect(page.locator(".dw-look")).to_have_count(0)


def test_a_page_that_was_left_claims_nothing_that_comes_in(page, address, make_package, tmp_path):
    left = page.context.browser.new_page()
    left.goto(address)
    expect(left.get_by_text("还没有收到违规")).to_be_visible()
    left.close()
    page.wait_for_timeout(1500)  # the service hears of it
    hand_in_many(address, make_package, 2)
    page.wait_for_timeout(3 * REFRESH_S * 1000)  # the service keeps a page for a while, in case it comes back
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    assert ClaimStore(engine).live(utc_now()) == {}
    engine.dispose()
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#2")
    expect(page.locator(".dw-look")).to_have_count(0)


def test_a_violation_and_a_site_narrow_the_queue_and_stay_in_the_address(page, address, make_package):
    soil = {"rule": "uncovered_soil", "measures": {"bare_soil_share": 0.5}}
    for number, site in enumerate(("滨江", "城北", "滨江", "城北")):
        package = make_package(minutes=number, site_name=site, camera_id=f"camera-{number}")
        hand_in(address, package.with_manifest(**soil) if number in (1, 2) else package)
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#4")
    page.get_by_role("combobox", name="违规").click()
    page.get_by_role("option", name="裸土未覆盖", exact=True).click()
    expect(page.locator(".dw-row")).to_have_count(2)
    expect(page.locator(".dw-number")).to_have_text("#3")
    page.get_by_label("工地、摄像机或编号").fill("城北")
    expect(page.locator(".dw-row")).to_have_count(1)
    expect(page.locator(".dw-number")).to_have_text("#2")
    page.wait_for_function("new URLSearchParams(location.search).get('case') === '2'")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".dw-rule")).to_have_text("Uncovered soil")
    expect(page.locator(".dw-row")).to_have_count(1)
    expect(page.get_by_label("Site, camera, number")).to_have_value("城北")
    page.keyboard.press("c")  # nothing else fits, and nothing else is shown in its place
    expect(page.get_by_text("No case here fits the filter")).to_be_visible()
    screenshot(page, "review-narrowed.png")
    page.get_by_label("Site, camera, number").fill("")
    expect(page.locator(".dw-row")).to_have_count(1)
    expect(page.locator(".dw-number")).to_have_text("#3")


def test_the_picture_is_its_case_s_whatever_the_keys(page, address, make_package):
    hand_in_many(address, make_package, 4)
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "4")
    for key, number in (("j", 3), ("j", 2), ("k", 3), ("c", 2), ("j", 1)):
        page.keyboard.press(key)
        expect(page.locator(".dw-stage")).to_have_attribute("data-painted", str(number))
        expect(page.locator(".dw-number")).to_have_text(f"#{number}")
        seen = page.locator(".dw-picture:not(.dw-hidden)")
        expect(seen).to_have_count(1)
        assert f"/cases/{number}/" in seen.get_attribute("src")


def test_the_picture_is_zoomed_moved_and_slid_over_the_one_before(page, address, make_package, media):
    files = {**media, "before.jpg": draw_scene(hue=1)}
    hand_in(address, make_package(files=files).with_manifest(before={"captured_at": "2025-06-01T03:00:00Z"}))
    page.goto(f"{address}/en")
    expect(page.locator(".dw-pair")).to_be_visible()
    page.keyboard.press("b")
    divider = page.locator(".dw-divider")
    expect(divider).to_be_visible()
    stage = page.locator(".dw-stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + 300)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] / 4, stage["y"] + 300, steps=4)
    page.mouse.up()
    expect(page.locator(".dw-pane-beside")).to_have_attribute("style", re.compile("inset\\(0(px)? 7[45]"))
    screenshot(page, "review-slider.png")
    page.keyboard.press("b")
    expect(divider).to_be_hidden()

    picture = page.locator(".dw-now.dw-of-annotated")
    before = picture.bounding_box()["width"]
    page.keyboard.press("+")
    assert picture.bounding_box()["width"] == pytest.approx(before * 1.5, rel=0.01)
    page.mouse.move(stage["x"] + 300, stage["y"] + 200)
    page.mouse.wheel(0, -400)
    expect(page.locator(".dw-zoomed")).to_be_visible()
    left = picture.bounding_box()["x"]
    page.mouse.down()
    page.mouse.move(stage["x"] + 340, stage["y"] + 220, steps=4)
    page.mouse.up()
    assert picture.bounding_box()["x"] == pytest.approx(left + 40, abs=2)
    page.keyboard.press("0")
    assert picture.bounding_box()["width"] == pytest.approx(before, abs=1)


def test_an_outline_is_drawn_kept_over_a_reload_and_stored_with_the_decision(page, address, make_package):
    soil = make_package().with_manifest(rule="uncovered_soil", measures={"bare_soil_share": 0.5})
    hand_in(address, soil)
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "1")
    page.keyboard.press("e")
    layer = page.locator(".dw-outline")
    expect(layer).to_be_visible()
    box = layer.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.01)

    def click(x, y):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])

    for point in ((0.2, 0.6), (0.6, 0.6), (0.6, 0.8), (0.9, 0.9)):
        click(*point)
    expect(page.locator(".dw-knob")).to_have_count(4)
    page.keyboard.press("z")
    expect(page.locator(".dw-knob")).to_have_count(3)
    page.reload()
    expect(page.locator(".dw-knob")).to_have_count(3)
    page.keyboard.press("Enter")
    screenshot(page, "review-outline.png")
    page.keyboard.press("c")
    wait_until(lambda: state_of(address, 1) == "confirmed", 10, "the decision")
    (review,) = httpx.get(f"{address}/api/cases/1").json()["reviews"]
    (area,) = review["correction"]["areas"]
    assert area["class_name"] == "bare_soil"
    assert area["points"][0] == pytest.approx([0.2, 0.6], abs=0.01)


def test_leaving_the_outline_saves_nothing(page, address, make_package):
    hand_in(address, make_package())
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "1")
    page.keyboard.press("e")
    expect(page.get_by_text("按住并拖动画方框")).to_be_visible()
    box = page.locator(".dw-outline").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=3)
    page.mouse.up()
    expect(page.locator(".dw-knob")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".dw-knob")).to_have_count(0)
    page.keyboard.press("c")
    wait_until(lambda: state_of(address, 1) == "confirmed", 10, "the decision")
    (review,) = httpx.get(f"{address}/api/cases/1").json()["reviews"]
    assert review["correction"] is None


def test_a_box_is_drawn_changed_at_a_corner_and_stored_with_the_decision(page, address, make_package):
    hand_in(address, make_package())
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "1")
    page.keyboard.press("e")
    box = page.locator(".dw-outline").bounding_box()

    def at(x, y):
        return box["x"] + box["width"] * x, box["y"] + box["height"] * y

    for start, end in ((at(0.2, 0.2), at(0.5, 0.5)), (at(0.5, 0.5), at(0.6, 0.7))):  # the second moves a corner
        page.mouse.move(*start)
        page.mouse.down()
        page.mouse.move(*end, steps=4)
        page.mouse.up()
    expect(page.locator(".dw-knob")).to_have_count(2)
    page.keyboard.press("c")
    wait_until(lambda: state_of(address, 1) == "confirmed", 10, "the decision")
    (review,) = httpx.get(f"{address}/api/cases/1").json()["reviews"]
    (drawn,) = review["correction"]["boxes"]
    assert drawn["class_name"] == "truck"
    assert drawn["bbox_xyxy"] == pytest.approx([0.2, 0.2, 0.6, 0.7], abs=0.01)


def test_the_clip_is_played_and_stepped_by_frames(page, address, make_package):
    hand_in(address, make_package())
    page.goto(address)
    page.wait_for_function("document.querySelector('.dw-clip video')?.readyState >= 2")
    clip = page.locator(".dw-clip video")
    for _press in range(5):
        page.keyboard.press("Period")
    expect(clip).to_have_js_property("currentTime", 0.2)
    page.keyboard.press("Comma")
    assert clip.evaluate("clip => [clip.currentTime, clip.paused]") == [pytest.approx(0.16), True]
    page.keyboard.press("p")
    expect(clip).to_have_js_property("paused", False)
    page.keyboard.press("p")
    expect(clip).to_have_js_property("paused", True)


def test_what_the_site_was_found_guilty_of_stands_beside_the_case_and_leads_to_it(page, address, make_package):
    for number in range(3):
        hand_in(address, make_package(camera_id=f"camera-{number}").with_manifest(opened_at=utc_now().isoformat()))
    for number in (1, 2):
        httpx.post(f"{address}/api/cases/{number}/review", json={"decision": "confirm"})
    page.goto(f"{address}/?case=3")
    told = page.locator(".dw-of-site")
    expect(told).to_have_text("本工地近一年已确认：车辆未冲洗 2")
    expect(told).to_have_attribute("href", "/sites/s-01")


def test_on_a_tablet_the_case_is_named_in_full_and_nothing_is_cut_off(page, address, make_package):
    page.set_viewport_size({"width": 1024, "height": 768})
    hand_in(address, make_package(site_name="滨江一号地块住宅项目二期工程"))
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "1")
    expect(page.locator(".dw-why, .dw-facts").first).to_be_visible()
    cut = "parts => parts.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    assert page.locator(".dw-head .dw-cut, .dw-head .q-btn").evaluate_all(cut) == []
    rights = "parts => parts.map(e => Math.round(e.getBoundingClientRect().right))"
    assert max(page.locator(".dw-facts, .dw-figures, .dw-head .q-btn").evaluate_all(rights)) <= 1024
    screenshot(page, "review-tablet.png")


def test_look_alikes_are_decided_together_and_taken_back_together(page, address, make_package):
    hand_in_many(address, make_package, 3)
    page.goto(address)
    expect(page.get_by_text("相似案件：2 件")).to_be_visible()
    page.keyboard.press("l")
    expect(page.locator(".dw-batch-one")).to_have_count(3)
    page.locator(".dw-batch-one").last.locator("[role=checkbox]").click()
    screenshot(page, "review-batch.png")
    page.get_by_role("button", name="确认所勾选").click()
    expect(page.get_by_text("2 件中 2 件已确认")).to_be_visible()
    assert [state_of(address, number) for number in (1, 2, 3)] == ["found", "confirmed", "confirmed"]
    page.get_by_role("button", name="撤回这批决定").click()
    wait_until(lambda: state_of(address, 3) == state_of(address, 2) == "found", 10, "the batch is taken back")


def test_a_reason_typed_right_after_r_is_taken_before_the_dialog_has_come(page, address, make_package):
    hand_in_many(address, make_package, 3)
    page.goto(address)
    for number in (3, 2):
        expect(page.locator(".dw-stage")).to_have_attribute("data-painted", str(number))
        press_at_once(page, "KeyR", "Digit2")
        expect(page.locator(".dw-number")).to_have_text(f"#{number - 1}")
    wait_until(lambda: state_of(address, 2) == "rejected", 10, "the decision")
    reasons = [httpx.get(f"{address}/api/cases/{number}").json()["reviews"][0]["reason"] for number in (3, 2)]
    assert reasons == [list(REASONS)[1]] * 2

    press_at_once(page, "KeyR", "KeyC", "KeyU", "Escape")  # nothing is decided behind the dialog
    expect(page.locator(".dw-reject")).to_have_count(0)
    press_at_once(page, "Digit1")
    page.wait_for_timeout(500)
    assert state_of(address, 1) == "found"
    page.keyboard.press("c")
    wait_until(lambda: state_of(address, 1) == "confirmed", 10, "the decision")


def test_a_key_pressed_before_the_page_has_its_line_is_not_lost(page, address, make_package):
    hand_in_many(address, make_package, 2)
    lines = []
    page.route_web_socket("**/_nicegui_ws/**", lambda line: lines.append(line))
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "2")
    wait_until(lambda: page.evaluate("1") and bool(lines), 10, "the line is asked for")
    page.keyboard.press("j")
    lines[0].connect_to_server()
    expect(page.locator(".dw-number")).to_have_text("#1")


def press_at_once(page, *codes):
    """Press keys without a pause, quicker than any answer of the service."""
    page.evaluate(
        """codes => codes.forEach(code =>
            document.dispatchEvent(new KeyboardEvent("keydown", {code, key: "Process", bubbles: true})))""",
        list(codes),
    )


class Restarted:
    """A server that can be stopped and started again at the same address."""

    def __init__(self, folder):
        self.port, self.folder = free_port(), folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [sys.executable, "-c", SERVER, str(self.folder), str(self.port)]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
        wait_until(self.is_up, 120, "the queue")

    def stop(self):
        self.process.kill()
        self.process.wait(30)

    def is_up(self):
        return is_up(self.address)


@pytest.fixture
def restarted(tmp_path):
    server = Restarted(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def address(request, serve, tmp_path):
    return request.getfixturevalue("restarted").address if "restarted" in request.fixturenames else serve(tmp_path)


def test_a_decision_during_a_loss_of_the_connection_is_neither_lost_nor_doubled(restarted, page, address, make_package):
    hand_in_many(address, make_package, 2)
    page.goto(address)
    expect(page.locator(".dw-stage")).to_have_attribute("data-painted", "2")
    restarted.stop()
    expect(page.get_by_text("连接已断开")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.press("c")
    expect(page.get_by_text("您的决定已暂存")).to_be_visible()
    screenshot(page, "review-lost.png")
    restarted.start()
    wait_until(lambda: state_of(address, 2) == "confirmed", 120, "the decision comes after all")
    expect(page.locator(".dw-lost")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(1500)
    assert state_of(address, 1) == "found"
    assert [each["decision"] for each in httpx.get(f"{address}/api/cases/2").json()["reviews"]] == ["confirm"]
    assert page.evaluate("sessionStorage.getItem('dw-unsent')") == "[]"
