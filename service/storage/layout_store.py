"""Keeps every version of what was drawn on the cameras' pictures."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.config.layout import CameraLayout
from service.domain.camera_news import CameraKey
from service.domain.kept_layout import KeptLayout
from service.errors import LayoutChanged
from service.storage.camera_tables import CameraLayoutRow
from service.storage.database import lock_for_writing, storage_errors

REVISION_S = 2.0


class LayoutStore:
    """The layouts' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._revision: tuple[str, float] | None = None

    def revision(self) -> str:
        """Return what changes with every layout that is saved; it may be `REVISION_S` old, unless this store saved it.

        A city's edges ask hundreds of times a second, and layouts are saved a few times a day.
        """
        known, now = self._revision, self._monotonic()
        if known is not None and 0 <= now - known[1] < REVISION_S:
            return known[0]
        with Session(self._engine) as session:
            count, last = session.execute(select(func.count(), func.max(CameraLayoutRow.at))).one()
        revision = f"{count}.{0 if last is None else last.timestamp():.6f}"
        self._revision = (revision, now)
        return revision

    def versions(self, key: CameraKey) -> tuple[KeptLayout, ...]:
        """Return every version of a camera, the newest first; none where nothing was ever saved."""
        query = select(CameraLayoutRow).filter_by(site_id=key.site_id, camera_id=key.camera_id)
        with Session(self._engine) as session:
            rows = session.scalars(query.order_by(CameraLayoutRow.version.desc()))
            return tuple(_kept(row) for row in rows)

    def newest(self, camera_ids: Sequence[str]) -> tuple[KeptLayout, ...]:
        """Return the newest version of each of these cameras that has one, whatever their sites."""
        columns = (CameraLayoutRow.site_id, CameraLayoutRow.camera_id)
        last = select(*columns, func.max(CameraLayoutRow.version).label("version"))
        last_of = last.where(CameraLayoutRow.camera_id.in_(camera_ids)).group_by(*columns).subquery()
        is_last = (
            (CameraLayoutRow.site_id == last_of.c.site_id)
            & (CameraLayoutRow.camera_id == last_of.c.camera_id)
            & (CameraLayoutRow.version == last_of.c.version)
        )
        with Session(self._engine) as session:
            rows = session.scalars(select(CameraLayoutRow).join(last_of, is_last).order_by(*columns))
            return tuple(_kept(row) for row in rows)

    def save(
        self, key: CameraKey, layout: CameraLayout, *, by: str, note: str, at: datetime, after: int | None = None
    ) -> KeptLayout:
        """Keep a new version; `after` is the version that it was drawn from, 0 for none, None for whichever.

        Raises:
            LayoutChanged: somebody saved another one meanwhile.
        """
        which = {"site_id": key.site_id, "camera_id": key.camera_id}
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            last = session.scalar(select(func.max(CameraLayoutRow.version)).filter_by(**which)) or 0
            if after is not None and after != last:
                raise LayoutChanged(camera_id=key.camera_id, version=last)
            row = CameraLayoutRow(**which, version=last + 1, at=at, by=by, note=note)
            row.layout = layout.model_dump(mode="json")
            session.add(row)
            session.flush()
            kept = _kept(row)
        self._revision = None
        return kept


def _kept(row: CameraLayoutRow) -> KeptLayout:
    key = CameraKey(site_id=row.site_id, camera_id=row.camera_id)
    return KeptLayout(key, row.version, row.at, row.by, row.note, CameraLayout.model_validate(row.layout))
