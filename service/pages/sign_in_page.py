"""Signing in and out, at `/sign-in` and `/sign-out`."""

import re
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from service.accounts.accounts import Accounts
from service.accounts.passwords import LEAST_CHARACTERS
from service.accounts.principal import Principal
from service.accounts.sessions import ProviderSession
from service.api.problems import status_of
from service.api.session_cookie import give_cookie, session_token, take_cookie
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address, Visitor
from service.domain.lifecycle import Role
from service.errors import ServiceError
from service.oidc.provider import Provider
from service.oidc.settings import OidcSettings
from service.pages import forms
from service.pages.forms import Field, Message, form_page
from service.pages.navigation import DUTY
from service.texts.catalogue import CHINESE, ENGLISH, Texts, load_translator

log = structlog.get_logger(__name__)

_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
Typed = Annotated[str, Form(max_length=200)]
Lang = Annotated[str, Form(max_length=8)]


def sign_in_router(accounts: Accounts, oidc: OidcSettings | None = None, provider: Provider | None = None) -> APIRouter:
    """Return the routes of signing in and out. All of them answer with pages for people.

    Where there is an identity provider, the form leads to it, too, and so does signing out for who came from there.
    """
    router = APIRouter(include_in_schema=False, route_class=SmallBodyRoute)

    @router.get("/sign-in")
    def ask(next: str = "/", lang: str = "") -> Response:  # noqa: A002 - the name in the address
        return sign_in_form(language_of(lang, next), own_path(next), oidc=oidc)

    @router.post("/sign-in")
    def sign_in(
        request: Request,
        address: Address,
        name: Typed,
        password: Typed,
        code: Typed = "",
        next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002 - the name of the field
        lang: Lang = "",
    ) -> Response:
        try:
            token = accounts.sign_in(name, password, code, address)
        except ServiceError as error:
            told = explained(error, language_of(lang))
            page = sign_in_form(language_of(lang), own_path(next), told, name, oidc=oidc)
            page.status_code = status_of(error)
            return page
        return signed_in(accounts, request, token, own_path(next))

    @router.post("/sign-out")
    def sign_out(request: Request, visitor: Visitor, address: Address, lang: Lang = "") -> Response:
        came_from = accounts.sign_out(session_token(request), visitor.name, address)
        there = _exit(provider, came_from) if provider and came_from else None
        answer = RedirectResponse("/sign-in", 303) if there is None else signed_out_page(there, language_of(lang))
        take_cookie(answer)
        return answer

    return router


def _exit(provider: Provider, session: ProviderSession) -> str | None:
    """Return the provider's way out; somebody is signed out here though it can't be found."""
    try:
        return provider.exit(session)
    except ServiceError as error:
        log.warning("oidc.no_way_out", problem=type(error).__name__)
        return None


def signed_out_page(address: str, language: str) -> Response:
    """Return a page that leads on to the provider's way out.

    A redirection would not do: browsers let our forms lead to our own addresses alone.
    """
    _ = load_translator().texts(language)
    done = Message(_("You are signed out here."), is_good=True)
    on = (address, _("Sign out of your organisation's account, too"))
    page = form_page(_("Sign out"), (), language, message=done, way=on)
    page.headers["Refresh"] = f"0; url={address}"
    return page


def language_of(lang: str, path: str = "") -> str:
    """Return the language of a page: Chinese unless English was asked for, as `lang` or by the page to go to."""
    return ENGLISH if lang == ENGLISH or path == "/en" or path.startswith(("/en/", "/en?")) else CHINESE


def explained(error: ServiceError, language: str) -> Message:
    """Return what went wrong, in the language."""
    return Message(load_translator().explain(error.template, error.params, language))


def own_path(path: str) -> str:
    """Return the path where it leads to a page of this server, else that of the queue."""
    return path if _OWN_PATH.fullmatch(path) else "/"


def first_page(principal: Principal | None, path: str) -> str:
    """Return where somebody lands: who only puts cases right at their own page, unless another one was asked for."""
    is_site = principal is not None and principal.roles == {Role.SITE}
    return {"/": DUTY, "/en": f"/en{DUTY}"}.get(path, path) if is_site else path


def signed_in(accounts: Accounts, request: Request, token: str, path: str) -> Response:
    """Return the way to the page, or to the visitor's own first one, with the session's cookie."""
    answer = RedirectResponse(first_page(accounts.principal(token), path), 303)
    give_cookie(request, answer, token)
    return answer


def sign_in_form(
    language: str, path: str, message: Message | None = None, name: str = "", *, oidc: OidcSettings | None = None
) -> Response:
    """Return the form; signed in, one gets to the path."""
    _ = load_translator().texts(language)
    fields = (
        Field("name", _("Name"), value=name, autocomplete="username"),
        Field("password", _("Password"), "password", autocomplete="current-password"),
        Field(
            "code", _("Code of your authenticator app, if you use one"), autocomplete="one-time-code", is_needed=False
        ),
        Field("next", value=path),
        Field("lang", value=language),
    )
    form = forms.Form(_("Sign in"), "/sign-in", _("Sign in"), fields)
    other = ("/sign-in?lang=en", "English") if language == CHINESE else ("/sign-in", "中文")
    way = ("", "")
    if oidc is not None:
        address = f"/oidc/sign-in?{urlencode({'next': path, 'lang': language})}"
        way = (address, oidc.title or _("Sign in with your organisation's account"))
    return form_page(_("Review of violations"), (form,), language, message=message, link=other, way=way)


def password_hint(_: Texts) -> str:
    """Return what a new password has to be like, for beside its field."""
    return _("At least {least} characters, and not a common password").format(least=LEAST_CHARACTERS)
