"""Turns a scope into conditions of queries, and looks up whether a single row is in one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Engine, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.accounts.access import Row
from service.accounts.scope import Scope
from service.storage.tables import CaseRow, MaintenanceCaseRow, SiteRow

Condition = ColumnElement[bool]
_SITE_COLUMN: Mapping[Row, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    Row.CASE: (CaseRow.id, CaseRow.site_id),
    Row.MAINTENANCE_CASE: (MaintenanceCaseRow.id, MaintenanceCaseRow.site_id),
}


def in_scope(scope: Scope, site_id: InstrumentedAttribute[str]) -> tuple[Condition, ...]:
    """Return the conditions that keep the rows whose column `site_id` names a site of the scope; none for all."""
    if scope.everywhere:
        return ()
    wanted: list[Condition] = [site_id.in_(sorted(scope.sites))]
    places: list[Condition] = []
    if scope.districts:
        places.append(SiteRow.district.in_(sorted(scope.districts)))
    for district, _, street in (each.partition("/") for each in sorted(scope.streets)):
        places.append((SiteRow.district == district) & (SiteRow.street == street))
    if places:
        wanted.append(site_id.in_(select(SiteRow.id).where(or_(*places))))
    return (or_(*wanted),)


class ScopeRows:
    """Answers whether what a path names is in a scope. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sites(self, scope: Scope) -> frozenset[str] | None:
        """Return the listed sites of the scope, None for all."""
        if scope.everywhere:
            return None
        with Session(self._engine) as session:
            return frozenset(session.scalars(select(SiteRow.id).where(*in_scope(scope, SiteRow.id))))

    def allows(self, scope: Scope, row: Row, name: str) -> bool:
        """Tell whether the row is in the scope; `name` is its number, or a site's id. What is not there is not."""
        if scope.everywhere:
            return True
        with Session(self._engine) as session:
            if row is Row.SITE:
                return _allows_site(session, scope, name)
            if not (name.isascii() and name.isdecimal() and len(name) < 10):
                return False
            number, site_id = _SITE_COLUMN[row]
            site = session.scalar(select(site_id).where(number == int(name)))
            return site is not None and _allows_site(session, scope, site)


def _allows_site(session: Session, scope: Scope, site_id: str) -> bool:
    place: Any = session.execute(select(SiteRow.district, SiteRow.street).where(SiteRow.id == site_id)).one_or_none()
    return scope.allows(site_id) if place is None else scope.allows(site_id, place.district, place.street)
