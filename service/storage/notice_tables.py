"""The tables of what is told: notices, who gets them, and how their sending goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.columns import UtcDateTime
from service.storage.tables import Base


class NoticeRow(Base):
    """One thing that happened, written with the step that made it happen. Rows are only ever added."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "kind", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    """The database itself keeps anything from being told twice."""
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class NoticeChannelRow(Base):
    """How far one channel is; notices up to `routed_to` have their deliveries, where they are meant for it."""

    __tablename__ = "notice_channels"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    routed_to: Mapped[int]
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    """In a row, the last one included."""
    rests_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """Nothing is sent before; also while one service sends, so that no other one does."""


class NoticeDeliveryRow(Base):
    """One notice on its way to one channel."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        UniqueConstraint("channel", "notice_id"),
        Index(None, "channel", "state", "attempts", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    channel: Mapped[str] = mapped_column(ForeignKey("notice_channels.name"))
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, server_default=text("''"))
