"""Writes look-backs within the transaction of the step that asks for them or makes them void."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.domain.look_backs import LookBack, Occasion, Standing, asked_for_by, makes_void
from service.storage.tables import LookBackRow
from vision.evidence.manifest import DustRule, Outcome


def follow_step(session: Session, entry: HistoryEntry, after: Case, tried_for: timedelta) -> None:
    """Make void what the step makes void, and ask for what it asks for; `after` is the case after the step."""
    if not makes_void(entry.step):
        return
    query = select(LookBackRow).where(LookBackRow.case_id == after.id, LookBackRow.standing == Standing.OPEN.value)
    for row in session.scalars(query):
        settle(row, Standing.VOID, None, entry.at)
    if after.rule in set(DustRule):  # no camera judged it, so none could look back
        return
    asked = asked_for_by(entry, after, tried_for)
    if asked is not None:
        row = LookBackRow(case_id=asked.case_id, number=asked.number, occasion=asked.occasion.value)
        row.due_at, row.until, row.standing = asked.due_at, asked.until, asked.standing.value
        session.add(row)


def settle(row: LookBackRow, standing: Standing, outcome: Outcome | None, at: datetime) -> bool:
    """Write what became of a look-back, and tell whether it was open: only once something comes of it."""
    before = look_back_of(row)
    after = before.settled(standing, outcome, at)
    row.standing, row.settled_at = after.standing.value, after.settled_at
    row.outcome = None if after.outcome is None else after.outcome.value
    return after != before


def look_back_of(row: LookBackRow) -> LookBack:
    """Return the look-back that the row holds."""
    return LookBack(
        case_id=row.case_id,
        number=row.number,
        occasion=Occasion(row.occasion),
        due_at=row.due_at,
        until=row.until,
        standing=Standing(row.standing),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        settled_at=row.settled_at,
    )
