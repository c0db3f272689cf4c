"""Who a request comes from: a user, a machine, or anybody where there are no accounts."""

from dataclasses import dataclass
from enum import StrEnum

from service.accounts.scope import EVERYWHERE, Scope
from service.accounts.users import USER_ROLES, User
from service.domain.cases import CaseState
from service.domain.lifecycle import Actor, Role, Step, possible_steps
from service.errors import StepNotAllowed

SCOPE_KEY = "dustwatch.principal"
"""Where the guard leaves the principal in a request's ASGI scope."""
AGAIN_KEY = "dustwatch.again"
"""Where it leaves the question who asks now, for answers that go on for long."""


class MachineScope(StrEnum):
    """What a machine's token may be used for."""

    VIOLATIONS_WRITE = "violations:write"
    HEALTH_WRITE = "health:write"
    CASES_READ = "cases:read"
    EVIDENCE_READ = "evidence:read"
    SITES_WRITE = "sites:write"


class Kind(StrEnum):
    """What sort of somebody it is."""

    USER = "user"
    MACHINE = "machine"
    ANYBODY = "anybody"


@dataclass(frozen=True)
class Principal:
    """Who acts, in which roles, and which sites they may see; `display_name` is what histories show."""

    kind: Kind
    name: str
    display_name: str
    roles: frozenset[Role]
    scope: Scope
    machine_scopes: frozenset[MachineScope] = frozenset()

    @property
    def is_bound(self) -> bool:
        """Whether it is a machine whose token is good for some sites alone."""
        return self.kind is Kind.MACHINE and not self.scope.everywhere

    @property
    def is_anybody(self) -> bool:
        """Whether there are no accounts, so that names are what people say they are."""
        return self.kind is Kind.ANYBODY

    def called(self, typed: str) -> str:
        """Return the name to write down; `typed` counts only where there are no accounts."""
        return typed if self.is_anybody else self.display_name

    def may(self, state: CaseState) -> tuple[Step, ...]:
        """Return the steps that one of the roles may take with a case in this state, in the order of the table."""
        if self.is_anybody:
            return possible_steps(state, Role.REVIEWER)
        found = {step for role in self.roles for step in possible_steps(state, role)}
        return tuple(step for step in Step if step in found)

    def actor(self, state: CaseState, step: Step, *, typed: str = "", wanted: Role | None = None) -> Actor:
        """Return who takes the step, in the role that was wanted, or else in one that may take it.

        Raises:
            StepNotAllowed: they do not have the role that was wanted.
        """
        if self.is_anybody:
            return Actor(typed, wanted or Role.REVIEWER)
        if wanted is not None and wanted not in self.roles:
            raise StepNotAllowed(role=wanted, step=step)
        roles = [role for role in Role if role in self.roles]
        fit = next((role for role in roles if step in possible_steps(state, role)), None)
        # Without a role that fits, the life cycle itself says what is wrong.
        return Actor(self.display_name, wanted or fit or (roles[0] if roles else Role.MACHINE))


ANYBODY = Principal(Kind.ANYBODY, "", "", USER_ROLES, EVERYWHERE)
"""Everybody, where there are no accounts."""


def principal_of_user(user: User) -> Principal:
    """Return the principal that a user is."""
    plan = user.plan
    return Principal(Kind.USER, plan.name, plan.display_name, plan.roles, plan.reach)


def principal_of_machine(name: str, scopes: frozenset[MachineScope], sites: frozenset[str] = frozenset()) -> Principal:
    """Return the principal that a machine is; it acts in no role, and sees what its token's scopes let it see.

    With `sites` it is bound to them; without, it is good for all.
    """
    reach = Scope(sites=sites) if sites else EVERYWHERE
    return Principal(Kind.MACHINE, name, name, frozenset(), reach, scopes)
