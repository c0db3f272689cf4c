"""Signing in through the identity provider: the way there at `/oidc/sign-in`, and back at `/oidc/callback`."""

import hmac
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from service.accounts.accounts import Accounts
from service.accounts.users import UserPlan
from service.api.problems import status_of
from service.api.visitor import Address
from service.errors import NoOidc, OidcRefused, OidcTooLate, ServiceError
from service.oidc.begun import LIFETIME_S, Begun, Seal
from service.oidc.id_token import BadIdToken, account_name
from service.oidc.provider import Provider, Vouched
from service.oidc.settings import NewUsers, OidcSettings
from service.pages.sign_in_page import explained, language_of, own_path, sign_in_form, signed_in

COOKIE = "dustwatch_oidc"
_PATH = "/oidc"
Told = Annotated[str, Query(max_length=4000)]


def oidc_router(accounts: Accounts, oidc: OidcSettings | None, provider: Provider | None) -> APIRouter:
    """Return both routes; without a provider they lead to the form, which says so."""
    router = APIRouter(include_in_schema=False)
    seal = Seal(oidc.client_secret.get_secret_value() if oidc and oidc.client_secret else "")

    @router.get("/oidc/sign-in")
    def go(
        request: Request,
        next: Annotated[str, Query(max_length=2000)] = "/",  # noqa: A002 - the name in the address
        lang: str = "",
    ) -> Response:
        language, path = language_of(lang, next), own_path(next)
        begun = Begun.now(path, language)
        try:
            if provider is None:
                raise NoOidc
            answer = RedirectResponse(provider.entrance(begun), 303)
        except ServiceError as error:
            return _form(error, language, path, oidc)
        answer.set_cookie(
            COOKIE,
            seal.close(begun, accounts.clock()),
            max_age=LIFETIME_S,
            path=_PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    @router.get("/oidc/callback")
    def come_back(
        request: Request, address: Address, state: Told = "", code: Told = "", error: Told = "", iss: Told = ""
    ) -> Response:
        begun = seal.open(request.cookies.get(COOKIE, ""), accounts.clock())
        language, path = (begun.language, begun.path) if begun else (language_of(""), "/")
        try:
            if oidc is None or provider is None:
                raise NoOidc
            if begun is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
                raise OidcTooLate
            _check(code, error, iss, oidc)
            token = _enter(accounts, oidc, provider.vouched(code, begun), address)
        except ServiceError as problem:
            answer = _form(problem, language, path, oidc)
        else:
            answer = signed_in(accounts, request, token, path)
        answer.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="lax")
        return answer

    return router


def _check(code: str, error: str, iss: str, oidc: OidcSettings) -> None:
    if error or not code:
        raise OidcRefused(detail=error[:60] or "it gave no code")
    if iss and iss != oidc.issuer:  # RFC 9207: the answer to another provider's question
        raise OidcRefused(detail="the answer is another issuer's")


def _enter(accounts: Accounts, oidc: OidcSettings, vouched: Vouched, address: str) -> str:
    try:
        name = account_name(vouched.claims, oidc.claim)
    except BadIdToken as error:
        raise OidcRefused(detail=error) from error
    plan = None if oidc.new_users is None else _plan(name, vouched.claims, oidc.new_users)
    return accounts.sign_in_by_provider(name, address, plan, vouched=vouched.session)


def _plan(name: str, claims: Mapping[str, Any], new: NewUsers) -> UserPlan | None:
    """Return the account to make; None where the name can't be one's. Display names are told apart by the name."""
    told = claims.get("name")
    display_name = f"{told.strip()[:60]} ({name})" if isinstance(told, str) and told.strip() else name
    try:
        return UserPlan(name=name, display_name=display_name, roles=frozenset({new.role}), scope=new.scope)
    except ValidationError:
        return None


def _form(error: ServiceError, language: str, path: str, oidc: OidcSettings | None) -> Response:
    page = sign_in_form(language, path, explained(error, language), oidc=oidc)
    page.status_code = status_of(error)
    return page
