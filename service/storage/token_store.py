"""Keeps machines' tokens, of each its hash alone."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.audit import Entry
from service.accounts.principal import MachineScope, Principal, principal_of_machine
from service.accounts.remembered_tokens import RememberedTokens
from service.accounts.secret_tokens import MACHINE_PREFIX, new_token, token_hash
from service.accounts.sessions import is_to_be_touched
from service.errors import NoSuchToken, StorageBusy, StorageFull, TokenNameTaken
from service.storage.account_tables import MachineTokenRow
from service.storage.audit_store import add_entry
from service.storage.database import lock_for_writing, storage_errors


@dataclass(frozen=True)
class MachineToken:
    """What is known of a token; times are UTC, `used_at` to the minute. Without `sites` it is good for all."""

    name: str
    scopes: frozenset[MachineScope]
    sites: frozenset[str]
    created_at: datetime
    used_at: datetime | None


class TokenStore:
    """The tokens' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._remembered = RememberedTokens()

    def add(
        self, name: str, scopes: Collection[MachineScope], entry: Entry, *, sites: Collection[str] = frozenset()
    ) -> str:
        """Return a new token, which nobody can see again; `sites` are those that it is bound to, none for all.

        Raises:
            TokenNameTaken: another one has the name.
        """
        token = new_token(MACHINE_PREFIX)
        row = MachineTokenRow(name=name, token_sha256=token_hash(token), scopes=sorted(scope.value for scope in scopes))
        row.sites = sorted(sites)
        row.created_at = entry.at
        try:
            with storage_errors(), Session(self._engine) as session, session.begin():
                lock_for_writing(session)
                session.add(row)
                add_entry(session, entry)
        except IntegrityError as error:
            raise TokenNameTaken(name=name) from error
        return token

    def tokens(self) -> tuple[MachineToken, ...]:
        """Return all tokens by name."""
        with Session(self._engine) as session:
            return tuple(_token(row) for row in session.scalars(select(MachineTokenRow).order_by(MachineTokenRow.name)))

    def revoke(self, name: str, entry: Entry) -> None:
        """Make the token worthless.

        Raises:
            NoSuchToken: there is none of this name.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.scalar(select(MachineTokenRow).where(MachineTokenRow.name == name))
            if row is None:
                raise NoSuchToken(name=name)
            session.execute(delete(MachineTokenRow).where(MachineTokenRow.id == row.id))
            add_entry(session, entry)
        self._remembered.forget()

    def principal(self, token: str, at: datetime) -> Principal | None:
        """Return the machine that the token belongs to, None where there is none.

        It may be as it was `REMEMBERED` ago, unless this store has revoked a token meanwhile.
        """
        remembered = self.remembered(token, at)
        if remembered is not None:
            return remembered
        sha256 = token_hash(token)
        principal = self._looked_up(sha256, at)
        if principal is not None:
            self._remembered.put(sha256, principal, at)
        return principal

    def remembered(self, token: str, at: datetime) -> Principal | None:
        """Return the machine that the token belongs to where that was looked up a moment ago; asks no database."""
        return self._remembered.get(token_hash(token), at)

    def _looked_up(self, sha256: str, at: datetime) -> Principal | None:
        with Session(self._engine) as session:
            row = session.scalar(select(MachineTokenRow).where(MachineTokenRow.token_sha256 == sha256))
            if row is None:
                return None
            row_id, used_at, known = row.id, row.used_at, _token(row)
        if used_at is None or is_to_be_touched(used_at, at):
            # A full disk is told by what the machine wants to do, not here.
            with suppress(StorageFull, StorageBusy), storage_errors(), Session(self._engine) as session:
                lock_for_writing(session)
                session.execute(update(MachineTokenRow).where(MachineTokenRow.id == row_id).values(used_at=at))
                session.commit()
        return principal_of_machine(known.name, known.scopes, known.sites)


def _token(row: MachineTokenRow) -> MachineToken:
    known = {scope.value for scope in MachineScope}
    scopes = frozenset(MachineScope(scope) for scope in row.scopes if scope in known)
    return MachineToken(row.name, scopes, frozenset(row.sites or ()), row.created_at, row.used_at)
