"""The queue page in a real browser: live cases, keys, decisions, and nothing from outside."""

from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import expect

from service.domain.maintenance import MaintenanceRule
from service.notices.filters import Filter
from service.pages.queue_listing import PAGE_SIZE
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.maintenance_store import MaintenanceStore
from service.storage.notice_store import NoticeStore
from tests.conftest import wait_until
from tests.service.conftest import draw_scene
from tests.service.health_reports import NOON, make_report
from tests.service.pages.browser import NEEDS_BROWSER, screenshot

pytestmark = NEEDS_BROWSER


def hand_in(address, package):
    response = httpx.post(f"{address}/api/violations", files=package.parts(), headers=package.headers)
    assert response.status_code == 201
    return response.json()["id"]


def state_of(address, case_id):
    return httpx.get(f"{address}/api/cases/{case_id}").json()["case"]["state"]


def review(address, case_id, **body):
    assert httpx.post(f"{address}/api/cases/{case_id}/review", json=body).status_code == 200


def test_an_inspector_works_through_the_queue(page, address, make_package):
    page.goto(address)
    expect(page.get_by_text("还没有收到违规")).to_be_visible()
    screenshot(page, "queue-empty.png")

    # Two violations appear by themselves; the first is selected and stays so.
    hand_in(address, make_package(site_name="滨江一号地块"))
    expect(page.locator(".dw-row")).to_have_count(1)
    expect(page.locator(".dw-number")).to_have_text("#1")
    hand_in(address, make_package(minutes=5, site_name="<b>城北</b> <img src=x onerror=alert(1)>"))
    expect(page.locator(".dw-row")).to_have_count(2)
    expect(page.locator(".dw-number")).to_have_text("#1")
    expect(page.locator(".dw-row").first).to_contain_text("<b>城北</b> <img src=x")
    expect(page).to_have_title("(2) 尘视 dustwatch")

    # The picture is loaded, large and wholly inside the window.
    picture = page.locator(".dw-now.dw-of-annotated")
    assert picture.evaluate("p => p.decode().then(() => p.naturalWidth)") == 1280
    box = page.locator(".dw-stage").bounding_box()
    assert box["height"] >= 420
    assert box["y"] + box["height"] < 720
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    clean = page.locator(".dw-now.dw-of-clean")
    expect(clean).to_be_hidden()
    page.keyboard.press("o")
    expect(picture).to_be_hidden()
    expect(clean).to_be_visible()
    page.keyboard.press("o")
    expect(picture).to_be_visible()
    expect(clean).to_be_hidden()
    screenshot(page, "queue-two.png")

    # C confirms and goes on; R asks for a reason.
    page.get_by_placeholder("您的姓名").fill("王工")
    page.locator(".dw-brand").click()
    page.keyboard.press("c")
    expect(page.locator(".dw-number")).to_have_text("#2")
    wait_until(
        lambda: state_of(address, 1) == "confirmed", 10, "the decision, which the next picture does not wait for"
    )
    page.keyboard.press("r")
    expect(page.get_by_text("为什么不构成违规？")).to_be_visible()
    dialog = page.locator(".dw-reject")
    wait_until(lambda: dialog.bounding_box()["x"] >= 0, 10, "the dialog slides in")
    place = dialog.bounding_box()
    assert place["x"] + place["width"] <= box["x"]  # over the queue, not over the picture
    screenshot(page, "queue-reject.png")
    page.keyboard.press("3")
    expect(page.get_by_text("没有待审核的案件")).to_be_visible()
    assert state_of(address, 2) == "rejected"
    expect(page.locator(".dw-head .dw-chip")).to_have_text("已驳回")

    # Undo, and the states in the list of all.
    page.keyboard.press("z")
    expect(page.locator(".dw-head .dw-chip")).to_have_text("待审核")
    page.locator(".dw-brand").click()
    page.keyboard.press("r")
    page.locator(".dw-choice", has_text="证据看不清").click()
    page.get_by_text("全部", exact=True).click()
    expect(page.locator(".dw-row .dw-chip")).to_have_text(["已驳回", "已确认"])
    expect(page.locator(".dw-row.dw-selected")).to_have_attribute("data-case", "2")
    expect(page.locator(".dw-new")).to_have_count(0)
    history = httpx.get(f"{address}/api/cases/2").json()["reviews"]
    assert [entry["decision"] for entry in history] == ["reject", "undo", "reject"]
    assert {entry["reviewer"] for entry in history} == {"王工"}
    screenshot(page, "queue-decided.png")


def test_a_confirmed_case_is_handed_over_from_the_menu_of_what_is_possible(page, address, make_package):
    hand_in(address, make_package())
    review(address, 1, decision="confirm", reviewer="王工")
    page.goto(f"{address}/?case=1")
    expect(page.locator(".dw-head .dw-chip")).to_have_text("已确认")
    page.get_by_placeholder("您的姓名").fill("赵主任")
    page.locator(".dw-steps").click()
    expect(page.locator(".dw-step-assign")).to_be_visible()
    expect(page.locator(".dw-step-verify")).to_have_count(0)
    screenshot(page, "case-steps.png")
    page.locator(".dw-step-assign").click()
    page.get_by_placeholder("责任主体").press("Enter")  # nothing is told yet, so nothing happens
    page.get_by_placeholder("责任主体").fill("<b>某建设集团</b>")
    page.get_by_placeholder("责任主体").press("Enter")
    expect(page.locator(".dw-head .dw-chip")).to_have_text("已交办")
    expect(page.locator(".dw-past").first).to_contain_text("已交办: <b>某建设集团</b>")
    expect(page.locator(".dw-due")).to_contain_text("期限")
    expect(page.locator(".dw-course")).to_be_hidden()
    page.keyboard.press("z")
    expect(page.get_by_text("不能执行此步骤")).to_be_visible()
    screenshot(page, "case-assigned.png")
    steps = httpx.get(f"{address}/api/v1/cases/1/history").json()["steps"]
    assert [(step["step"], step["by"]) for step in steps] == [("confirm", "王工"), ("assign", "赵主任")]


def test_an_unsure_case_is_left_to_a_reviewer_and_can_be_taken_back(page, address, make_package):
    for number in range(2):
        hand_in(address, make_package(minutes=number))
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#2")
    page.keyboard.press("u")
    expect(page.locator(".dw-number")).to_have_text("#1")
    expect(page.get_by_text("按 Z 撤回")).to_be_visible()
    assert state_of(address, 2) == "unsure"
    page.keyboard.press("z")
    expect(page.locator(".dw-number")).to_have_text("#2")
    assert state_of(address, 2) == "found"


def test_somebody_else_decides_meanwhile(page, address, make_package):
    for number in range(3):
        hand_in(address, make_package(minutes=number))
    page.goto(f"{address}/en?case=2")
    expect(page.locator(".dw-number")).to_have_text("#2")
    review(address, 2, decision="confirm", reviewer="Li")
    expect(page.locator(".dw-note")).to_have_text("Li changed this case meanwhile: Confirmed")
    expect(page.locator(".dw-number")).to_have_text("#2")
    expect(page.locator(".dw-row")).to_have_count(2)
    page.keyboard.press("c")
    expect(page.get_by_text("case 2 was decided already")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".dw-number")).to_have_text("#1")
    page.keyboard.press("k")
    expect(page.locator(".dw-number")).to_have_text("#3")
    assert [state_of(address, number) for number in (1, 2, 3)] == ["found", "confirmed", "found"]


def test_one_hasty_key_decides_one_case(page, address, make_package):
    for number in range(3):
        hand_in(address, make_package(minutes=number))
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#3")
    page.evaluate(
        """() => { for (const repeat of [false, true, true])
            document.dispatchEvent(new KeyboardEvent("keydown", {code: "KeyC", key: "Process", repeat})) }"""
    )
    expect(page.locator(".dw-number")).to_have_text("#2")
    wait_until(lambda: state_of(address, 3) == "confirmed", 10, "the decision")
    page.wait_for_timeout(500)
    assert [state_of(address, number) for number in (1, 2, 3)] == ["found", "found", "confirmed"]


def test_the_language_switch_keeps_the_case_and_help_shows_the_keys(page, address, make_package):
    for number in range(2):
        hand_in(address, make_package(minutes=number))
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#2")
    page.keyboard.press("j")
    expect(page.locator(".dw-number")).to_have_text("#1")
    page.get_by_text("English").click()
    expect(page.locator(".dw-rule")).to_have_text("Unwashed truck")
    expect(page.locator(".dw-number")).to_have_text("#1")
    assert page.locator("html").get_attribute("lang") == "en-US"
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_text("Play or pause the clip")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.press("Shift+Slash")
    expect(page.get_by_text("Play or pause the clip")).to_be_hidden()
    assert state_of(address, 1) == "found"


def test_damaged_evidence_is_said_and_not_shown(page, address, make_package, tmp_path):
    package = make_package()
    hand_in(address, package)
    (tmp_path / "evidence" / package.key / "annotated.jpg").unlink()
    (tmp_path / "evidence" / package.key / "manifest.json").write_text("{}")
    page.goto(address)
    expect(page.get_by_text("证据已损坏")).to_be_visible()
    expect(page.get_by_text("图片无法加载，证据可能已损坏")).to_be_visible()


def test_the_case_file_is_one_click_away(page, address, make_package):
    number = hand_in(address, make_package())
    page.goto(address)
    with page.expect_popup() as opened:
        page.get_by_text("打印案卷").click()
    assert opened.value.url == f"{address}/api/cases/{number}/casefile.pdf"
    copy = page.get_by_text("打码副本")
    expect(copy).to_have_attribute("href", f"/api/cases/{number}/redacted/annotated.jpg")
    screenshot(page, "case-file-button.png")


def test_a_long_queue_is_loaded_in_steps(page, address, make_finding, tmp_path):
    store = CaseStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    for _ in range(PAGE_SIZE + 2):
        store.add_or_get(make_finding())
    store.close()
    page.goto(address)
    expect(page.locator(".dw-row")).to_have_count(PAGE_SIZE)
    page.get_by_text("显示更早的案件").click()
    expect(page.locator(".dw-row")).to_have_count(PAGE_SIZE + 2)
    expect(page.get_by_text("显示更早的案件")).to_be_hidden()
    assert page.locator(".dw-row").last.get_attribute("data-case") == "1"


def test_a_maintenance_case_appears_and_is_closed_with_a_note(page, address, tmp_path):
    page.goto(address)
    page.get_by_role("link", name="维护").click()
    expect(page.get_by_text("没有需要维护的摄像机")).to_be_visible()

    report = make_report(camera_name="<b>东门</b>")
    observations = f"{address}/api/v1/health-observations"
    assert httpx.put(f"{observations}/{report.key}", json=report.model_dump(mode="json")).status_code == 201
    store = MaintenanceStore(open_database(f"sqlite:///{tmp_path}/cases.db"))
    store.advance(NOON + timedelta(minutes=30), MaintenanceRule())  # sooner than the server would by itself
    row = page.locator(".dw-upkeep-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("离线")
    expect(row).to_contain_text("滨江一号地块 · <b>东门</b>")
    expect(row).to_contain_text("仍未恢复")
    screenshot(page, "maintenance.png")

    page.get_by_placeholder("您的姓名").fill("王工")
    row.get_by_role("button", name="关闭").click()
    page.get_by_placeholder("备注（可不填）").fill("已换电源")
    page.get_by_role("button", name="关闭工单").click()
    expect(row).to_have_count(0)
    (closed,) = httpx.get(f"{address}/api/v1/maintenance-cases?state=closed").json()["items"]
    assert (closed["closed_by"], closed["note"]) == ("王工", "已换电源")
    page.get_by_text("English").click()
    expect(page.get_by_text("No camera needs maintenance")).to_be_visible()


def test_what_a_look_back_showed_stands_beside_the_first_picture(page, address, make_package, make_later):
    first = make_package().with_manifest(rule="uncovered_soil", measures={"bare_soil_share": 0.5, "lasted_s": 1800.0})
    case_id = hand_in(address, first)
    for step in ("confirm", "assign", "accept", "report"):
        body = {"step": step, "party": "某建设集团"}
        assert httpx.post(f"{address}/api/v1/cases/{case_id}/steps", json=body).status_code == 200
    (order,) = httpx.get(f"{address}/api/v1/look-backs?camera_id=s-01-gate").json()["items"]
    follows = {"key": first.key, "number": order["number"], "stage": "look_back", "outcome": "passed"}
    later = make_later(first, order["number"])
    hand_in(address, later.with_manifest(rule="uncovered_soil", follows=follows))
    page.goto(f"{address}/?case={case_id}")
    strip = page.locator(".dw-later-one")
    expect(strip).to_contain_text("回头看：合格")
    expect(strip.locator("img")).to_have_count(2)
    for number in range(2):
        expect(strip.locator("img").nth(number)).to_have_js_property("complete", True)
    expect(page.locator(".dw-past").filter(has_text="现场合格")).to_have_count(1)
    screenshot(page, "case-look-back.png")


def test_later_pictures_appear_under_the_picture_and_the_end_is_told(page, address, make_package, make_later):
    first = make_package()
    hand_in(address, first)
    page.goto(address)
    expect(page.locator(".dw-number")).to_have_text("#1")
    expect(page.locator(".dw-later")).to_be_hidden()

    hand_in(address, make_later(first, 1))
    expect(page.locator(".dw-later-one")).to_have_count(1)
    expect(page.locator(".dw-head")).to_contain_text("仍在持续（截至 2025-06-01 13:00:00）")
    hand_in(address, make_later(first, 2, stage="ended", minutes=180))
    expect(page.locator(".dw-later-one")).to_have_count(2)
    expect(page.locator(".dw-head")).to_contain_text("已于 2025-06-01 15:00:00 消除")
    expect(page.locator(".dw-state, .dw-found").first).to_contain_text("待审核")
    thumbnail = page.locator(".dw-later-one img").last
    assert thumbnail.evaluate("p => p.decode().then(() => p.naturalWidth)") > 50
    link = page.locator(".dw-later-one").last.get_attribute("href")
    assert httpx.get(f"{address}{link}").content == first.files["annotated.jpg"]
    screenshot(page, "case-later.png")


def test_before_and_now_stand_side_by_side_and_before_can_be_switched_off(page, address, make_package, media):
    files = {**media, "before.jpg": draw_scene(hue=1)}
    hand_in(address, make_package(files=files).with_manifest(before={"captured_at": "2025-06-01T03:00:00Z"}))
    hand_in(address, make_package(minutes=-5))
    page.goto(f"{address}/?case=1")
    before, now = page.locator(".dw-now.dw-of-beside"), page.locator(".dw-now.dw-of-annotated")
    expect(before).to_be_visible()
    assert before.evaluate("p => p.decode().then(() => p.naturalWidth)") == 1280
    left, right, stage = before.bounding_box(), now.bounding_box(), page.locator(".dw-stage").bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert left["width"] + right["width"] > 0.95 * stage["width"]
    expect(page.locator(".dw-facts")).to_contain_text("之前画面时间2025-06-01 11:00:00")
    screenshot(page, "case-before.png")

    page.get_by_text("对比：并排").click()
    page.get_by_text("对比：滑动").click()
    expect(before).to_be_hidden()
    assert now.bounding_box()["width"] == pytest.approx(stage["width"], abs=1)
    page.get_by_text("对比：关").click()
    expect(before).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(".dw-number")).to_have_text("#2")
    expect(page.locator(".dw-pair")).to_have_count(0)


def test_notices_that_were_given_up_are_told_until_somebody_takes_note(page, address, tmp_path, make_finding):
    a_day_later = NOON + timedelta(days=1)
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    notices, cases = NoticeStore(engine), CaseStore(engine)
    notices.register("指挥中心", NOON)
    cases.add_or_get(make_finding(received_at=NOON))
    (outgoing,) = notices.take_turn("指挥中心", Filter().passes, NOON)
    notices.note_failure("指挥中心", outgoing.delivery_id, "the receiver answered 500", NOON)
    notices.take_turn("指挥中心", Filter().passes, a_day_later)

    page.goto(f"{address}/maintenance")
    row = page.locator("[data-channel]")
    expect(row).to_contain_text("发往 指挥中心 的通知未能送达")
    expect(row).to_contain_text("the receiver answered 500")
    expect(row).to_contain_text("1 条未送达")
    screenshot(page, "notices-given-up.png")
    row.get_by_role("button", name="已知悉").click()
    expect(row).to_have_count(0)
    assert notices.given_up() == ()
