"""/api/v1/account and /api/v1/accounts: who is signed in, and the users, for administrators."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from service.accounts.accounts import Accounts
from service.accounts.scope import Scope
from service.accounts.users import User, UserName, UserPlan
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Address, Visitor
from service.domain.lifecycle import Role
from service.errors import UserNameMismatch

_Name = Annotated[UserName, Path()]


class VisitorJson(BaseModel):
    """Who is signed in."""

    name: str
    display_name: str
    roles: list[Role]
    scope: Scope


class UserJson(BaseModel):
    """A user; `created_at` is UTC. One without a password has not used the link yet that sets it."""

    user: UserPlan
    created_at: datetime
    has_password: bool
    has_second_factor: bool

    @classmethod
    def of(cls, user: User) -> "UserJson":
        """Return the user's JSON."""
        return cls(
            user=user.plan,
            created_at=user.created_at,
            has_password=user.has_password,
            has_second_factor=user.has_totp,
        )


class LinkJson(BaseModel):
    """A path on this server that sets a password, once and within 24 hours. It is told only here: hand it over."""

    link: str


class NewUserJson(BaseModel):
    """A new user, and the link by which the password is set."""

    user: UserJson
    link: str


def link_path(token: str) -> str:
    """Return the path of a one-time link."""
    return f"/link?token={token}"


def accounts_router(accounts: Accounts) -> APIRouter:
    """Return the routes of the users."""
    router = APIRouter(prefix="/api/v1", tags=["accounts"], route_class=SmallBodyRoute)

    @router.get("/account", responses=answers(401))
    def get_account(visitor: Visitor) -> VisitorJson:
        """Tell who is signed in."""
        roles = sorted(visitor.roles)
        return VisitorJson(name=visitor.name, display_name=visitor.display_name, roles=roles, scope=visitor.scope)

    @router.get("/accounts", responses=answers(401, 403))
    def list_users() -> list[UserJson]:
        """List the users by name."""
        return [UserJson.of(user) for user in accounts.users.users()]

    @router.post("/accounts", status_code=201, responses=answers(401, 403, 409, 413, 422, 503, 507))
    def add_user(body: UserPlan, visitor: Visitor, address: Address) -> NewUserJson:
        """Add a user, who has no password until the link was used."""
        user, token = accounts.make_user(body, visitor.name, address)
        return NewUserJson(user=UserJson.of(user), link=link_path(token))

    @router.put("/accounts/{name}", responses=answers(401, 403, 404, 409, 413, 422, 503, 507))
    def change_user(name: _Name, body: UserPlan, visitor: Visitor, address: Address) -> UserJson:
        """Change display name, roles and scope, lock or unlock. The name stays what it is."""
        if body.name != name:
            raise UserNameMismatch
        return UserJson.of(accounts.change_user(body, visitor.name, address))

    @router.post("/accounts/{name}/reset", responses=answers(401, 403, 404, 422, 503, 507))
    def reset_user(name: _Name, visitor: Visitor, address: Address) -> LinkJson:
        """Make a link that sets a new password, which ends the user's sessions and turns the second factor off."""
        return LinkJson(link=link_path(accounts.reset(name, visitor.name, address)))

    return router
