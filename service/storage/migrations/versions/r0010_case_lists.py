"""Indexes for lists and reports, when a step had been due, and the answers of steps on many cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision: str | None = "r0009"

_NEW_INDEXES = (
    ("cases", ("opened_at", "id")),
    ("cases", ("state", "opened_at", "id")),
    ("cases", ("site_id", "opened_at", "id")),
    ("cases", ("camera_id", "opened_at", "id")),
    ("cases", ("assigned_to", "opened_at", "id")),
    ("cases", ("due_at", "id")),
    ("case_steps", ("at",)),
    ("case_steps", ("was_due_at",)),
)
_AWAITS = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Make the column, the indexes and the table; of steps before, when they had been due is not known."""
    op.add_column("case_steps", sa.Column("was_due_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_cases_due_at", "cases")
    op.drop_index("ix_cases_camera_id_id", "cases")
    for table, columns in _NEW_INDEXES:
        op.create_index(_name(table, columns), table, list(columns))
    awaits = ["state", "due_at", "id"]
    op.create_index(_name("cases", awaits), "cases", awaits, sqlite_where=_AWAITS, postgresql_where=_AWAITS)
    op.create_table(
        "bulk_steps",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_bulk_steps"),
    )
    op.create_index("ix_bulk_steps_at", "bulk_steps", ["at"])


def downgrade() -> None:
    """Drop them; when steps had been due is lost."""
    op.drop_index("ix_bulk_steps_at", "bulk_steps")
    op.drop_table("bulk_steps")
    op.drop_index("ix_cases_state_due_at_id", "cases")
    for table, columns in _NEW_INDEXES:
        op.drop_index(_name(table, columns), table)
    op.create_index("ix_cases_camera_id_id", "cases", ["camera_id", "id"])
    op.create_index("ix_cases_due_at", "cases", ["due_at"])
    op.drop_column("case_steps", "was_due_at")


def _name(table: str, columns: Sequence[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
