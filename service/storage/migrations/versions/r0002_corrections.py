"""Reviews may carry a correction: what the inspector drew."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision: str | None = "r0001"


def upgrade() -> None:
    """Add the column; the reviews of before have none."""
    op.add_column("reviews", sa.Column("correction", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop the column, and with it what was drawn."""
    op.drop_column("reviews", "correction")
