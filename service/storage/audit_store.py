"""Keeps the audit log, to which entries are only ever added."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.accounts.audit import Action, Entry
from service.storage.account_tables import AuditRow
from service.storage.database import lock_for_writing, storage_errors

MOST_DETAIL = 1000


@dataclass(frozen=True)
class AuditFilter:
    """Which entries to list, from `since` up to, not including, `until` (timezone-aware); None means all."""

    who: str | None = None
    case_id: int | None = None
    action: Action | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditPage:
    """Some entries with their numbers, newest first; `next_cursor` asks for the older ones."""

    entries: tuple[tuple[int, Entry], ...]
    next_cursor: int | None


class AuditStore:
    """The log's only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, entry: Entry) -> None:
        """Add one entry."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            add_entry(session, entry)

    def page(self, wanted: AuditFilter | None = None, *, limit: int = 50, cursor: int | None = None) -> AuditPage:
        """List up to `limit` entries, the newest first, older than `cursor`."""
        wanted = wanted or AuditFilter()
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit + 1)
        if wanted.who is not None:
            query = query.where(AuditRow.who == wanted.who)
        if wanted.case_id is not None:
            query = query.where(AuditRow.case_id == wanted.case_id)
        if wanted.action is not None:
            query = query.where(AuditRow.action == wanted.action.value)
        if wanted.since is not None:
            query = query.where(AuditRow.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(AuditRow.at < wanted.until)
        if cursor is not None:
            query = query.where(AuditRow.id < cursor)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            entries = tuple((row.id, _entry(row)) for row in rows[:limit])
        return AuditPage(entries, entries[-1][0] if len(rows) > limit else None)


def add_entry(session: Session, entry: Entry) -> None:
    """Add the entry in the transaction of what it tells, so that neither is there without the other."""
    session.add(
        AuditRow(
            at=entry.at,
            who=entry.who[:64],
            action=entry.action.value,
            address=entry.address[:64],
            case_id=entry.case_id,
            detail=entry.detail[:MOST_DETAIL],
        )
    )


def _entry(row: AuditRow) -> Entry:
    return Entry(row.at, row.who, Action(row.action), row.address, row.case_id, row.detail)
