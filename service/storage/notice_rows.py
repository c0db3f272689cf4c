"""Writes what is to be told in the transaction that makes it happen, so that neither is there without the other."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.domain.office.levels import ControlLevel
from service.notices.notice import Notice, NumberedNotice, SiteFacts, found_notice, step_notice
from service.storage.notice_tables import NoticeRow
from service.storage.tables import SiteRow


def tell_found(session: Session, case: Case) -> None:
    """Tell that the case is new."""
    session.add(row_of_notice(found_notice(case, site_facts(session, case.site_id)), case.id))


def tell_step(session: Session, case: Case, entry: HistoryEntry) -> None:
    """Tell the step; `case` is the case after it."""
    session.add(row_of_notice(step_notice(case, entry, site_facts(session, case.site_id)), case.id))


def site_facts(session: Session, site_id: str) -> SiteFacts:
    """Return what notices tell of the site; nothing where it is not in the list."""
    row = session.execute(select(SiteRow.district, SiteRow.control_level).where(SiteRow.id == site_id)).first()
    return SiteFacts() if row is None else SiteFacts(row[0], ControlLevel(row[1]))


def row_of_notice(notice: Notice, case_id: int) -> NoticeRow:
    """Return a new row that holds the notice."""
    content = notice.model_dump(mode="json")
    return NoticeRow(key=notice.key, case_id=case_id, kind=notice.kind, at=notice.at, content=content)


def notice_of(row: NoticeRow) -> NumberedNotice:
    """Return the notice that the row holds."""
    return NumberedNotice(row.id, Notice.model_validate(row.content))
