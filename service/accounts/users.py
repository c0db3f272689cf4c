"""A user: name, roles and scope. The password is not here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.lifecycle import Role
from service.domain.sites import FilledLine

USER_ROLES = frozenset(Role) - {Role.MACHINE}
"""What people can be."""
UserName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=2, max_length=64, pattern=r"^[\w.@-]+$"),
]
"""What is typed in to sign in; upper and lower case are the same."""
DisplayName = Annotated[FilledLine, Field(max_length=100)]
"""What the histories of cases show; no two users share one."""


class UserPlan(BaseModel):
    """What an administrator decides about a user. Administrators see everything, others what their scope holds."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "wang", "display_name": "王工", "roles": ["inspector"], "scope": {"districts": ["滨江区"]}}
            ]
        },
    )

    name: UserName
    display_name: DisplayName
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    scope: Scope = Scope()
    locked: bool = False

    @model_validator(mode="after")
    def _roles_are_for_people(self) -> Self:
        if not self.roles <= USER_ROLES:
            message = "the role machine is for tokens"
            raise ValueError(message)
        return self

    @property
    def reach(self) -> Scope:
        """The scope that counts: an administrator's is everywhere."""
        return EVERYWHERE if Role.ADMINISTRATOR in self.roles else self.scope


@dataclass(frozen=True)
class User:
    """A user as kept; times are UTC."""

    id: int
    plan: UserPlan
    created_at: datetime
    has_password: bool
    has_totp: bool


def told(plan: UserPlan) -> str:
    """Return what the audit log tells of a user's plan, in one line."""
    reach = plan.reach
    where = "everywhere" if reach.everywhere else ", ".join(sorted({*reach.districts, *reach.streets, *reach.sites}))
    locked = "; locked" if plan.locked else ""
    return f"{plan.name} ({plan.display_name}): {', '.join(sorted(plan.roles))}; {where or 'nowhere'}{locked}"
