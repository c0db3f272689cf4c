"""Finds the cases that somebody is to be reminded of, and writes each reminder once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, func, or_, select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.due import DueTimes
from service.domain.lifecycle import Step
from service.domain.reminders import Reminder, reminders_due
from service.notices.notice import DUE_SOON, OVERDUE, SiteFacts, reminder_key, reminder_notice
from service.notices.reminding import LOOKS_BACK, distances, told_now
from service.storage.case_rows import case_of
from service.storage.database import lock_for_writing, storage_errors
from service.storage.notice_rows import row_of_notice, site_facts
from service.storage.notice_tables import NoticeRow
from service.storage.tables import CaseRow, CaseStepRow

OVERLAP = timedelta(minutes=10)
"""So much of what was looked through is looked through again: steps are written a little after the time they name."""
AT_ONCE = 200
"""Reminders of one transaction: other writers wait for it."""
_VERSIONS = select(CaseRow.id, CaseRow.version)


class ReminderStore:
    """The reminders' only way to the database; safe from any thread."""

    def __init__(self, engine: Engine, due_times: DueTimes) -> None:
        self._engine = engine
        self._due_times = due_times
        self._told_until: datetime | None = None

    def remind(self, now: datetime) -> int:
        """Write the reminders that are due and were not written yet; return how many."""
        since = max(now - LOOKS_BACK, (self._told_until or now - LOOKS_BACK) - OVERLAP)
        with Session(self._engine) as session:
            missing = self._missing(session, since, now)
        written = sum(self._write(missing[i : i + AT_ONCE], now) for i in range(0, len(missing), AT_ONCE))
        self._told_until = now
        return written

    def _missing(self, session: Session, since: datetime, now: datetime) -> list[tuple[Case, Reminder]]:
        falls = or_(*(CaseRow.due_at.between(since - each, now - each) for each in distances(self._due_times)))
        cases = {row.id: case_of(row) for row in session.scalars(select(CaseRow).where(falls))}
        reminders = reminders_due(cases.values(), since=since, until=now, due_times=self._due_times)
        if not reminders:
            return []
        set_at = {case.id: case.received_at for case in cases.values()} | _last_steps(session, falls)
        written = _written(session, since)
        found = [(cases[reminder.case_id], reminder) for reminder in told_now(reminders, set_at)]
        return [(case, reminder) for case, reminder in found if reminder_key(case, reminder) not in written]

    def _write(self, missing: Sequence[tuple[Case, Reminder]], now: datetime) -> int:
        """Write reminders, but for those of cases that have moved on meanwhile, and those that others wrote."""
        keys = [reminder_key(case, reminder) for case, reminder in missing]
        sites: dict[str, SiteFacts] = {}
        count = 0
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            ids = [case.id for case, _ in missing]
            versions = {row[0]: row[1] for row in session.execute(_VERSIONS.where(CaseRow.id.in_(ids)))}
            written = set(session.scalars(select(NoticeRow.key).where(NoticeRow.key.in_(keys))))
            for (case, reminder), key in zip(missing, keys, strict=True):
                if key in written or versions.get(case.id) != case.version:
                    continue
                if case.site_id not in sites:
                    sites[case.site_id] = site_facts(session, case.site_id)
                notice = reminder_notice(case, reminder, sites[case.site_id], now)
                session.add(row_of_notice(notice, case.id))
                count += 1
        return count


def _written(session: Session, since: datetime) -> set[str]:
    """Return the keys of the reminders that were written since then, among them all that fell since then."""
    query = select(NoticeRow.key).where(NoticeRow.kind.in_((DUE_SOON, OVERDUE)), NoticeRow.at >= since)
    return set(session.scalars(query))


def _last_steps(session: Session, falls: ColumnElement[bool]) -> dict[int, datetime]:
    """Return when each case's last step was taken, which gave it its due time; notes give none."""
    query = (
        select(CaseStepRow.case_id, func.max(CaseStepRow.at, type_=CaseStepRow.at.type))
        .join(CaseRow, CaseRow.id == CaseStepRow.case_id)
        .where(falls, CaseStepRow.step != Step.NOTE.value)
        .group_by(CaseStepRow.case_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
