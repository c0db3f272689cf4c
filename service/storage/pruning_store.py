"""Removes what nobody needs any more by its age: notices that were told, answers to requests that may come again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Engine, delete, exists, func, select
from sqlalchemy.orm import Session

from service.storage.bulk_steps import KEPT
from service.storage.database import lock_for_writing, storage_errors
from service.storage.notice_store import DeliveryState
from service.storage.notice_tables import NoticeDeliveryRow, NoticeRow
from service.storage.tables import BulkStepsRow

NOTICES_KEPT = timedelta(days=90)
"""How long events can be taken up again, and how long it is kept which channel was told."""
AT_ONCE = 2000
"""Notices of one transaction: others wait for it."""
_STILL_NEEDED = (DeliveryState.WAITING.value, DeliveryState.GIVEN_UP.value)


@dataclass(frozen=True)
class Pruned:
    """How many rows went."""

    notices: int
    requests: int


class PruningStore:
    """Deletes; safe from any thread. Cases and their histories are never touched."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def prune(self, now: datetime) -> Pruned:
        """Delete what is too old at `now` (aware), some thousand rows a transaction, and return how many went.

        The newest notice stays, whatever its age, since numbers are told by it; so do notices on their way to a
        channel, and those that were given up until somebody has taken note of it.
        """
        notices = 0
        while (gone := self._prune_notices(now - NOTICES_KEPT)) > 0:
            notices += gone
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            requests = _count(session, delete(BulkStepsRow).where(BulkStepsRow.at < now - KEPT))
        return Pruned(notices, requests)

    def _prune_notices(self, before: datetime) -> int:
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            newest = session.scalar(select(func.max(NoticeRow.id))) or 0
            query = select(NoticeRow.id).where(NoticeRow.at < before, NoticeRow.id < newest, ~_is_needed())
            ids = session.scalars(query.order_by(NoticeRow.id).limit(AT_ONCE)).all()
            if not ids:
                return 0
            session.execute(delete(NoticeDeliveryRow).where(NoticeDeliveryRow.notice_id.in_(ids)))
            return _count(session, delete(NoticeRow).where(NoticeRow.id.in_(ids)))


def _is_needed() -> ColumnElement[bool]:
    return exists().where(NoticeDeliveryRow.notice_id == NoticeRow.id, NoticeDeliveryRow.state.in_(_STILL_NEEDED))


def _count(session: Session, statement: Any) -> int:  # noqa: ANN401 - any DELETE
    return cast(CursorResult[Any], session.execute(statement)).rowcount
