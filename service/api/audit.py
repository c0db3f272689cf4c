"""/api/v1/audit: who signed in, looked at evidence and changed accounts, for administrators."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from service.accounts.audit import Action, Entry
from service.api.case_query import FIRST_DAY, LAST_DAY, begin_of
from service.api.inputs import MAX_ID, Cursor, Limit
from service.api.problems import answers
from service.storage.audit_store import AuditFilter, AuditStore

COLUMNS = ("id", "at", "who", "action", "address", "case_id", "detail")
_PAGE = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_Who = Annotated[str | None, Query(max_length=64)]
_Since = Annotated[
    date | None, Query(alias="from", ge=FIRST_DAY, le=LAST_DAY, description="The first day (Asia/Shanghai)")
]
_Until = Annotated[
    date | None, Query(alias="to", ge=FIRST_DAY, le=LAST_DAY, description="The last day, included (Asia/Shanghai)")
]
_Case = Annotated[int | None, Query(ge=1, le=MAX_ID)]


class EntryJson(BaseModel):
    """An entry; `at` is UTC, `case_id` null where no case was looked at."""

    id: int
    at: datetime
    who: str
    action: Action
    address: str
    case_id: int | None
    detail: str


class AuditJson(BaseModel):
    """Some entries, the newest first; `next_cursor` asks for the older ones."""

    items: list[EntryJson]
    next_cursor: int | None


def audit_router(store: AuditStore) -> APIRouter:
    """Return the routes of the audit log."""
    router = APIRouter(prefix="/api/v1", tags=["accounts"])

    @router.get("/audit", responses=answers(401, 403, 422))
    def list_entries(
        who: _Who = None,
        case: _Case = None,
        action: Action | None = None,
        since: _Since = None,
        until: _Until = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> AuditJson:
        """List entries, the newest first."""
        page = store.page(audit_filter(who, case, action, since, until), limit=limit, cursor=cursor)
        return AuditJson(items=[_json(number, entry) for number, entry in page.entries], next_cursor=page.next_cursor)

    @router.get("/audit.csv", response_class=StreamingResponse, responses=answers(401, 403, 422))
    def export_entries(
        who: _Who = None,
        case: _Case = None,
        action: Action | None = None,
        since: _Since = None,
        until: _Until = None,
    ) -> StreamingResponse:
        """Return all entries as a table, the newest first, that spreadsheets open with their Chinese intact."""
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"', "Cache-Control": "no-store"}
        lines = _csv(store, audit_filter(who, case, action, since, until))
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def audit_filter(
    who: str | None, case: int | None, action: Action | None, first: date | None, last: date | None
) -> AuditFilter:
    """Return the filter; the days are the office's, both included."""
    since = None if first is None else begin_of(first)
    until = None if last is None else begin_of(last + timedelta(days=1))
    return AuditFilter(who, case, action, since, until)


def _json(number: int, entry: Entry) -> EntryJson:
    return EntryJson(id=number, **vars(entry))


def _csv(store: AuditStore, wanted: AuditFilter) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)
    cursor: int | None = None
    while True:
        page = store.page(wanted, limit=_PAGE, cursor=cursor)
        for number, entry in page.entries:
            case = "" if entry.case_id is None else str(entry.case_id)
            cells = (str(number), entry.at.isoformat(), entry.who, entry.action.value, entry.address, case)
            yield _line((*cells, entry.detail))
        cursor = page.next_cursor
        if cursor is None:
            return


def _line(cells: tuple[str, ...]) -> str:
    """Return a line of the table; what a spreadsheet would take for a formula is made text."""
    text = io.StringIO()
    csv.writer(text).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return text.getvalue()
