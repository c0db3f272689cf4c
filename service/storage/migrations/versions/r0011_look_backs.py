"""Look-backs that cameras are asked for, and what the pictures that answer them show."""

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision: str | None = "r0010"


def upgrade() -> None:
    """Create the table; cases that were reported or closed before are looked back at after their next such step."""
    op.add_column("later_packages", sa.Column("outcome", sa.String(16), nullable=True))
    op.create_table(
        "look_backs",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_look_backs"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_look_backs_case_id_cases"),
    )
    op.create_index("ix_look_backs_standing_due_at", "look_backs", ["standing", "due_at"])


def downgrade() -> None:
    """Drop the table, and with it what is still asked for; the pictures stay."""
    op.drop_table("look_backs")
    op.drop_column("later_packages", "outcome")
