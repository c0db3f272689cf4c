"""Signing in through an identity provider over HTTP: who gets in, and what must not be believed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey

from service.accounts.audit import Action
from service.accounts.scope import Scope
from service.api.app import create_app
from service.domain.lifecycle import Role
from service.errors import NoSuchUser
from service.oidc.settings import NewUsers
from tests.service.accounts.conftest import Browser
from tests.service.oidc.conftest import come_back, go
from tests.service.oidc.small_provider import CLIENT, SECRET, new_key


def test_an_account_of_the_claims_name_is_signed_in_and_led_to_the_page(start):
    app = start()
    browser = Browser(app)
    form = browser.get("/sign-in?next=/account")
    assert 'href="/oidc/sign-in?next=%2Faccount&amp;lang=zh_CN"' in form.text
    assert "统一身份认证登录" in form.text
    answer = come_back(browser, go(browser))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert browser.get("/api/v1/account").json()["display_name"] == "王工"
    entries = [entry for _, entry in app.state.accounts.audit.page(limit=9).entries]
    assert (entries[0].action, entries[0].detail) == (Action.SIGNED_IN, "by the identity provider")


def test_the_cookie_is_out_of_reach_and_tells_nothing(start):
    browser = Browser(start())
    cookie = browser.get("/oidc/sign-in").headers["set-cookie"]
    for told in ("HttpOnly", "Path=/oidc", "SameSite=lax", "Max-Age=600"):
        assert told in cookie
    location = browser.get("/oidc/sign-in").headers["location"]
    assert parse_qs(urlsplit(location).query)["nonce"][0] not in cookie


def test_who_has_no_account_is_refused_and_none_is_made(start, provider):
    app = start()
    provider.claims = {"preferred_username": "zhao"}
    browser = Browser(app)
    answer = come_back(browser, go(browser))
    assert answer.status_code == 403
    assert "zhao 在本系统没有账户" in answer.text
    with pytest.raises(NoSuchUser):
        app.state.accounts.users.get("zhao")


def test_an_account_is_made_where_the_settings_say_so(start, provider):
    app = start(new_users=NewUsers(role=Role.INSPECTOR, scope=Scope(districts=frozenset({"滨江区"}))))
    provider.claims = {"preferred_username": "Zhao", "name": "王工"}
    browser = Browser(app)
    assert come_back(browser, go(browser)).status_code == 303
    told = browser.get("/api/v1/account").json()
    assert (told["name"], told["display_name"]) == ("zhao", "王工 (zhao)")
    assert come_back(browser, go(browser)).status_code == 303


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MACHINE])
def test_nobody_becomes_an_administrator_by_signing_in(role):
    with pytest.raises(ValueError, match="nobody becomes an administrator"):
        NewUsers(role=role)


def test_a_locked_account_stays_out(start, clock):
    app = start()
    accounts = app.state.accounts
    accounts.change_user(accounts.users.get("wang").plan.model_copy(update={"locked": True}), "test")
    browser = Browser(app)
    assert come_back(browser, go(browser)).status_code == 403
    assert browser.get("/api/v1/account").status_code == 401


def test_an_answer_to_another_browser_or_an_old_one_or_a_used_code_is_refused(start, clock):
    app = start()
    mine, other = Browser(app), Browser(app)
    told = go(mine)
    go(other)
    for browser, answer in ((Browser(app), told), (other, told), (mine, {**told, "state": "x"})):
        refused = come_back(browser, answer)
        assert refused.status_code == 403
        assert "请重新登录" in refused.text
    told = go(mine)
    kept = dict(mine.cookies)
    assert come_back(mine, told).status_code == 303
    mine.cookies.update(kept)
    assert come_back(mine, told).status_code == 403  # the provider takes a code once
    told = go(mine)
    clock.move(minutes=11)
    assert "请重新登录" in come_back(mine, told).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "x"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"preferred_username": None},
        {"preferred_username": ["wang"]},
    ],
)
def test_a_token_that_says_something_else_is_refused(start, provider, wrong):
    provider.claims = {**provider.claims, **wrong}
    browser = Browser(start())
    answer = come_back(browser, go(browser))
    assert answer.status_code == 403
    assert "统一身份认证未通过" in answer.text
    assert browser.get("/api/v1/account").status_code == 401


def test_a_token_by_another_key_or_by_the_shared_secret_is_refused(start, provider):
    app = start()
    provider.signs_with = new_key()
    browser = Browser(app)
    assert come_back(browser, go(browser)).status_code == 403
    provider.algorithm, provider.signs_with = "HS256", OctKey.import_key(SECRET * 4)
    assert come_back(browser, go(browser)).status_code == 403


def test_an_unverified_mail_address_is_nobodys(start, provider):
    provider.claims = {"email": "wang"}
    browser = Browser(start(claim="email"))
    assert come_back(browser, go(browser)).status_code == 403
    provider.claims = {"email": "wang", "email_verified": True}
    assert come_back(browser, go(browser)).status_code == 303


def test_a_refusal_of_the_provider_and_another_issuers_answer_are_told(start):
    browser = Browser(start())
    told = go(browser)
    refused = come_back(browser, {"state": told["state"], "error": "<b>access_denied"})
    assert refused.status_code == 403
    assert "&lt;b&gt;access_denied" in refused.text
    told = go(browser)
    assert come_back(browser, {**told, "iss": "https://elsewhere.example"}).status_code == 403


def test_a_provider_that_is_down_leaves_the_password(start, provider):
    app = start()
    provider.is_down = True
    answer = Browser(app).get("/oidc/sign-in")
    assert answer.status_code == 503
    assert "暂时无法连接" in answer.text
    assert 'name="password"' in answer.text
    provider.is_down = False
    assert Browser(app).get("/oidc/sign-in").status_code == 303


def test_a_description_of_another_issuer_is_refused(start, provider):
    provider.tells_issuer = "https://elsewhere.example"
    assert Browser(start()).get("/oidc/sign-in").status_code == 403


def test_without_a_provider_the_form_does_not_lead_there(tmp_path):
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False)
    browser = Browser(app)
    assert "/oidc/" not in browser.get("/sign-in").text
    assert browser.get("/oidc/sign-in").status_code == 404
    assert browser.get("/oidc/callback?state=x&code=y").status_code == 404
    app.state.store.close()


def test_the_way_back_leads_to_no_other_site(start):
    browser = Browser(start())
    assert come_back(browser, go(browser, "//elsewhere.example")).headers["location"] == "/"
