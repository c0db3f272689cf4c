"""/api/v1/machine-tokens: the tokens of edges and other machines, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address, Visitor

TokenName = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.@-]+$")]


class NewToken(BaseModel):
    """What a machine's token is to be called, and used for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "edge-1", "scopes": ["violations:write", "health:write"]}]}
    )

    name: TokenName
    scopes: Annotated[frozenset[MachineScope], Field(min_length=1)]


class TokenJson(BaseModel):
    """What is known of a token; times are UTC, `used_at` to the minute, null while it was not used."""

    name: str
    scopes: list[MachineScope]
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
            TokenJson(name=each.name, scopes=sorted(each.scopes), created_at=each.created_at, used_at=each.used_at)
            for each in accounts.tokens.tokens()
        ]

    @router.post("", status_code=201, responses=answers(401, 403, 409, 413, 422, 503, 507))
    def add_token(body: NewToken, visitor: Visitor, address: Address) -> TokenOnceJson:
        """Make a token."""
        told = f"{body.name}: {', '.join(sorted(body.scopes))}"
        entry = accounts.entry(visitor.name, Action.TOKEN_MADE, address, told)
        return TokenOnceJson(name=body.name, token=accounts.tokens.add(body.name, body.scopes, entry))

    @router.delete("/{name}", status_code=204, responses=answers(401, 403, 404, 422, 503, 507))
    def revoke_token(name: Annotated[TokenName, Path()], visitor: Visitor, address: Address) -> None:
        """Make a token worthless, at once."""
        accounts.tokens.revoke(name, accounts.entry(visitor.name, Action.TOKEN_REVOKED, address, name))

    return router
