"""The tables of the cameras: their newest news and picture, and the layouts that were drawn for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.columns import UtcDateTime
from service.storage.tables import Base

ID_LENGTH = 63


class CameraNewsRow(Base):
    """What was told last about a camera. Overwritten each time."""

    __tablename__ = "camera_news"
    __table_args__ = (Index(None, "camera_id"),)

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    site_name: Mapped[str] = mapped_column(Text)
    camera_name: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    news: Mapped[dict[str, Any]] = mapped_column(JSON)


class CameraPictureRow(Base):
    """A camera's newest picture as JPEG. Overwritten each time."""

    __tablename__ = "camera_pictures"

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)


class LiveViewRow(Base):
    """When somebody looked at a camera live last, at whichever service of this database. Overwritten each time."""

    __tablename__ = "live_views"

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CameraLayoutRow(Base):
    """One version of what is drawn on a camera's picture. Rows are only ever added."""

    __tablename__ = "camera_layouts"

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    layout: Mapped[dict[str, Any]] = mapped_column(JSON)
