"""/api/v1/machine-tokens: the tokens of edges and other machines, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.machine_sites import told_token
from service.accounts.principal import MachineScope
from service.accounts.scope import MOST
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address, Visitor
from service.domain.sites import SiteId

TokenName = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.@-]+$")]


class NewToken(BaseModel):
    """What a machine's token is to be called, and used for; `sites` are those that it is good for, none for all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "edge-1", "scopes": ["violations:write", "health:write"], "sites": ["binjiang-1"]}]
        }
    )

    name: TokenName
    scopes: Annotated[frozenset[MachineScope], Field(min_length=1)]
    sites: Annotated[frozenset[SiteId], Field(max_length=MOST)] = frozenset()


class TokenJson(BaseModel):
    """What is known of a token; times are UTC, `used_at` to the minute, null while it was not used.

    Without `sites` it is good for all.
    """

    name: str
    scopes: list[MachineScope]
    sites: list[str]
    created_at: datetime
    used_at: datetime | None


class TokenOnceJson(BaseModel):
    """A new token. It is told only here."""

    name: str
    token: str


def machine_tokens_router(accounts: Accounts) -> APIRouter:
    """Return the routes of the machines' tokens."""
    router = APIRouter(prefix="/api/v1/machine-tokens", tags=["accounts"], route_class=SmallBodyRoute)

    @router.get("", responses=answers(401, 403))
    def list_tokens() -> list[TokenJson]:
        """List the tokens by name."""
        return [
            TokenJson(
                name=each.name,
                scopes=sorted(each.scopes),
                sites=sorted(each.sites),
                created_at=each.created_at,
                used_at=each.used_at,
            )
            for each in accounts.tokens.tokens()
        ]

    @router.post("", status_code=201, responses=answers(401, 403, 409, 413, 422, 503, 507))
    def add_token(body: NewToken, visitor: Visitor, address: Address) -> TokenOnceJson:
        """Make a token. It can't be changed later: make a new one, and revoke it."""
        entry = accounts.entry(visitor.name, Action.TOKEN_MADE, address, told_token(body.name, body.scopes, body.sites))
        token = accounts.tokens.add(body.name, body.scopes, entry, sites=body.sites)
        return TokenOnceJson(name=body.name, token=token)

    @router.delete("/{name}", status_code=204, responses=answers(401, 403, 404, 422, 503, 507))
    def revoke_token(name: Annotated[TokenName, Path()], visitor: Visitor, address: Address) -> None:
        """Make a token worthless, at once."""
        accounts.tokens.revoke(name, accounts.entry(visitor.name, Action.TOKEN_REVOKED, address, name))

    return router
