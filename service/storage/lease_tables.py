"""The tables of the leases: which node watches which camera, and what has to survive it."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.camera_tables import ID_LENGTH
from service.storage.columns import UtcDateTime
from service.storage.tables import Base


class LeaseRow(Base):
    """One camera's lease, the last one that was given. Rows stay: the token must never fall.

    `chain_...` name the newest package of the camera's chain that came in under a lease.
    """

    __tablename__ = "camera_leases"

    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    token: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chain_number: Mapped[int | None]
    chain_sha256: Mapped[str | None] = mapped_column(String(64))
    chain_package: Mapped[str | None] = mapped_column(String(36))


class CameraMemoryRow(Base):
    """What a camera's watch remembered, as its owner wrote it; `since_case`: cases after this one it may not know."""

    __tablename__ = "camera_memories"

    camera_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    since_case: Mapped[int]
    memory: Mapped[str | None] = mapped_column(Text)
