"""POST /oidc/logout: the identity provider tells that a session has ended there (OpenID back-channel logout)."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Form
from starlette.responses import JSONResponse, Response

from service.accounts.accounts import Accounts
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address
from service.errors import NoOidc, ServiceError
from service.oidc.provider import Provider

log = structlog.get_logger(__name__)


def oidc_logout_router(accounts: Accounts, provider: Provider | None) -> APIRouter:
    """Return the route; its answers are those that the standard asks for, whatever went wrong."""
    router = APIRouter(include_in_schema=False, route_class=SmallBodyRoute)

    @router.post("/oidc/logout")
    def end(address: Address, logout_token: Annotated[str, Form(max_length=20_000)] = "") -> Response:
        headers = {"Cache-Control": "no-store"}
        try:
            if provider is None:
                raise NoOidc
            ended = provider.ended(logout_token)
        except ServiceError as error:
            log.warning("oidc.logout_refused", address=address, problem=type(error).__name__)
            return JSONResponse({"error": "invalid_request"}, 400, headers)
        count = accounts.sign_out_by_provider(ended.subject, ended.session, address)
        log.info("oidc.logged_out", sessions=count)
        return Response(status_code=200, headers=headers)

    return router
