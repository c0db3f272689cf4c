"""One's own account at `/account`: the password and the second factor."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.accounts.accounts import Accounts
from service.accounts.totp import app_address, new_secret
from service.accounts.users import User
from service.api.problems import status_of
from service.api.session_cookie import session_token
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address
from service.errors import BadSignIn, NotSignedIn, PasswordsDiffer, ServiceError
from service.pages import forms
from service.pages.forms import Field, Message, form_page
from service.pages.sign_in_page import Lang, Typed, explained, language_of, password_hint
from service.texts.catalogue import ENGLISH, load_translator

_SECRET = re.compile(r"[A-Z2-7]{32}")


def account_router(accounts: Accounts) -> APIRouter:
    """Return the routes of one's own account."""
    router = APIRouter(prefix="/account", include_in_schema=False, route_class=SmallBodyRoute)

    @router.get("")
    def show(request: Request, lang: str = "") -> Response:
        return _page(_user(accounts, request), language_of(lang))

    @router.post("/password")
    def change_password(
        request: Request, address: Address, old: Typed, password: Typed, again: Typed, lang: Lang = ""
    ) -> Response:
        user, language = _user(accounts, request), language_of(lang)
        try:
            if password != again:
                raise PasswordsDiffer
            accounts.change_password(user, old, password, session_token(request), address)
        except ServiceError as error:
            return _page(user, language, error)
        _ = load_translator().texts(language)
        return _page(user, language, done=_("The password is changed"))

    @router.post("/second-factor")
    def set_second_factor(
        request: Request,
        address: Address,
        code: Typed,
        secret: Annotated[str, Form(max_length=64)] = "",
        lang: Lang = "",
    ) -> Response:
        user, language = _user(accounts, request), language_of(lang)
        try:
            if (secret and not _SECRET.fullmatch(secret)) or bool(secret) == user.has_totp:
                raise BadSignIn
            accounts.set_second_factor(user, secret, code, address)
        except ServiceError as error:
            return _page(user, language, error, secret)
        _ = load_translator().texts(language)
        return _page(_user(accounts, request), language, done=_("Done"))

    return router


def _user(accounts: Accounts, request: Request) -> User:
    user = accounts.session_user(session_token(request))
    if user is None:
        raise NotSignedIn
    return user


def _page(user: User, language: str, error: ServiceError | None = None, secret: str = "", done: str = "") -> Response:
    _ = load_translator().texts(language)
    message = Message(done, is_good=True) if done else explained(error, language) if error else None
    lang = Field("lang", value=language)
    password = forms.Form(
        _("Change the password"),
        "/account/password",
        _("Change the password"),
        (
            Field("old", _("Present password"), "password", autocomplete="current-password"),
            Field("password", _("New password"), "password", autocomplete="new-password", hint=password_hint(_)),
            Field("again", _("The same again"), "password", autocomplete="new-password"),
            lang,
        ),
    )
    sign_out = forms.Form(_("Sign out"), "/sign-out", _("Sign out"), (lang,))
    home = ("/en" if language == ENGLISH else "/", _("Back to the queue"))
    factor = _factor_form(user, language, secret)
    title = f"{user.plan.display_name} · {user.plan.name}"
    page = form_page(title, (sign_out, password, factor), language, message=message, link=home)
    page.status_code = status_of(error) if error else 200
    return page


def _factor_form(user: User, language: str, secret: str) -> forms.Form:
    _ = load_translator().texts(language)
    code = Field("code", _("Code of your authenticator app"), autocomplete="one-time-code")
    lang = Field("lang", value=language)
    action = "/account/second-factor"
    if user.has_totp:
        return forms.Form(_("Second factor: on"), action, _("Turn it off"), (code, lang))
    secret = secret if _SECRET.fullmatch(secret) else new_secret()
    notes = (_("Enter this key into an authenticator app, and then the code that it shows."),)
    fields = (code, Field("secret", value=secret), lang)
    shown = (secret, app_address(secret, user.plan.name))
    return forms.Form(_("Second factor: off"), action, _("Turn it on"), fields, notes, shown)
