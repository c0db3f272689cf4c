"""Signing in in a real browser: the form, the queue of one's own scope, and a session that ends under an open page."""

import httpx
import pytest
from playwright.sync_api import expect

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.storage.database import open_database
from tests.service.conftest import PASSWORD
from tests.service.pages.browser import NEEDS_BROWSER, open_browser, screenshot

pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]


@pytest.fixture
def accounts(guarded_address, tmp_path, password_hash, make_package) -> Accounts:
    """王工 sees one of two sites; a case is there for each."""
    accounts = Accounts(open_database(f"sqlite:///{tmp_path}/cases.db"), utc_now)
    entry = accounts.entry("test", Action.USER_MADE)
    plan = UserPlan(name="wang", display_name="王工", roles={Role.INSPECTOR}, scope=Scope(sites={"east"}))
    accounts.credentials.set_password(accounts.users.add(plan, entry).id, password_hash, entry)
    token = accounts.tokens.add("edge", [MachineScope.VIOLATIONS_WRITE], entry)
    for site in ("west", "east"):
        package = make_package(site_id=site, site_name=site)
        headers = {**package.headers, "Authorization": f"Bearer {token}"}
        assert (
            httpx.post(f"{guarded_address}/api/violations", files=package.parts(), headers=headers).status_code == 201
        )
    return accounts


def test_an_inspector_signs_in_decides_and_is_sent_out_when_locked(guarded_address, accounts):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(30_000)
        page.goto(f"{guarded_address}/?case=2")
        expect(page.get_by_role("button", name="登录")).to_be_visible()
        expect(page.locator("input:visible")).to_have_count(3)
        screenshot(page, "sign-in.png")
        page.get_by_label("登录名").fill("wang")
        page.get_by_label("密码", exact=True).fill("not the password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_text("登录名、密码或动态码不正确")).to_be_visible()
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

        expect(page.locator(".dw-row")).to_have_count(1)
        expect(page.locator(".dw-number")).to_have_text("#2")
        expect(page.get_by_placeholder("您的姓名")).to_have_count(0)
        expect(page.locator(".dw-account")).to_contain_text("王工")
        assert page.locator(".dw-now.dw-of-annotated").evaluate("p => p.decode().then(() => p.naturalWidth)") == 1280
        screenshot(page, "queue-signed-in.png")
        page.keyboard.press("c")
        expect(page.locator(".dw-head .dw-chip")).to_have_text("已确认")

        page.locator(".dw-account").click()
        expect(page.get_by_text("动态码：未启用")).to_be_visible()
        screenshot(page, "account.png")
        page.go_back()
        expect(page.locator(".dw-account")).to_be_visible()
        plan = accounts.users.get("wang").plan
        accounts.change_user(plan.model_copy(update={"locked": True}), "test")
        page.wait_for_url(f"{guarded_address}/sign-in*")
    looks = [entry for _, entry in accounts.audit.page(limit=200).entries if entry.action is Action.LOOKED]
    assert {(entry.who, entry.case_id) for entry in looks} == {("wang", 2)}
