"""Observations of cameras' health, and the maintenance cases they lead to."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision: str | None = "r0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "maintenance_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        *_place_and_kind(),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("healthy_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_maintenance_cases"),
        sa.UniqueConstraint("key", name="uq_maintenance_cases_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_maintenance_cases_state_id", "maintenance_cases", ["state", "id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_maintenance_cases_open",
        "maintenance_cases",
        ["camera_id", "kind"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "health_observations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        *_place_and_kind(),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_health_observations"),
        sa.UniqueConstraint("key", name="uq_health_observations_key"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["maintenance_cases.id"], name="fk_health_observations_case_id_maintenance_cases"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_health_observations_camera_id_id", "health_observations", ["camera_id", "id"])
    op.create_index("ix_health_observations_ended_at", "health_observations", ["ended_at"])
    op.create_index("ix_health_observations_case_id", "health_observations", ["case_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("health_observations")
    op.drop_table("maintenance_cases")


def _place_and_kind() -> list[sa.Column[str]]:
    names = ("site_id", "site_name", "camera_id", "camera_name")
    columns: list[sa.Column[str]] = [sa.Column(name, sa.Text(), nullable=False) for name in names]
    return [*columns, sa.Column("kind", sa.String(32), nullable=False)]
