"""The cameras' newest news and pictures, and the layouts that were drawn for them."""

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision: str | None = "r0012"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "camera_news",
        *_camera(),
        sa.Column("site_name", sa.Text(), nullable=False),
        sa.Column("camera_name", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("news", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "camera_id", name="pk_camera_news"),
    )
    op.create_table(
        "camera_pictures",
        *_camera(),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "camera_id", name="pk_camera_pictures"),
    )
    op.create_table(
        "camera_layouts",
        *_camera(),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "camera_id", "version", name="pk_camera_layouts"),
    )


def downgrade() -> None:
    """Drop the tables; layouts that were drawn are lost, and edges go on with those they have."""
    for table in ("camera_layouts", "camera_pictures", "camera_news"):
        op.drop_table(table)


def _camera() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("site_id", sa.String(63), nullable=False), sa.Column("camera_id", sa.String(63), nullable=False)
