"""Notices of what is new, the channels they go to, and their deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision: str | None = "r0008"


def upgrade() -> None:
    """Create the tables; what happened before is not told any more."""
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("key", name="uq_notices_key"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notices_case_id", "notices", ["case_id"])
    op.create_index("ix_notices_kind_at", "notices", ["kind", "at"])
    op.create_table(
        "notice_channels",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("routed_to", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_notice_channels"),
    )
    op.create_table(
        "notice_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("id", name="pk_notice_deliveries"),
        sa.UniqueConstraint("channel", "notice_id", name="uq_notice_deliveries_channel_notice_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notice_deliveries_notice_id_notices"),
        sa.ForeignKeyConstraint(
            ["channel"], ["notice_channels.name"], name="fk_notice_deliveries_channel_notice_channels"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_deliveries_notice_id", "notice_deliveries", ["notice_id"])
    op.create_index(
        "ix_notice_deliveries_channel_state_attempts_id", "notice_deliveries", ["channel", "state", "attempts", "id"]
    )


def downgrade() -> None:
    """Drop the tables, and with them what was not told yet."""
    op.drop_table("notice_deliveries")
    op.drop_table("notice_channels")
    op.drop_table("notices")
