"""Legal holds, and the list of evidence that was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision: str | None = "r0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_legal_holds_case_id_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_legal_holds_case_id", "legal_holds", ["case_id"])
    op.create_table(
        "evidence_deletions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_deletions"),
        sa.UniqueConstraint("case_id", name="uq_evidence_deletions_case_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_deletions_case_id_cases"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables, and with them who held and deleted what."""
    op.drop_table("evidence_deletions")
    op.drop_table("legal_holds")
