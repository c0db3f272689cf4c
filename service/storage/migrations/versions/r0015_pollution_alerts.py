"""Pollution alerts, when a case would be due without them, and the seed of the draw of inspections."""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision: str | None = "r0013"


def upgrade() -> None:
    """Make table and column; what was handed over before keeps its due time until its next step."""
    op.create_table(
        "pollution_alerts",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("starts_at", name="pk_pollution_alerts"),
    )
    op.create_table(
        "office_seed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_office_seed"),
    )
    op.add_column("cases", sa.Column("ordinary_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop both; due times that an alert brought forward stay so until the case's next step."""
    op.drop_column("cases", "ordinary_due_at")
    op.drop_table("office_seed")
    op.drop_table("pollution_alerts")
