"""Which model found a case, and indexes that statistics are counted on."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision: str | None = "r0015"

_OF_CASES = ["opened_at", "rule", "site_id", "camera_id", "state", "model", "due_at"]
_OF_STEPS = ["step", "at", "case_id"]
_OF_LATE = ["case_id", "at", "was_due_at"]


def upgrade() -> None:
    """Add the column and the indexes; of cases before, the model stays unknown."""
    op.add_column("cases", sa.Column("model", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_cases_counted", "cases", _OF_CASES)
    op.create_index("ix_case_steps_step_at_case_id", "case_steps", _OF_STEPS)
    late = sa.text("at > was_due_at")
    op.create_index("ix_case_steps_late", "case_steps", _OF_LATE, sqlite_where=late, postgresql_where=late)


def downgrade() -> None:
    """Drop them; which model found a case is still told by its manifest."""
    op.drop_index("ix_case_steps_late", "case_steps")
    op.drop_index("ix_case_steps_step_at_case_id", "case_steps")
    op.drop_index("ix_cases_counted", "cases")
    op.drop_column("cases", "model")
