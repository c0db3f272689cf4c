"""Keeps the region's PM10 by the hour, against which the sites' monitors are held."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.storage.alert_tables import RegionalDustRow
from service.storage.database import lock_for_writing, storage_errors


class RegionalDustStore:
    """Every method is one transaction and safe from any thread. Hours are told by their beginning, UTC."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, hour: datetime, pm10_ug_m3: float, who: str, now: datetime) -> bool:
        """Keep an hour's value, or correct it; return whether it is new."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get(RegionalDustRow, hour)
            is_new = row is None
            if row is None:
                row = RegionalDustRow(hour=hour)
                session.add(row)
            row.pm10_ug_m3, row.set_by, row.set_at = pm10_ug_m3, who, now
            return is_new

    def between(self, start: datetime, end: datetime) -> dict[datetime, float]:
        """Return the values in µg/m³ of the hours that begin from `start` on and before `end`, in order."""
        row = RegionalDustRow
        query = select(row.hour, row.pm10_ug_m3).where(row.hour >= start, row.hour < end).order_by(row.hour)
        with Session(self._engine) as session:
            return {found.hour: found.pm10_ug_m3 for found in session.execute(query)}
