"""The administrators' page in a browser: users, tokens, models, rules, edges, notices and the audit log."""

import hashlib
import os
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.cards import WEIGHTS_NAME, ModelCard, ModelInput, write_card
from models.registry.registry import Registry
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.users import UserPlan
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.pages.administration.page import TABS
from service.storage.database import open_database
from tests.conftest import free_port, wait_until
from tests.service.conftest import REPOSITORY, SERVER
from tests.service.guarded_queue import is_up
from tests.service.pages.browser import IN_A_DIALOG, NEEDS_BROWSER, let_settle, screenshot
from tests.service.pages.test_every_page import OVERFLOWING, SERIOUS

pytestmark = NEEDS_BROWSER
HOSTILE = "<img src=x onerror=alert(1)>"


def add_model(folder, version):
    """Put a version whose weights are a few bytes into the registry."""
    place = folder / "new" / version
    place.mkdir(parents=True)
    weights = version.encode()
    (place / WEIGHTS_NAME).write_bytes(weights)
    card = ModelCard(
        name="toy",
        task="classify",
        sha256=hashlib.sha256(weights).hexdigest(),
        licence=HOSTILE,
        source="-",
        made_by="-",
        training_data=[],
        split="-",
        classes={0: "clean"},
        input=ModelInput(size=64),
        figures=[],
        known_failures=[],
    )
    write_card(card, place)
    Registry(folder / "models").add_version("toy", version, place)


@pytest.fixture(scope="module")
def tmp_path(tmp_path_factory):
    """One folder, and so one server, for all tests: starting one takes long."""
    return tmp_path_factory.mktemp("administration")


@pytest.fixture(scope="module")
def address(tmp_path):
    """A queue with accounts, pages, and a registry of a toy model, whose third version was tampered with."""
    for version in ("1", "2", "3"):
        add_model(tmp_path, version)
    (tmp_path / "models" / "toy" / "3" / WEIGHTS_NAME).write_bytes(b"other")
    Registry(tmp_path / "models").promote("toy", "1", "test", "first")
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DUSTWATCH_MODELS": str(tmp_path / "models")}
    command = [sys.executable, "-c", SERVER.replace(", is_open=True", ""), str(tmp_path), str(port)]
    process = subprocess.Popen(command, cwd=REPOSITORY, env=environment)
    address = f"http://127.0.0.1:{port}"
    wait_until(lambda: is_up(address), 120, "the queue")
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def accounts(address, tmp_path, password_hash):
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    entry = accounts.entry("test", Action.USER_MADE)
    administrator = Role.ADMINISTRATOR
    people = (("zhao", "赵主任", administrator), ("qian", "钱主任", administrator), ("wang", "王工", Role.INSPECTOR))
    for name, shown, role in people:
        user = accounts.users.add(UserPlan(name=name, display_name=shown, roles=frozenset({role})), entry)
        accounts.credentials.set_password(user.id, password_hash, entry)
    return accounts


@pytest.fixture
def enter(page, address, accounts):
    """Return a function that signs somebody in."""

    def sign_in(name):
        page.set_default_timeout(40_000)
        expect.set_options(timeout=40_000)
        page.goto(f"{address}/link?token={accounts.sign_in_link(name, 'test')}")
        return page

    return sign_in


def actions(accounts):
    return [entry.action for _number, entry in accounts.audit.page().entries]


def test_a_user_is_added_locked_and_given_a_new_link(enter, address, accounts):
    page = enter("zhao")
    page.goto(f"{address}/administration")
    expect(page.locator("[data-user=wang]")).to_contain_text("王工 (wang)")
    page.get_by_role("button", name="新增用户").click()
    page.get_by_label("登录名").fill("li")
    page.get_by_label("显示姓名").fill(HOSTILE)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".q-notification")).to_be_visible()
    page.get_by_label("角色").click()
    page.get_by_role("option", name="审核员").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-secret]")).to_contain_text(f"{address}/link?token=")
    page.get_by_role("button", name="我已转交").click()
    row = page.locator("[data-user=li]")
    expect(row).to_contain_text(HOSTILE)
    expect(row).to_contain_text("尚未设置密码")
    screenshot(page, "administration-users.png")

    row.get_by_role("button", name="锁定").click()
    page.get_by_role("alertdialog").get_by_role("button", name="取消").click()
    expect(row).not_to_contain_text("已锁定")
    row.get_by_role("button", name="锁定").click()
    page.get_by_role("alertdialog").get_by_role("button", name="锁定").click()
    expect(row).to_contain_text("已锁定")
    assert accounts.users.get("li").plan.locked
    page.locator("[data-user=wang]").get_by_role("button", name="重设密码").click()
    page.get_by_role("button", name="生成链接").click()
    expect(page.locator("[data-secret]").last).to_contain_text("/link?token=")
    assert actions(accounts)[:4] == [Action.LINK_MADE, Action.USER_CHANGED, Action.LINK_MADE, Action.USER_MADE]


def test_a_token_is_made_shown_once_and_revoked_by_keyboard_in_english(enter, address, accounts):
    page = enter("zhao")
    page.goto(f"{address}/en/administration?tab=tokens")
    page.get_by_label("Name of the machine").fill("edge-1")
    make = page.get_by_role("button", name="Make a token")
    make.focus()
    page.keyboard.press("Enter")
    secret = page.locator("[data-secret]").inner_text()
    assert accounts.tokens.principal(secret, utc_now()).name == "edge-1"
    page.get_by_role("button", name="I have handed it over").click()
    page.locator("[data-token=edge-1]").get_by_role("button", name="Revoke").press("Enter")
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").press("Enter")
    expect(page.locator("[data-token=edge-1]")).to_have_count(0)
    wait_until(
        lambda: accounts.tokens.principal(secret, utc_now()) is None,
        20,
        "the token that another process revoked is forgotten here",
    )
    assert actions(accounts)[:2] == [Action.TOKEN_REVOKED, Action.TOKEN_MADE]


def test_a_token_is_made_for_two_sites_alone_and_listed_with_them(enter, address, accounts):
    page = enter("zhao")
    page.goto(f"{address}/administration?tab=tokens")
    page.get_by_label("设备名称").fill("edge-2")
    sites = page.get_by_label("仅限的工地编号")
    sites.fill("a b")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.locator(".q-notification")).to_contain_text("请填写工地编号")
    sites.fill("east，west")
    page.get_by_role("button", name="生成令牌").click()
    secret = page.locator("[data-secret]").inner_text()
    page.get_by_role("button", name="我已转交").click()
    expect(page.locator("[data-token=edge-2] [data-reach]")).to_have_text("仅限工地：east, west")
    principal = accounts.tokens.principal(secret, utc_now())
    assert (principal.is_bound, principal.scope.sites) == (True, {"east", "west"})
    expect(page.locator(".q-notification, .q-dialog__backdrop")).to_have_count(0)
    screenshot(page, "administration-tokens.png")
    page.set_viewport_size({"width": 1024, "height": 768})
    let_settle(page)
    assert page.evaluate(OVERFLOWING) == []
    screenshot(page, "administration-tokens-tablet.png")
    page.emulate_media(color_scheme="dark")
    screenshot(page, "administration-tokens-dark.png")
    accounts.tokens.revoke("edge-2", accounts.entry("test", Action.TOKEN_REVOKED))


def test_a_model_is_promoted_and_taken_back_with_reasons(enter, address, accounts, tmp_path):
    page = enter("zhao")
    page.goto(f"{address}/administration?tab=models")
    model = page.locator("[data-model=toy]")
    expect(model.locator("[data-version='1']")).to_contain_text("使用中")
    model.get_by_role("button", name="启用").click()
    page.locator(".q-dialog").get_by_role("button", name="启用").click()
    expect(page.locator(".q-notification")).to_contain_text("请填写原因")
    page.get_by_label("原因").fill("误报更少")
    page.locator(".q-dialog").get_by_role("button", name="启用").click()
    expect(model.locator("[data-version='2']")).to_contain_text("使用中")
    expect(model).to_contain_text("误报更少")
    model.get_by_text("模型卡与各类别指标").first.click()
    expect(model.get_by_text(HOSTILE).first).to_be_visible()
    screenshot(page, "administration-models.png")
    model.get_by_role("button", name="回退到 1").click()
    page.get_by_label("原因").fill("夜间变差")
    page.get_by_label("原因").press("Enter")
    expect(model.locator("[data-version='1']")).to_contain_text("使用中")
    assert Registry(tmp_path / "models").production("toy") == "1"
    assert actions(accounts)[:2] == [Action.MODEL_ROLLED_BACK, Action.MODEL_PROMOTED]


def test_a_model_whose_weights_were_changed_is_told_and_not_offered(enter, address):
    page = enter("zhao")
    page.goto(f"{address}/administration?tab=models")
    version = page.locator("[data-model=toy] [data-version='3']")
    expect(version.locator(".dw-bad")).to_be_visible()
    expect(version.get_by_role("button")).to_have_count(0)


def test_rules_edges_notices_and_the_log_are_shown(enter, address, accounts):
    page = enter("zhao")
    page.goto(f"{address}/administration?tab=rules")
    expect(page.locator("[data-rules]").first).to_contain_text("今日有效")
    page.goto(f"{address}/administration?tab=edges")
    expect(page.get_by_text("当前异常的摄像机")).to_be_visible()
    page.goto(f"{address}/administration?tab=notices")
    expect(page.get_by_text("未能送达的通知")).to_be_visible()
    page.goto(f"{address}/administration?tab=audit")
    expect(page.get_by_role("row").filter(has_text="zhao")).not_to_have_count(0)
    page.get_by_label("操作人").fill("nobody")
    page.get_by_role("button", name="查询").click()
    expect(page).to_have_url(f"{address}/administration?tab=audit&who=nobody")
    expect(page.get_by_role("link", name="导出全部结果（CSV）")).to_have_attribute(
        "href", "/api/v1/audit.csv?who=nobody"
    )
    expect(page.get_by_role("row")).to_have_count(0)
    screenshot(page, "administration-audit.png")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("root", ["", "/en"])
def test_every_tab_can_be_read_by_everybody_and_no_text_is_cut_off(enter, address, root, look):
    page = enter("zhao")
    page.emulate_media(color_scheme=look)
    for tab in TABS:
        page.goto(f"{address}{root}/administration?tab={tab}")
        expect(page.locator(".dw-admin-tab > *").first).to_be_visible()
        expect(page.get_by_role("status")).to_have_count(0)
        has_no_fault(page, tab)
        assert page.evaluate(OVERFLOWING) == []
    page.goto(f"{address}{root}/administration")
    page.get_by_role("button", name="Add a user" if root else "新增用户").click()
    let_settle(page)
    screenshot(page, f"administration-form{root.replace('/', '-')}-{look}.png")
    has_no_fault(page, "form", ".q-dialog")


def has_no_fault(page, place, part=None):
    answer = Axe().run(page, context=part, options=IN_A_DIALOG if part else None).response
    found = [fault for fault in answer["violations"] if fault["impact"] in SERIOUS]
    assert [(place, fault["id"], fault["nodes"][0]["failureSummary"]) for fault in found] == []


def test_who_is_no_administrator_is_not_led_to_the_page_and_may_not_open_it(enter, address):
    page = enter("wang")
    expect(page.get_by_role("link", name="管理", exact=True)).to_have_count(0)
    assert page.goto(f"{address}/administration").status == 403
    assert page.goto(f"{address}/en/administration?tab=models").status == 403
    assert page.request.get(f"{address}/api/v1/audit").status == 403


def test_a_page_that_stays_open_does_nothing_once_its_administrator_is_none_any_more(enter, address, accounts):
    page = enter("qian")
    page.goto(f"{address}/administration?tab=tokens")
    page.get_by_label("设备名称").fill("edge-2")
    page.get_by_label("权限").click()
    page.get_by_role("option", name="上报违规").click()
    page.keyboard.press("Escape")
    demoted = UserPlan(name="qian", display_name="钱主任", roles=frozenset({Role.INSPECTOR}))
    accounts.users.change(demoted, accounts.entry("test", Action.USER_CHANGED))
    page.get_by_role("button", name="生成令牌").click()
    page.wait_for_timeout(1000)
    assert accounts.tokens.tokens() == ()


def test_the_last_administrator_cannot_lock_themselves_out(enter, address, accounts):
    demoted = UserPlan(name="qian", display_name="钱主任", roles=frozenset({Role.INSPECTOR}))
    accounts.users.change(demoted, accounts.entry("test", Action.USER_CHANGED))
    page = enter("zhao")
    page.goto(f"{address}/administration")
    page.locator("[data-user=zhao]").get_by_role("button", name="锁定").click()
    page.get_by_role("alertdialog").get_by_role("button", name="锁定").click()
    expect(page.locator(".q-notification")).to_contain_text("zhao")
    assert not accounts.users.get("zhao").plan.locked
