"""Claims: which inspector's page shows which case."""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision: str | None = "r0011"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "case_claims",
        sa.Column("case_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_claims"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_claims_case_id_cases"),
    )
    op.create_index("ix_case_claims_holder", "case_claims", ["holder"])
    op.create_index("ix_case_claims_until", "case_claims", ["until"])


def downgrade() -> None:
    """Drop the table: claims last two minutes."""
    op.drop_table("case_claims")
