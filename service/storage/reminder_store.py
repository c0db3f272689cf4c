"""Finds the cases that somebody is to be reminded of, and writes each reminder once."""

from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.due import DueTimes
from service.domain.lifecycle import Step
from service.domain.reminders import Reminder, reminders_due
from service.notices.notice import DUE_SOON, OVERDUE, reminder_key, reminder_notice
from service.notices.reminding import LOOKS_BACK, reach, told_now
from service.storage.case_rows import case_of
from service.storage.database import lock_for_writing, storage_errors
from service.storage.notice_rows import row_of_notice, site_facts
from service.storage.notice_tables import NoticeRow
from service.storage.tables import CaseRow, CaseStepRow


class ReminderStore:
    """The reminders' only way to the database; safe from any thread."""

    def __init__(self, engine: Engine, due_times: DueTimes) -> None:
        self._engine = engine
        self._due_times = due_times

    def remind(self, now: datetime) -> int:
        """Write the reminders that are due and were not written yet; return how many."""
        with Session(self._engine) as session:
            if not self._missing(session, now):
                return 0  # most of the time, and then nobody has to wait for the lock
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            missing = self._missing(session, now)
            for case, reminder in missing:
                notice = reminder_notice(case, reminder, site_facts(session, case.site_id), now)
                session.add(row_of_notice(notice, case.id))
            return len(missing)

    def _missing(self, session: Session, now: datetime) -> list[tuple[Case, Reminder]]:
        before, after = reach(self._due_times)
        is_near = CaseRow.due_at.between(now - after - LOOKS_BACK, now + before)
        cases = {row.id: case_of(row) for row in session.scalars(select(CaseRow).where(is_near))}
        reminders = reminders_due(cases.values(), since=now - LOOKS_BACK, until=now, due_times=self._due_times)
        if not reminders:
            return []
        written = _written(session, now)
        set_at = {case.id: case.received_at for case in cases.values()} | _last_steps(session, is_near)
        found = [(cases[reminder.case_id], reminder) for reminder in told_now(reminders, set_at)]
        return [(case, reminder) for case, reminder in found if reminder_key(case, reminder) not in written]


def _written(session: Session, now: datetime) -> set[str]:
    """Return the keys of the reminders that were written since `LOOKS_BACK`, among them all that may be due now."""
    query = select(NoticeRow.key).where(NoticeRow.kind.in_((DUE_SOON, OVERDUE)), NoticeRow.at >= now - LOOKS_BACK)
    return set(session.scalars(query))


def _last_steps(session: Session, is_near: ColumnElement[bool]) -> dict[int, datetime]:
    """Return when each case's last step was taken, which gave it its due time; notes give none."""
    query = (
        select(CaseStepRow.case_id, func.max(CaseStepRow.at, type_=CaseStepRow.at.type))
        .join(CaseRow, CaseRow.id == CaseStepRow.case_id)
        .where(is_near, CaseStepRow.step != Step.NOTE.value)
        .group_by(CaseStepRow.case_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
