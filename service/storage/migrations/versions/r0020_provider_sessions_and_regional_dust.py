"""Which session at the identity provider a session here came from; and the region's dust by the hour."""

import sqlalchemy as sa
from alembic import op

revision = "r0020"
down_revision: str | None = "r0018"


def upgrade() -> None:
    """Add columns and table; sessions that go on are as if they came from no provider."""
    op.add_column("sessions", sa.Column("provider_subject", sa.String(255), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("provider_session", sa.String(255), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("id_token", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_sessions_provider_subject", "sessions", ["provider_subject"])
    op.create_table(
        "regional_dust",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pm10_ug_m3", sa.Float(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hour", name="pk_regional_dust"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("regional_dust")
    op.drop_index("ix_sessions_provider_subject", "sessions")
    for column in ("id_token", "provider_session", "provider_subject"):
        op.drop_column("sessions", column)
