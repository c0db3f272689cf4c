"""One-time links at `/link`: to become the first administrator, to set a password, to sign in."""

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from service.accounts.accounts import Accounts
from service.accounts.users import UserPlan
from service.api.problems import status_of
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address
from service.domain.lifecycle import Role
from service.errors import BadLink, BadUser, PasswordsDiffer, ServiceError
from service.pages import forms
from service.pages.forms import Field, Message, form_page
from service.pages.sign_in_page import Lang, Typed, explained, language_of, password_hint, signed_in
from service.storage.link_store import Link, Purpose
from service.texts.catalogue import load_translator


def link_router(accounts: Accounts) -> APIRouter:
    """Return the routes of one-time links; opening one uses it up only where it is for signing in."""
    router = APIRouter(include_in_schema=False, route_class=SmallBodyRoute)

    @router.get("/link")
    def open_link(request: Request, address: Address, token: str = "", lang: str = "") -> Response:
        try:
            link = accounts.links.look(token, accounts.clock())
            if link.purpose is Purpose.SIGN_IN:
                return signed_in(accounts, request, accounts.sign_in_by_link(token, address), "/")
        except ServiceError as error:
            return _refused(error, language_of(lang))
        return _link_form(link, token, language_of(lang))

    @router.post("/link")
    def use_link(
        request: Request,
        address: Address,
        token: Typed,
        password: Typed,
        again: Typed,
        name: Typed = "",
        display_name: Typed = "",
        lang: Lang = "",
    ) -> Response:
        link: Link | None = None
        try:
            link = accounts.links.look(token, accounts.clock())
            if password != again:
                raise PasswordsDiffer
            if link.purpose is Purpose.ADMINISTRATOR:
                user = accounts.become_administrator(token, _administrator(name, display_name), password, address)
            else:
                user = accounts.set_password_by_link(token, password, address)
            return signed_in(accounts, request, accounts.sign_in(user.plan.name, password, "", address), "/")
        except ServiceError as error:
            if link is None or isinstance(error, BadLink):
                return _refused(error, language_of(lang))
            message = explained(error, language_of(lang))
            page = _link_form(link, token, language_of(lang), message, (name, display_name))
            page.status_code = status_of(error)
            return page

    return router


def _refused(error: ServiceError, language: str) -> Response:
    _ = load_translator().texts(language)
    page = form_page(_("One-time link"), (), language, message=explained(error, language))
    page.status_code = status_of(error)
    return page


def _administrator(name: str, display_name: str) -> UserPlan:
    try:
        return UserPlan(name=name, display_name=display_name or name, roles=frozenset({Role.ADMINISTRATOR}))
    except ValidationError as error:
        first = error.errors()[0]
        raise BadUser(detail=f"{first['loc'][0]}: {first['msg']}") from error


def _link_form(
    link: Link, token: str, language: str, message: Message | None = None, names: tuple[str, str] = ("", "")
) -> Response:
    _ = load_translator().texts(language)
    first = link.purpose is Purpose.ADMINISTRATOR
    who = link.user.plan if link.user else None
    asked = (
        Field(
            "name",
            _("Name to sign in with"),
            value=names[0],
            autocomplete="username",
            hint=_("Letters and digits without blanks, such as zhaomin"),
        ),
        Field("display_name", _("Your name, as histories show it"), value=names[1], autocomplete="name"),
    )
    fields = (
        *(asked if first else ()),
        Field("password", _("New password"), "password", autocomplete="new-password", hint=password_hint(_)),
        Field("again", _("The same again"), "password", autocomplete="new-password"),
        Field("token", value=token),
        Field("lang", value=language),
    )
    title = _("The first administrator") if first else _("Set a password")
    notes = () if who is None else (f"{who.display_name} · {who.name}",)
    form = forms.Form(title, "/link", _("Set the password and sign in"), fields, notes)
    return form_page(_("One-time link"), (form,), language, message=message)
