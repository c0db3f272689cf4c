"""Machines' tokens that are good for some sites alone, and a quick look-up of the sites at which a camera is known."""

import sqlalchemy as sa
from alembic import op

revision = "r0022"
down_revision: str | None = "r0021"


def upgrade() -> None:
    """Add column and index; tokens that are there stay good for all sites."""
    op.add_column("machine_tokens", sa.Column("sites", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("ix_camera_news_camera_id", "camera_news", ["camera_id"])


def downgrade() -> None:
    """Drop them, and the tokens that were bound: without the column each would be good for the whole city."""
    tokens = sa.table("machine_tokens", sa.column("id", sa.Integer), sa.column("sites", sa.JSON))
    bound = [number for number, sites in op.get_bind().execute(sa.select(tokens.c.id, tokens.c.sites)) if sites]
    op.execute(sa.delete(tokens).where(tokens.c.id.in_(bound)))
    op.drop_index("ix_camera_news_camera_id", "camera_news")
    op.drop_column("machine_tokens", "sites")
