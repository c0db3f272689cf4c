"""Signing in over HTTP: passwords, wrong tries, sessions, second factor, one-time links, and changes from elsewhere."""

import pyotp
import pytest

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from service.domain.lifecycle import Role
from tests.service.accounts.conftest import Browser
from tests.service.conftest import PASSWORD


def actions(accounts: Accounts):
    return [entry.action for _, entry in accounts.audit.page(limit=200).entries][::-1]


def test_who_is_not_signed_in_is_led_to_the_form_and_back(browser, add_user):
    add_user("wang", Role.INSPECTOR, display_name="王工")
    page = {"Accept": "text/html"}
    led = browser.get("/account?lang=en", headers=page)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Faccount%3Flang%3Den")
    form = browser.get(led.headers["location"])
    assert 'value="/account?lang=en"' in form.text
    machine = browser.get("/api/cases", headers=page)
    assert (machine.status_code, machine.headers["www-authenticate"]) == (401, "Bearer")

    answer = browser.sign_in(" WANG ", next="/account?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?lang=en")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert browser.get("/api/v1/account").json()["display_name"] == "王工"


def test_the_form_leads_to_no_other_site(browser, add_user):
    add_user("wang", Role.INSPECTOR)
    for path in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"):
        assert browser.sign_in("wang", next=path).headers["location"] == "/"
        assert "elsewhere" not in browser.get("/sign-in", params={"next": path}).text


def test_over_https_the_cookie_is_for_https_alone(guarded, add_user):
    add_user("wang", Role.INSPECTOR)
    browser = Browser(guarded)
    browser.headers["Origin"] = "https://service"
    answer = browser.post("https://service/sign-in", data={"name": "wang", "password": PASSWORD})
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_name_and_a_wrong_password_are_told_alike(browser, add_user, accounts):
    add_user("wang", Role.INSPECTOR)
    wrong_password, wrong_name = browser.sign_in("wang", "wrong horse battery"), browser.sign_in("nobody")
    assert wrong_password.status_code == wrong_name.status_code == 403
    assert "登录名、密码或动态码不正确" in wrong_password.text
    assert wrong_password.text == wrong_name.text.replace("nobody", "wang")
    assert not browser.cookies
    # A name that nobody has may be a password: the log does not hold it.
    assert [entry.who for _, entry in accounts.audit.page().entries[:2]] == ["", "wang"]


def test_after_five_wrong_tries_even_the_right_password_waits_and_longer_each_time(browser, add_user, clock):
    add_user("wang", Role.INSPECTOR)
    for _ in range(5):
        assert browser.sign_in("wang", "wrong horse battery").status_code == 403
    late = browser.sign_in("wang")
    assert (late.status_code, "15 秒后再试" in late.text) == (429, True)
    clock.move(seconds=15)
    assert browser.sign_in("wang", "wrong horse battery").status_code == 403
    clock.move(seconds=16)
    assert browser.sign_in("wang").status_code == 429
    clock.move(seconds=14)
    assert browser.sign_in("wang").status_code == 303
    assert browser.sign_in("wang", "wrong horse battery").status_code == 403  # counted from the beginning again


def test_an_idle_session_ends_and_so_does_a_busy_one_after_half_a_day(enter, clock):
    idle, busy = enter("wang", Role.INSPECTOR), enter("li", Role.INSPECTOR)
    steps = int(IDLE_LIMIT.total_seconds() // 60) - 1
    clock.move(minutes=steps)
    assert busy.get("/api/v1/account").status_code == 200
    clock.move(minutes=1)
    assert idle.get("/api/v1/account").status_code == 401
    for _ in range(int(ABSOLUTE_LIMIT / IDLE_LIMIT) - 1):
        assert busy.get("/api/v1/account").status_code == 200
        clock.move(minutes=steps)
    assert busy.get("/api/v1/account").status_code == 200
    clock.move(minutes=steps)
    assert busy.get("/api/v1/account").status_code == 401


def test_signing_out_ends_the_session_whoever_has_its_cookie(enter, guarded, accounts):
    browser = enter("wang", Role.INSPECTOR)
    thief = Browser(guarded)
    thief.cookies = dict(browser.cookies)
    assert thief.get("/api/v1/account").status_code == 200
    assert browser.post("/sign-out").headers["location"] == "/sign-in"
    assert not browser.cookies
    assert thief.get("/api/v1/account").status_code == 401
    assert actions(accounts)[-1] is Action.SIGNED_OUT


def test_the_token_of_a_session_is_nowhere_in_the_database(enter, tmp_path):
    browser = enter("wang", Role.INSPECTOR)
    token = browser.cookies["dustwatch_session"]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("cases.db*"))
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert b"$argon2id$" in kept


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": "http://service"}, True),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://service.elsewhere.example"}, False),
        ({"Origin": "http://service", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://proxied.example", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://service"}, False),
    ],
)
def test_a_change_with_a_cookie_has_to_come_from_our_own_pages(enter, headers, allowed):
    browser = enter("wang", Role.INSPECTOR)
    answer = browser.post("/api/cases/9/review", json={"decision": "confirm"}, headers=headers)
    assert answer.status_code == (404 if allowed else 403)
    assert ("cross-site" in answer.text) != allowed
    assert browser.get("/api/v1/account", headers=headers).status_code == 200


def test_signing_in_can_not_be_forced_by_another_site(browser, add_user):
    add_user("wang", Role.INSPECTOR)
    browser.headers["Origin"] = "http://elsewhere.example"
    assert browser.sign_in("wang").status_code == 403
    assert not browser.cookies


def test_the_first_administrator_s_link_works_once_and_for_a_day(accounts, guarded, clock):
    old = accounts.administrator_link("test")
    token = accounts.administrator_link("test")
    browser = Browser(guarded)
    form = {"name": "Zhao", "display_name": "赵主任", "password": PASSWORD, "again": PASSWORD}
    assert browser.get(f"/link?token={old}").status_code == 410  # a new one replaces it
    assert "首位管理员" in browser.get(f"/link?token={token}").text
    assert "不一致" in browser.post("/link", data={**form, "token": token, "again": "other"}).text
    assert "至少 10 个字符" in browser.post("/link", data={**form, "token": token, "password": "a", "again": "a"}).text
    assert browser.post("/link", data={**form, "token": token, "name": "a b"}).status_code == 422
    assert browser.post("/link", data={**form, "token": token}).status_code == 303
    assert browser.get("/api/v1/account").json()["roles"] == ["administrator"]
    assert browser.post("/link", data={**form, "token": token, "name": "other"}).status_code == 410
    assert accounts.administrator_link("test") is None


def test_an_administrator_s_link_is_too_old_after_a_day(accounts, browser, clock):
    token = accounts.administrator_link("test")
    clock.move(hours=24)
    assert browser.get(f"/link?token={token}").status_code == 410


def test_a_reset_link_sets_the_password_ends_sessions_and_turns_the_second_factor_off(enter, accounts, guarded):
    browser = enter("wang", Role.INSPECTOR)
    secret = pyotp.random_base32()
    user = accounts.users.get("wang")
    accounts.credentials.set_totp(user.id, secret, 0, accounts.entry("wang", Action.TOTP_ON))
    token = accounts.reset("wang", "test")
    assert browser.get("/api/v1/account").status_code == 200  # opening or making it changes nothing
    other = Browser(guarded)
    data = {"token": token, "password": "another long secret", "again": "another long secret"}
    assert other.post("/link", data=data).status_code == 303
    assert browser.get("/api/v1/account").status_code == 401
    assert other.get("/api/v1/account").status_code == 200
    assert other.sign_in("wang", PASSWORD).status_code == 403
    assert other.sign_in("wang", "another long secret").status_code == 303


def test_a_locked_user_is_out_at_once_and_stays_out(enter, accounts):
    browser = enter("wang", Role.INSPECTOR)
    plan = accounts.users.get("wang").plan
    token = accounts.reset("wang", "test")
    accounts.change_user(plan.model_copy(update={"locked": True}), "test")
    assert browser.get("/api/v1/account").status_code == 401
    assert browser.sign_in("wang").status_code == 403
    assert browser.get(f"/link?token={token}").status_code == 410
    accounts.change_user(plan, "test")
    assert browser.sign_in("wang").status_code == 303


def test_a_changed_password_ends_the_other_sessions(enter, guarded):
    browser = enter("wang", Role.INSPECTOR)
    other = Browser(guarded)
    other.sign_in("wang")
    form = {"old": PASSWORD, "password": "another long secret", "again": "another long secret"}
    assert browser.post("/account/password", data={**form, "old": "wrong"}).status_code == 403
    weak = {**form, "password": "wang123456", "again": "wang123456"}
    assert "容易被猜中" in browser.post("/account/password", data=weak).text
    assert "密码已修改" in browser.post("/account/password", data=form).text
    assert browser.get("/api/v1/account").status_code == 200
    assert other.get("/api/v1/account").status_code == 401


def test_a_second_factor_is_turned_on_asked_for_once_each_and_turned_off(enter, clock):
    browser = enter("wang", Role.INSPECTOR)
    secret = pyotp.random_base32()
    app = pyotp.TOTP(secret)
    form = {"secret": secret, "code": app.at(clock.now)}
    assert browser.post("/account/second-factor", data={**form, "code": "000000"}).status_code == 403
    assert browser.post("/account/second-factor", data={**form, "secret": "short"}).status_code == 403
    assert "已启用" in browser.post("/account/second-factor", data=form).text
    assert secret not in browser.get("/account").text

    clock.move(seconds=30)
    assert browser.sign_in("wang").status_code == 403
    code = app.at(clock.now)
    assert browser.sign_in("wang", code=f" {code[:3]} {code[3:]} ").status_code == 303
    assert browser.sign_in("wang", code=code).status_code == 403  # seen over a shoulder
    clock.move(seconds=60)
    assert browser.post("/account/second-factor", data={"code": app.at(clock.now)}).status_code == 200
    assert browser.sign_in("wang").status_code == 303


def test_hostile_text_in_the_forms_stays_text(browser):
    page = browser.sign_in('"><script>alert(1)</script>')
    assert "<script>" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert browser.post("/sign-in", data={"name": "x" * 300, "password": "y"}).status_code == 422
    assert browser.post("/sign-in", content=b"x" * 100_000).status_code in {413, 422}
