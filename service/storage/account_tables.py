"""The tables of the accounts: users, their sessions and links, machines' tokens, and the audit log."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.columns import UtcDateTime
from service.storage.tables import Base


class UserRow(Base):
    """One user. Of the password only the argon2 hash is here; it is empty until one was set."""

    __tablename__ = "users"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(200), unique=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    everywhere: Mapped[bool]
    districts: Mapped[list[str]] = mapped_column(JSON)
    streets: Mapped[list[str]] = mapped_column(JSON)
    sites: Mapped[list[str]] = mapped_column(JSON)
    locked: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    password_hash: Mapped[str] = mapped_column(Text)
    totp_secret: Mapped[str] = mapped_column(String(64))
    """Empty where no second factor is used."""
    totp_step: Mapped[int]
    """The time step of the last code that was accepted."""
    failures: Mapped[int]
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """One session of a user, until it is ended."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    provider_subject: Mapped[str] = mapped_column(String(255), default="", server_default=text("''"), index=True)
    """Whom the identity provider vouched for; empty for who signed in by a password or a link."""
    provider_session: Mapped[str] = mapped_column(String(255), default="", server_default=text("''"))
    id_token: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class OneTimeLinkRow(Base):
    """One link that was given out: to become the first administrator, to set a password, or to sign in."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MachineTokenRow(Base):
    """One machine's token, until it is revoked."""

    __tablename__ = "machine_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    sites: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """The sites that it is bound to; without any, also None as in tokens of before, it is good for all."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """One entry of the audit log. Rows are only ever added; the database itself refuses anything else."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "who", "id"),
        Index(None, "case_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(64))
    # No foreign key: an entry stays whatever becomes of the case.
    case_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text)
