"""Dust monitors and their readings."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision: str | None = "r0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "dust_instruments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("site_name", sa.Text(), nullable=False),
        sa.Column("minutes_per_record", sa.Integer(), nullable=False),
        sa.Column("last_measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_dust_instruments"),
        sa.UniqueConstraint("number", name="uq_dust_instruments_number"),
    )
    op.create_index("ix_dust_instruments_site_id", "dust_instruments", ["site_id"])
    op.create_table(
        "dust_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dust_readings"),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["dust_instruments.id"], name="fk_dust_readings_instrument_id_dust_instruments"
        ),
        sa.UniqueConstraint(
            "instrument_id", "period", "measured_at", name="uq_dust_readings_instrument_id_period_measured_at"
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("dust_readings")
    op.drop_table("dust_instruments")
