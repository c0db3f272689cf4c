"""Keeps one-time links: to become the first administrator, to set a password, to sign in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.audit import Entry
from service.accounts.secret_tokens import new_token, token_hash
from service.accounts.users import User, UserPlan
from service.errors import BadLink, UserNameTaken
from service.storage.account_tables import OneTimeLinkRow, UserRow
from service.storage.audit_store import add_entry
from service.storage.credential_store import write_password
from service.storage.database import lock_for_writing, storage_errors
from service.storage.user_store import add_user, has_administrator, user_of


class Purpose(StrEnum):
    """What a link is for."""

    ADMINISTRATOR = "administrator"
    PASSWORD = "password"  # noqa: S105 - no password
    SIGN_IN = "sign-in"


@dataclass(frozen=True)
class Link:
    """A link that is good now; `user` is None for the first administrator's."""

    purpose: Purpose
    user: User | None


class LinkStore:
    """The links' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def issue(self, purpose: Purpose, expires_at: datetime, entry: Entry, user_id: int | None = None) -> str:
        """Return the token of a new link; older ones of the same purpose and user are no longer good."""
        token = new_token()
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            same = (OneTimeLinkRow.purpose == purpose.value, OneTimeLinkRow.user_id.is_not_distinct_from(user_id))
            session.execute(delete(OneTimeLinkRow).where(*same))
            session.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.expires_at <= entry.at))
            row = OneTimeLinkRow(token_sha256=token_hash(token), purpose=purpose.value, user_id=user_id)
            row.expires_at = expires_at
            session.add(row)
            add_entry(session, entry)
        return token

    def look(self, token: str, at: datetime) -> Link:
        """Return what the link is for, and leave it good.

        Raises:
            BadLink: it was used, is too old, or was never given out.
        """
        with Session(self._engine) as session:
            return _link(session, _row(session, token, at))

    def become_administrator(self, token: str, plan: UserPlan, password_hash: str, entry: Entry) -> User:
        """Use the first administrator's link up; it is no good where there is one. Raises BadLink, UserNameTaken."""
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                _use(session, token, entry.at, Purpose.ADMINISTRATOR)
                if has_administrator(session):
                    raise BadLink
                return user_of(add_user(session, plan, entry, password_hash))
        except IntegrityError as error:
            raise UserNameTaken(name=plan.name, display_name=plan.display_name) from error

    def set_password(self, token: str, password_hash: str, entry: Entry) -> User:
        """Use a user's link up: the password is set, every session ended, the second factor off. Raises BadLink."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get_one(UserRow, _use(session, token, entry.at, Purpose.PASSWORD))
            row.totp_secret, row.totp_step = "", 0
            write_password(session, row, password_hash, entry)
            return user_of(row)

    def use_to_sign_in(self, token: str, at: datetime) -> User:
        """Use the link up and return whose it is. Raises BadLink."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            return user_of(session.get_one(UserRow, _use(session, token, at, Purpose.SIGN_IN)))


def _row(session: Session, token: str, at: datetime) -> OneTimeLinkRow:
    row = session.scalar(select(OneTimeLinkRow).where(OneTimeLinkRow.token_sha256 == token_hash(token)))
    if row is None or row.expires_at <= at:
        raise BadLink
    return row


def _link(session: Session, row: OneTimeLinkRow) -> Link:
    user = None if row.user_id is None else user_of(session.get_one(UserRow, row.user_id))
    if user is not None and user.plan.locked:
        raise BadLink
    return Link(Purpose(row.purpose), user)


def _use(session: Session, token: str, at: datetime, purpose: Purpose) -> int | None:
    row = _row(session, token, at)
    if _link(session, row).purpose is not purpose:
        raise BadLink
    user_id = row.user_id
    session.delete(row)
    return user_id
