"""Leases of cameras, and what their watches remember, for nodes that take cameras over from each other."""

import sqlalchemy as sa
from alembic import op

revision = "r0018"
down_revision: str | None = "r0016"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "camera_leases",
        sa.Column("camera_id", sa.String(63), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain_number", sa.Integer(), nullable=True),
        sa.Column("chain_sha256", sa.String(64), nullable=True),
        sa.Column("chain_package", sa.String(36), nullable=True),
        sa.PrimaryKeyConstraint("camera_id", name="pk_camera_leases"),
    )
    op.create_table(
        "camera_memories",
        sa.Column("camera_id", sa.String(63), nullable=False),
        sa.Column("since_case", sa.Integer(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("camera_id", name="pk_camera_memories"),
    )


def downgrade() -> None:
    """Drop them: nodes that still run are refused then, and stop."""
    op.drop_table("camera_memories")
    op.drop_table("camera_leases")
