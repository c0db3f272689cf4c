"""The provider tells that a session has ended there: what came from it ends here, and nothing else is believed."""

import pytest
from pydantic import SecretStr

from service.accounts.audit import Action
from service.oidc.settings import OidcSettings
from tests.service.accounts.conftest import Browser
from tests.service.oidc.conftest import come_back, go
from tests.service.oidc.small_provider import CLIENT, SECRET, new_key


def signed_in(app, provider, **claims):
    provider.claims = {"preferred_username": "wang", **claims}
    browser = Browser(app)
    assert come_back(browser, go(browser)).status_code == 303
    return browser


def is_in(browser):
    return browser.get("/api/v1/account").status_code == 200


def tell(app, token):
    """Post as the provider does: without cookies, and without an origin."""
    machine = Browser(app)
    machine.headers = {}
    return machine.post("/oidc/logout", data={"logout_token": token})


def test_all_sessions_of_a_subject_end_and_those_of_others_go_on(start, provider):
    app = start()
    phone, desk = (signed_in(app, provider) for _ in range(2))
    other = signed_in(app, provider, sub="u-2")
    answer = tell(app, provider.logout_token())
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (is_in(phone), is_in(desk), is_in(other)) == (False, False, True)
    entries = [entry for _, entry in app.state.accounts.audit.page(limit=2).entries]
    assert [(entry.action, entry.who) for entry in entries] == [(Action.SIGNED_OUT, "wang")] * 2
    assert tell(app, provider.logout_token()).status_code == 200  # told twice, it ends nothing more


def test_one_session_of_a_subject_ends_alone(start, provider):
    app = start()
    phone, desk = signed_in(app, provider, sid="phone"), signed_in(app, provider, sid="desk")
    assert tell(app, provider.logout_token(sub=None, sid="phone")).status_code == 200
    assert (is_in(phone), is_in(desk)) == (False, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": None},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"nonce": "n"},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"aud": "another"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"jti": None},
    ],
)
def test_a_token_that_says_something_else_ends_nothing(start, provider, wrong):
    app = start()
    browser = signed_in(app, provider)
    answer = tell(app, provider.logout_token(**wrong))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert is_in(browser)


def test_a_token_by_another_key_a_sign_in_s_token_and_none_end_nothing(start, provider):
    app = start()
    browser = signed_in(app, provider)
    for token in ("", "x.y.z", provider.id_token("n")):
        assert tell(app, token).status_code == 400
    provider.signs_with = new_key()
    assert tell(app, provider.logout_token()).status_code == 400
    assert is_in(browser)


def test_claims_beside_the_token_count_for_its_subject_alone_and_never_against_it(start, provider):
    provider.claims = {"preferred_username": None}
    provider.userinfo = {"sub": "somebody else", "preferred_username": "wang"}
    app = start()
    browser = Browser(app)
    assert come_back(browser, go(browser)).status_code == 403
    provider.userinfo = {"sub": "u-1", "preferred_username": "wang"}
    assert come_back(browser, go(browser)).status_code == 303
    asked = provider.asked.count("/userinfo")
    provider.userinfo = {"sub": "u-1", "preferred_username": "zhao"}
    assert is_in(signed_in(app, provider))  # the token tells it: nothing else is asked
    assert provider.asked.count("/userinfo") == asked


def test_where_people_are_sent_after_signing_out_is_our_own_form():
    settings = OidcSettings(
        issuer="https://id.example.org",
        client_id=CLIENT,
        client_secret=SecretStr(SECRET),
        address="https://dust.example.org/",
    )
    assert settings.after_sign_out == "https://dust.example.org/sign-in"
