"""Keeps users: who they are and what they may do. Their passwords are the subject of `credential_store`."""

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.audit import Entry
from service.accounts.scope import Scope
from service.accounts.users import User, UserPlan
from service.domain.lifecycle import Role
from service.errors import LastAdministrator, NoSuchUser, UserNameTaken
from service.storage.account_tables import UserRow
from service.storage.audit_store import add_entry
from service.storage.credential_store import end_sessions
from service.storage.database import lock_for_writing, storage_errors


class UserStore:
    """The users' only way to the database. Every method is one transaction and safe from any thread.

    Changes are given the `entry` of the audit log that tells of them.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, plan: UserPlan, entry: Entry) -> User:
        """Add a user without a password.

        Raises:
            UserNameTaken: another user has the name or the display name.
        """
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                row = add_user(session, plan, entry)
                return user_of(row)
        except IntegrityError as error:
            raise UserNameTaken(name=plan.name, display_name=plan.display_name) from error

    def get(self, name: str) -> User:
        """Return the user of this name.

        Raises:
            NoSuchUser: there is none.
        """
        with Session(self._engine) as session:
            return user_of(row_of_user(session, name))

    def by_id(self, user_id: int) -> User | None:
        """Return the user of this number, None where there is none."""
        with Session(self._engine) as session:
            row = session.get(UserRow, user_id)
            return None if row is None else user_of(row)

    def users(self) -> tuple[User, ...]:
        """Return all users by name."""
        with Session(self._engine) as session:
            return tuple(user_of(row) for row in session.scalars(select(UserRow).order_by(UserRow.name)))

    def has_administrator(self) -> bool:
        """Tell whether anybody can administer: an administrator who has a password and is not locked."""
        with Session(self._engine) as session:
            return has_administrator(session)

    def change(self, plan: UserPlan, entry: Entry) -> User:
        """Take over what the plan says of the user of its name; locking ends the user's sessions.

        Raises:
            NoSuchUser: there is none of this name.
            UserNameTaken: another user has the display name.
            LastAdministrator: nobody would be left to administer.
        """
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                row = row_of_user(session, plan.name)
                had = has_administrator(session)
                _write(row, plan)
                session.flush()
                if had and not has_administrator(session):
                    raise LastAdministrator(name=plan.name)
                if plan.locked:
                    end_sessions(session, row.id)
                add_entry(session, entry)
                session.flush()
                return user_of(row)
        except IntegrityError as error:
            raise UserNameTaken(name=plan.name, display_name=plan.display_name) from error


def add_user(session: Session, plan: UserPlan, entry: Entry, password_hash: str = "") -> UserRow:
    """Add the user and the entry in this transaction."""
    row = UserRow(
        name=plan.name, created_at=entry.at, password_hash=password_hash, totp_secret="", totp_step=0, failures=0
    )
    _write(row, plan)
    session.add(row)
    add_entry(session, entry)
    session.flush()
    return row


def row_of_user(session: Session, name: str) -> UserRow:
    """Return the row of the user of this name. Raises NoSuchUser."""
    row = session.scalar(select(UserRow).where(UserRow.name == name))
    if row is None:
        raise NoSuchUser(name=name)
    return row


def has_administrator(session: Session) -> bool:
    """Tell whether there is an administrator who has a password and is not locked."""
    rows = session.scalars(select(UserRow).where(UserRow.locked.is_(False)))
    return any(Role.ADMINISTRATOR.value in row.roles and row.password_hash for row in rows)


def user_of(row: UserRow) -> User:
    """Return the user that a row holds."""
    scope = Scope.model_construct(
        everywhere=row.everywhere,
        districts=frozenset(row.districts),
        streets=frozenset(row.streets),
        sites=frozenset(row.sites),
    )
    # Not checked again: a rule for names that became stricter must not shut anybody out.
    plan = UserPlan.model_construct(
        name=row.name,
        display_name=row.display_name,
        roles=frozenset(Role(role) for role in row.roles),
        scope=scope,
        locked=row.locked,
    )
    return User(row.id, plan, row.created_at, bool(row.password_hash), bool(row.totp_secret))


def _write(row: UserRow, plan: UserPlan) -> None:
    row.display_name, row.locked = plan.display_name, plan.locked
    row.roles = sorted(role.value for role in plan.roles)
    row.everywhere = plan.scope.everywhere
    row.districts, row.streets = sorted(plan.scope.districts), sorted(plan.scope.streets)
    row.sites = sorted(plan.scope.sites)
