"""The demonstration's own accounts: an administrator with a random password, and tokens for its edge and itself."""

import secrets
from dataclasses import dataclass

from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.passwords import hash_password
from service.accounts.principal import MachineScope
from service.accounts.users import UserPlan, told
from service.api.accounts import link_path
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.storage.database import open_database

NAME = "demo"
DEMO = "dustwatch demo"
EDGE_SCOPES = (MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE)


@dataclass(frozen=True)
class DemoAccess:
    """What lets people and processes into the demonstration; `link` is a path that signs in once."""

    password: str
    link: str
    edge_token: str
    reader_token: str


def make_access(database_url: str) -> DemoAccess:
    """Make the accounts in a new database."""
    engine = open_database(database_url)
    accounts = Accounts(engine, utc_now)
    plan = UserPlan(name=NAME, display_name="演示", roles=frozenset({Role.ADMINISTRATOR}))
    user = accounts.users.add(plan, accounts.entry(DEMO, Action.USER_MADE, detail=told(plan)))
    password = secrets.token_urlsafe(12)
    entry = accounts.entry(DEMO, Action.PASSWORD_SET, detail=NAME)
    accounts.credentials.set_password(user.id, hash_password(password), entry)
    access = DemoAccess(
        password=password,
        link=link_path(accounts.sign_in_link(NAME, DEMO)),
        edge_token=_token(accounts, "demo-edge", EDGE_SCOPES),
        reader_token=_token(accounts, "demo-reader", (MachineScope.CASES_READ,)),
    )
    engine.dispose()
    return access


def _token(accounts: Accounts, name: str, scopes: tuple[MachineScope, ...]) -> str:
    return accounts.tokens.add(name, scopes, accounts.entry(DEMO, Action.TOKEN_MADE, detail=name))
