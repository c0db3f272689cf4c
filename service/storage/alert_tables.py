"""The tables of what the office tells: pollution alerts, the region's dust, and the seed of the draw of inspections."""

from datetime import datetime

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.columns import UtcDateTime
from service.storage.tables import Base


class PollutionAlertRow(Base):
    """A time of one level; times do not overlap, and `ends_at` is null while it goes on."""

    __tablename__ = "pollution_alerts"

    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    level: Mapped[str] = mapped_column(String(16))
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegionalDustRow(Base):
    """The region's PM10 of one hour, by the hour's beginning."""

    __tablename__ = "regional_dust"

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    pm10_ug_m3: Mapped[float] = mapped_column(Float)
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfficeSeedRow(Base):
    """The one text by which the turn of key-area projects is drawn."""

    __tablename__ = "office_seed"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seed: Mapped[str] = mapped_column(String(64))
