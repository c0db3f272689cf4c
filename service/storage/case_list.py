"""Lists cases out of a million: page by page along an index, and as plain lines for exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, literal, select, tuple_
from sqlalchemy.orm import Session

from service.domain.cases import Case, CaseState
from service.storage.case_filter import CaseFilter, conditions
from service.storage.case_rows import case_of
from service.storage.columns import UtcDateTime
from service.storage.list_position import CaseOrder, ListPosition
from service.storage.tables import CaseRow, SiteRow

LINES_AT_ONCE = 1000
"""Lines are read in such portions, each for itself: a slow download holds no transaction open."""


@dataclass(frozen=True)
class ListedCases:
    """Some cases in their order; `next_cursor` asks for those that follow, None when there are none."""

    cases: tuple[Case, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class CaseLine:
    """A case in one line, with what the list of sites tells of its site: empty, and None, where it is not in there.

    Times are UTC, `latitude` and `longitude` are WGS84 degrees.
    """

    id: int
    key: str
    rule: str
    state: CaseState
    site_id: str
    site_name: str
    camera_id: str
    camera_name: str
    opened_at: datetime
    received_at: datetime
    due_at: datetime | None
    assigned_to: str
    changed_by: str
    version: int
    measures: dict[str, float]
    district: str
    street: str
    category: str
    level: str
    latitude: float | None
    longitude: float | None


class CaseList:
    """Finds cases; changes nothing. Safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def page(
        self, wanted: CaseFilter, *, order: CaseOrder = CaseOrder.FOUND, limit: int = 50, cursor: str | None = None
    ) -> ListedCases:
        """List up to `limit` cases after `cursor` (a `next_cursor` of before, of the same order).

        Raises:
            BadCursor: it is none.
        """
        after = None if cursor is None else ListPosition.of_cursor(cursor, order)
        with Session(self._engine) as session:
            query = _ordered(select(CaseRow), order, after).where(*conditions(session, wanted)).limit(limit + 1)
            rows = session.scalars(query).all()
            cases = tuple(case_of(row) for row in rows[:limit])
        if len(rows) <= limit:
            return ListedCases(cases, None)
        last = cases[-1]
        at = last.opened_at if order is CaseOrder.FOUND else last.due_at
        assert at is not None
        return ListedCases(cases, ListPosition(order, at, last.id).cursor())

    def lines(self, wanted: CaseFilter, *, at_once: int = LINES_AT_ONCE) -> Iterator[CaseLine]:
        """Return every case that the filter finds, the last found first; what comes in meanwhile may be left out."""
        after: ListPosition | None = None
        while True:
            with Session(self._engine) as session:
                query = _ordered(_LINES, CaseOrder.FOUND, after).where(*conditions(session, wanted)).limit(at_once)
                lines = [_line(dict(row)) for row in session.execute(query).mappings()]
            yield from lines
            if len(lines) < at_once:
                return
            after = ListPosition(CaseOrder.FOUND, lines[-1].opened_at, lines[-1].id)


_CASE_COLUMNS = (
    *("id", "key", "rule", "state", "site_id", "site_name", "camera_id", "camera_name"),
    *("opened_at", "received_at", "due_at", "assigned_to", "changed_by", "version", "measures"),
)
_SITE_TEXTS = {"district": "district", "street": "street", "category": "category", "level": "control_level"}
_LINES = select(
    *(getattr(CaseRow, name) for name in _CASE_COLUMNS),
    *(getattr(SiteRow, column).label(name) for name, column in _SITE_TEXTS.items()),
    SiteRow.latitude,
    SiteRow.longitude,
).outerjoin(SiteRow, SiteRow.id == CaseRow.site_id)


def _ordered(query: Select[Any], order: CaseOrder, after: ListPosition | None) -> Select[Any]:
    column: ColumnElement[Any] = (CaseRow.opened_at if order is CaseOrder.FOUND else CaseRow.due_at).expression
    place = tuple_(column, CaseRow.id)
    # The same row of columns as the index has, so that either database goes straight to the place.
    last = None if after is None else tuple_(literal(after.at, UtcDateTime()), literal(after.case_id))
    if order is CaseOrder.FOUND:
        query = query.order_by(column.desc(), CaseRow.id.desc())
        return query if last is None else query.where(place < last)
    query = query.where(column.is_not(None)).order_by(column, CaseRow.id)
    return query if last is None else query.where(place > last)


def _line(values: dict[str, Any]) -> CaseLine:
    values["state"] = CaseState(values["state"])
    for name in _SITE_TEXTS:
        values[name] = values[name] or ""
    return CaseLine(**values)
