"""Later pictures of cases: packages that follow the first one."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision: str | None = "r0003"


def upgrade() -> None:
    """Create the table; the cases of before have no later pictures."""
    op.create_table(
        "later_packages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("folder", sa.String(64), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_later_packages"),
        sa.UniqueConstraint("key", name="uq_later_packages_key"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_later_packages_case_id_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_later_packages_case_id", "later_packages", ["case_id", "number"], unique=True)


def downgrade() -> None:
    """Drop the table; the packages themselves stay in the evidence folder."""
    op.drop_table("later_packages")
