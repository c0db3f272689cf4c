"""Which session at the identity provider a session here came from, so that either can end the other."""

import sqlalchemy as sa
from alembic import op

revision = "r0020"
down_revision: str | None = "r0018"


def upgrade() -> None:
    """Add the columns; sessions that go on are as if they came from no provider."""
    op.add_column("sessions", sa.Column("provider_subject", sa.String(255), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("provider_session", sa.String(255), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("id_token", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_sessions_provider_subject", "sessions", ["provider_subject"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_sessions_provider_subject", "sessions")
    for column in ("id_token", "provider_session", "provider_subject"):
        op.drop_column("sessions", column)
