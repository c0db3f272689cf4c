"""Keeps what people sign in with: passwords' hashes, second factors, wrong tries, and sessions."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from service.accounts.audit import Entry
from service.accounts.lockout import heard_from
from service.accounts.secret_tokens import token_hash
from service.accounts.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, ProviderSession, is_over, is_to_be_touched
from service.errors import SignInLater, StorageBusy, StorageFull
from service.storage.account_tables import SessionRow, UserRow
from service.storage.audit_store import add_entry
from service.storage.database import lock_for_writing, storage_errors


@dataclass(frozen=True)
class Credentials:
    """What a user signs in with; `totp_secret` is empty where no second factor is used."""

    user_id: int
    password_hash: str
    totp_secret: str
    totp_step: int
    locked: bool


class CredentialStore:
    """The secrets' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin_try(self, name: str, at: datetime) -> Credentials | None:
        """Return what the user of this name signs in with, and count a failure until `enter`; None if there is none.

        The failure is counted first, so that many tries at once are heard no more often than one after the other.

        Raises:
            SignInLater: there were too many failures.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.scalar(select(UserRow).where(UserRow.name == name))
            if row is None:
                return None
            heard = heard_from(row.failures, row.failed_at)
            if heard is not None and at < heard:
                raise SignInLater(seconds=max(1, round((heard - at).total_seconds())))
            row.failures += 1
            row.failed_at = at
            return _credentials(row)

    def enter(
        self,
        user_id: int,
        token: str,
        at: datetime,
        entry: Entry,
        totp_step: int | None = None,
        vouched: ProviderSession | None = None,
    ) -> bool:
        """Begin a session and forget the failures; False where the code of `totp_step` was used meanwhile."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get_one(UserRow, user_id)
            if totp_step is not None:
                if totp_step <= row.totp_step:
                    return False
                row.totp_step = totp_step
            row.failures, row.failed_at = 0, None
            forget_old_sessions(session, at)
            begun = SessionRow(token_sha256=token_hash(token), user_id=user_id, created_at=at, seen_at=at)
            if vouched is not None:
                begun.provider_subject, begun.provider_session = vouched.subject, vouched.session
                begun.id_token = vouched.id_token
            session.add(begun)
            add_entry(session, entry)
            return True

    def user_id_of(self, token: str, at: datetime, *, is_use: bool = True) -> int | None:
        """Return whose session it is, None where it is over or was never one; an idle one ends unless it is used."""
        with Session(self._engine) as session:
            row = session.scalar(select(SessionRow).where(SessionRow.token_sha256 == token_hash(token)))
            if row is None or is_over(row.created_at, row.seen_at, at):
                return None
            session_id, user_id, seen_at = row.id, row.user_id, row.seen_at
        if is_use and is_to_be_touched(seen_at, at):
            # A full disk must not keep anybody from looking.
            with suppress(StorageFull, StorageBusy), storage_errors(), Session(self._engine) as session:
                lock_for_writing(session)
                session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=at))
                session.commit()
        return user_id

    def leave(self, token: str, entry: Entry) -> ProviderSession | None:
        """End the session; return the provider's that it came from, None where there is none."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.scalar(select(SessionRow).where(SessionRow.token_sha256 == token_hash(token)))
            add_entry(session, entry)
            if row is None:
                return None
            session.delete(row)
            if not row.provider_subject:
                return None
            return ProviderSession(row.provider_subject, row.provider_session, row.id_token)

    def end_provider_sessions(self, subject: str, provider_session: str, entry: Callable[[str], Entry]) -> int:
        """End what came from that session at the provider, of that subject; an empty one of both means any.

        `entry` gives the entry of the audit log for a user's name. Returns how many sessions ended.
        """
        asked = ((SessionRow.provider_subject, subject), (SessionRow.provider_session, provider_session))
        wanted = [column == value for column, value in asked if value]
        if not wanted:
            return 0
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            of_users = select(SessionRow, UserRow.name).join(UserRow, UserRow.id == SessionRow.user_id)
            found = session.execute(of_users.where(*wanted)).all()
            for row, name in found:
                session.delete(row)
                add_entry(session, entry(name))
            return len(found)

    def of_user(self, user_id: int) -> Credentials:
        """Return what the user signs in with."""
        with Session(self._engine) as session:
            return _credentials(session.get_one(UserRow, user_id))

    def set_password(self, user_id: int, password_hash: str, entry: Entry, *, keep: str = "") -> None:
        """Set the password and end the user's sessions but that of the token `keep`."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            write_password(session, session.get_one(UserRow, user_id), password_hash, entry, keep=keep)

    def set_totp(self, user_id: int, secret: str, step: int, entry: Entry) -> None:
        """Turn the second factor on, or off with an empty secret; `step` is that of the last code."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get_one(UserRow, user_id)
            row.totp_secret, row.totp_step = secret, step
            row.failures, row.failed_at = 0, None
            add_entry(session, entry)


def write_password(session: Session, row: UserRow, password_hash: str, entry: Entry, *, keep: str = "") -> None:
    """Set the password in this transaction, and end the user's sessions but that of the token `keep`."""
    row.password_hash, row.failures, row.failed_at = password_hash, 0, None
    end_sessions(session, row.id, keep=keep)
    add_entry(session, entry)


def end_sessions(session: Session, user_id: int, *, keep: str = "") -> None:
    """End the user's sessions in this transaction, but that of the token `keep`."""
    session.execute(
        delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.token_sha256 != token_hash(keep))
    )


def forget_old_sessions(session: Session, at: datetime) -> None:
    """Delete the sessions that are over anyway, so that the table stays small."""
    longest: timedelta = max(IDLE_LIMIT, ABSOLUTE_LIMIT)
    session.execute(delete(SessionRow).where(SessionRow.created_at < at - longest))


def _credentials(row: UserRow) -> Credentials:
    return Credentials(row.id, row.password_hash, row.totp_secret, row.totp_step, row.locked)
