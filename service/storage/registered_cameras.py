"""Looks up at which sites cameras are known: by what edges told of them, else by what they found there last."""

from collections.abc import Collection
from typing import TypeAlias

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.storage.camera_tables import CameraNewsRow
from service.storage.tables import CaseRow, HealthObservationRow

_Found: TypeAlias = type[CaseRow] | type[HealthObservationRow]


class RegisteredCameras:
    """Reads alone; safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sites_of(self, camera_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """Return the sites of each camera that is known; a camera that moved has all at which it was told about.

        What an edge that tells no news has found counts where nobody told about the camera: its newest case, and its
        newest observation.
        """
        known: dict[str, set[str]] = {}
        news = select(CameraNewsRow.camera_id, CameraNewsRow.site_id).where(CameraNewsRow.camera_id.in_(camera_ids))
        with Session(self._engine) as session:
            for camera_id, site_id in session.execute(news):
                known.setdefault(camera_id, set()).add(site_id)
            untold = set(camera_ids) - known.keys()
            for found in (CaseRow, HealthObservationRow) if untold else ():
                for camera_id, site_id in _newest(session, found, untold):
                    known.setdefault(camera_id, set()).add(site_id)
        return {camera_id: frozenset(sites) for camera_id, sites in known.items()}


def _newest(session: Session, found: _Found, camera_ids: Collection[str]) -> list[tuple[str, str]]:
    newest = select(func.max(found.id)).where(found.camera_id.in_(camera_ids)).group_by(found.camera_id)
    rows = session.execute(select(found.camera_id, found.site_id).where(found.id.in_(newest)))
    return [(camera_id, site_id) for camera_id, site_id in rows]
