"""The table of the pollution alerts."""

from datetime import datetime

from sqlalchemy import String, Text
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
