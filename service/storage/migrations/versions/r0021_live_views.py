"""Which cameras somebody looks at live, so that several services at one database know of each other's open pages."""

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision: str | None = "r0020"


def upgrade() -> None:
    """Create the table; it holds a row a camera at most, and nothing that is missed after a crash."""
    op.create_table(
        "live_views",
        sa.Column("site_id", sa.String(63), nullable=False),
        sa.Column("camera_id", sa.String(63), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "camera_id", name="pk_live_views"),
        prefixes=["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else [],
    )
    op.create_index("ix_live_views_looked_at", "live_views", ["looked_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("live_views")
