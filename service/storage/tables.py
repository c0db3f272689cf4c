"""The tables: sites, cases and their history, observations and maintenance cases, dust monitors' readings."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from service.storage.columns import UtcDateTime


class Base(DeclarativeBase):
    """All tables; constraints have names, so that migrations can find them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


_AWAITS = text("due_at IS NOT NULL")
_WAS_LATE = text("at > was_due_at")


class CaseRow(Base):
    """One case. The finding is written once; state, version, who, party and due time follow its steps."""

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "rule", "id"),
        Index(None, "camera_id", "opened_at", "id"),
        Index(None, "due_at", "id"),
        Index(None, "state", "due_at", "id", sqlite_where=_AWAITS, postgresql_where=_AWAITS),
        Index(None, "opened_at", "id"),
        Index(None, "state", "opened_at", "id"),
        Index(None, "site_id", "opened_at", "id"),
        Index(None, "assigned_to", "opened_at", "id"),
        # Statistics are counted on this index alone, without the rows.
        Index("ix_cases_counted", "opened_at", "rule", "site_id", "camera_id", "state", "model", "due_at"),
        # A case number is never given twice, not even after the last row was removed by hand.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    rule: Mapped[str] = mapped_column(String(64))
    site_id: Mapped[str] = mapped_column(Text)
    site_name: Mapped[str] = mapped_column(Text)
    camera_id: Mapped[str] = mapped_column(Text)
    camera_name: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    measures: Mapped[dict[str, float]] = mapped_column(JSON)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    folder: Mapped[str] = mapped_column(String(64))
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(Text, server_default=text("''"))
    version: Mapped[int] = mapped_column(server_default=text("0"))
    changed_by: Mapped[str] = mapped_column(Text, server_default=text("''"))
    assigned_to: Mapped[str] = mapped_column(Text, server_default=text("''"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ordinary_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it would be due without a pollution alert; null but for what a party was handed."""
    later: Mapped[list["LaterPackageRow"]] = relationship(lazy="selectin", order_by="LaterPackageRow.number")


class LaterPackageRow(Base):
    """One later picture of a case. Rows are only ever added."""

    __tablename__ = "later_packages"
    __table_args__ = (
        Index("ix_later_packages_case_id", "case_id", "number", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(String(36), unique=True)
    number: Mapped[int]
    stage: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    measures: Mapped[dict[str, float]] = mapped_column(JSON)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    folder: Mapped[str] = mapped_column(String(64))
    manifest_sha256: Mapped[str] = mapped_column(String(64))


class LookBackRow(Base):
    """One look-back that a case's camera is asked for; its number is that of the picture that answers."""

    __tablename__ = "look_backs"
    __table_args__ = (Index(None, "standing", "due_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    standing: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseStepRow(Base):
    """One step of a case's history. Rows are only ever added."""

    __tablename__ = "case_steps"
    __table_args__ = (
        # The database itself keeps two people from taking the same step of a case.
        UniqueConstraint("case_id", "number"),
        Index(None, "at"),
        Index(None, "was_due_at"),
        Index(None, "step", "at", "case_id"),
        Index("ix_case_steps_late", "case_id", "at", "was_due_at", sqlite_where=_WAS_LATE, postgresql_where=_WAS_LATE),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    number: Mapped[int]
    step: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    party: Mapped[str] = mapped_column(Text)
    target_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    correction: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attachments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    was_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When what the step did had been due; null where nothing was, and for steps that nothing awaits."""


class BulkStepsRow(Base):
    """The answer to steps that were taken with many cases at once, by the key of the request."""

    __tablename__ = "bulk_steps"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answer: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class SiteRow(Base):
    """One site; `id` is that of the edges' configuration, and cases may name sites that are not here."""

    __tablename__ = "sites"
    __table_args__ = (Index(None, "district", "id"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(32))
    district: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text)
    is_key_area: Mapped[bool]
    control_level: Mapped[str] = mapped_column(String(1))
    point_keeper: Mapped[str] = mapped_column(Text)
    point_keeper_contact: Mapped[str] = mapped_column(Text)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    parties: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int]


class HealthObservationRow(Base):
    """One observation of a camera that does not work as it should; end and figures follow the edge's reports."""

    __tablename__ = "health_observations"
    __table_args__ = (
        Index(None, "camera_id", "id"),
        Index(None, "ended_at"),
        Index(None, "case_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    site_id: Mapped[str] = mapped_column(Text)
    site_name: Mapped[str] = mapped_column(Text)
    camera_id: Mapped[str] = mapped_column(Text)
    camera_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    figures: Mapped[dict[str, float]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("maintenance_cases.id"))
    """The maintenance case that it opened or joined; it never opens another one."""


class MaintenanceCaseRow(Base):
    """One maintenance case."""

    __tablename__ = "maintenance_cases"
    __table_args__ = (
        Index(None, "state", "id"),
        # The database itself keeps two servers from opening the same case at once.
        Index(
            "uq_maintenance_cases_open",
            "camera_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    site_id: Mapped[str] = mapped_column(Text)
    site_name: Mapped[str] = mapped_column(Text)
    camera_id: Mapped[str] = mapped_column(Text)
    camera_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    healthy_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class DustInstrumentRow(Base):
    """One dust monitor. Its password is not here."""

    __tablename__ = "dust_instruments"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(Text)
    site_id: Mapped[str] = mapped_column(Text, index=True)
    site_name: Mapped[str] = mapped_column(Text)
    minutes_per_record: Mapped[int] = mapped_column()
    last_measured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DustReadingRow(Base):
    """What one dust monitor measured at one time, whatever number of packets told it."""

    __tablename__ = "dust_readings"
    __table_args__ = (
        # It makes sending again harmless, and finds a span of time.
        UniqueConstraint("instrument_id", "period", "measured_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("dust_instruments.id"))
    period: Mapped[str] = mapped_column(String(16))
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    factors: Mapped[dict[str, Any]] = mapped_column(JSON)


class LegalHoldRow(Base):
    """Evidence that must stay. A row's release is written once."""

    __tablename__ = "legal_holds"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvidenceDeletionRow(Base):
    """Evidence that was deleted. Rows are only ever added."""

    __tablename__ = "evidence_deletions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    key: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(16))
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime)
