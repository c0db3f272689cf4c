"""Keeps sites in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.office.levels import ControlLevel
from service.domain.sites import ResponsibleParty, Site
from service.errors import NoSuchSite, SiteChanged
from service.storage.database import lock_for_writing, storage_errors
from service.storage.scope_rows import in_scope
from service.storage.tables import SiteRow
from vision.evidence.manifest import Position


@dataclass(frozen=True)
class SiteFilter:
    """Which sites to list; None means all."""

    district: str | None = None
    category: str | None = None
    scope: Scope = EVERYWHERE


@dataclass(frozen=True)
class KeptSite:
    """A site as it is kept; `version` grows with every change."""

    site: Site
    version: int


@dataclass(frozen=True)
class SitePage:
    """Some sites by their ids; `next_cursor` asks for those that follow, None when there are none."""

    sites: tuple[KeptSite, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Imported:
    """What taking a list of sites changed, as ids; sites that are kept and not in the list stay."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


class SiteStore:
    """The sites' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, site_id: str) -> KeptSite:
        """Return the site.

        Raises:
            NoSuchSite: there is none of this id.
        """
        with Session(self._engine) as session:
            row = session.get(SiteRow, site_id)
            if row is None:
                raise NoSuchSite(site_id=site_id)
            return _kept(row)

    def page(self, wanted: SiteFilter | None = None, *, limit: int = 50, cursor: str | None = None) -> SitePage:
        """List up to `limit` sites by their ids, after `cursor` (a `next_cursor` of before)."""
        wanted = wanted or SiteFilter()
        query = select(SiteRow).where(*in_scope(wanted.scope, SiteRow.id)).order_by(SiteRow.id).limit(limit + 1)
        if wanted.district is not None:
            query = query.where(SiteRow.district == wanted.district)
        if wanted.category is not None:
            query = query.where(SiteRow.category == wanted.category)
        if cursor is not None:
            query = query.where(SiteRow.id > cursor)
        with Session(self._engine) as session:
            rows = session.scalars(query).all()
            sites = tuple(_kept(row) for row in rows[:limit])
        return SitePage(sites, sites[-1].site.id if len(rows) > limit else None)

    def put(self, site: Site, *, version: int | None = None) -> tuple[KeptSite, bool]:
        """Keep the site, and return it and whether it is new; with a `version`, only when that is the present one.

        Raises:
            SiteChanged: the site has another version, or is not there.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get(SiteRow, site.id, with_for_update=True)
            if version is not None and (row is None or row.version != version):
                raise SiteChanged(site_id=site.id)
            is_new = row is None
            if row is None:
                row = SiteRow(id=site.id, version=0)
                session.add(row)
            if is_new or _kept(row).site != site:
                _write(row, site)
            session.flush()
            return _kept(row), is_new

    def remove(self, site_id: str, *, version: int | None = None) -> None:
        """Forget the site; its cases stay, and name it still.

        Raises:
            NoSuchSite: there is none of this id.
            SiteChanged: the site has another version.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get(SiteRow, site_id, with_for_update=True)
            if row is None:
                raise NoSuchSite(site_id=site_id)
            if version is not None and row.version != version:
                raise SiteChanged(site_id=site_id)
            session.execute(delete(SiteRow).where(SiteRow.id == site_id))

    def take(self, sites: Sequence[Site], *, dry_run: bool = False) -> Imported:
        """Keep every site of the list, all or none; with `dry_run` only tell what would change."""
        new: list[str] = []
        changed: list[str] = []
        same: list[str] = []
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            kept = {row.id: row for row in session.scalars(select(SiteRow).with_for_update())}
            for site in sites:
                row = kept.get(site.id)
                if row is not None and _kept(row).site == site:
                    same.append(site.id)
                    continue
                (new if row is None else changed).append(site.id)
                if not dry_run:
                    row = row or SiteRow(id=site.id, version=0)
                    _write(row, site)
                    session.add(row)
        return Imported(tuple(new), tuple(changed), tuple(same))


_PLAIN_COLUMNS: Sequence[str] = (
    "name",
    "category",
    "district",
    "street",
    "is_key_area",
    "control_level",
    "point_keeper",
    "point_keeper_contact",
)


def _write(row: SiteRow, site: Site) -> None:
    for name in _PLAIN_COLUMNS:
        setattr(row, name, getattr(site, name))
    row.latitude = site.position.latitude if site.position else None
    row.longitude = site.position.longitude if site.position else None
    row.parties = [party.model_dump(mode="json") for party in site.parties]
    row.version += 1


def _kept(row: SiteRow) -> KeptSite:
    position = None
    if row.latitude is not None and row.longitude is not None:
        position = Position(latitude=row.latitude, longitude=row.longitude)
    # Not checked again: a category that the office's data no longer names must not make its sites unreadable.
    site = Site.model_construct(
        **{name: getattr(row, name) for name in ("id", *_PLAIN_COLUMNS) if name != "control_level"},
        control_level=ControlLevel(row.control_level),
        parties=tuple(ResponsibleParty.model_validate(party) for party in row.parties),
        position=position,
    )
    return KeptSite(site, row.version)
