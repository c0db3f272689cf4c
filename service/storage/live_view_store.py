"""Tells other services at the same database which cameras are looked at live here, and learns it from them."""

from datetime import datetime

from sqlalchemy import Engine, Table, select
from sqlalchemy.orm import Session

from service.domain.camera_news import CameraKey
from service.domain.live_views import LOOKS_FOR, LiveViews
from service.storage.camera_tables import LiveViewRow
from service.storage.database import storage_errors
from service.storage.upsert import put_rows


class LiveViewStore:
    """One for a service's own `LiveViews`; safe from any thread."""

    def __init__(self, engine: Engine, live: LiveViews) -> None:
        self._engine = engine
        self._live = live

    def exchange(self, now: datetime) -> None:
        """Tell the looks that others do not know of, and take over theirs; `now` is UTC.

        What could not be told is lost, and told by the page's next look.
        """
        told = [{**key.model_dump(), "looked_at": at} for key, at in self._live.untold().items()]
        recent = select(LiveViewRow).where(LiveViewRow.looked_at > now - LOOKS_FOR)
        with storage_errors(), Session(self._engine) as session, session.begin():
            if told:  # in the order of their keys, so that no two services wait for each other
                rows = sorted(told, key=lambda row: (str(row["site_id"]), str(row["camera_id"])))
                put_rows(session, _TABLE, rows, unless_newer="looked_at")
            looks = {
                CameraKey(site_id=row.site_id, camera_id=row.camera_id): row.looked_at
                for row in session.scalars(recent)
            }
        self._live.hear(looks)


_TABLE: Table = LiveViewRow.metadata.tables["live_views"]
