"""Sites, and one history of every step of a case, which takes in the reviews of before."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision: str | None = "r0005"

_REVIEWS_TO_STEPS = """
INSERT INTO case_steps (id, case_id, number, step, before, after, actor, role, at, reason, party, correction)
SELECT id, case_id, number, decision, coalesce(lag(after) OVER (PARTITION BY case_id ORDER BY id), 'found'), after,
       reviewer, 'reviewer', decided_at, reason, '', correction
FROM (
    SELECT reviews.*, row_number() OVER (PARTITION BY case_id ORDER BY id) AS number,
           CASE decision WHEN 'confirm' THEN 'confirmed' WHEN 'reject' THEN 'rejected' ELSE 'found' END AS after
    FROM reviews
) AS numbered
ORDER BY id
"""
_CASES_FROM_STEPS = """
UPDATE cases SET
    version = (SELECT count(*) FROM case_steps WHERE case_steps.case_id = cases.id),
    changed_by = coalesce(
        (SELECT actor FROM case_steps WHERE case_steps.case_id = cases.id ORDER BY number DESC LIMIT 1), ''
    )
"""
_STEPS_TO_REVIEWS = """
INSERT INTO reviews (id, case_id, decision, reason, reviewer, decided_at, correction)
SELECT id, case_id, step, reason, actor, at, correction FROM case_steps
WHERE step IN ('confirm', 'reject', 'undo') ORDER BY id
"""
_STATES_OF_BEFORE = """
UPDATE cases SET state = CASE
    WHEN state = 'unsure' THEN 'found'
    WHEN state IN ('withdrawn', 'merged') THEN 'rejected'
    ELSE 'confirmed' END
WHERE state NOT IN ('found', 'confirmed', 'rejected')
"""


def upgrade() -> None:
    """Make the tables, take every review into the history, and only then drop the reviews."""
    op.add_column("cases", sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("cases", sa.Column("changed_by", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("cases", sa.Column("assigned_to", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("cases", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_cases_due_at", "cases", ["due_at"])
    _create_case_steps()
    _create_sites()
    op.execute(_REVIEWS_TO_STEPS)
    op.execute(_CASES_FROM_STEPS)
    _continue_numbers("case_steps")
    op.drop_index("ix_reviews_case_id", "reviews")
    op.drop_table("reviews")


def downgrade() -> None:
    """Go back to reviews; steps other than decisions, sites and due times are lost."""
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("correction", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reviews_case_id_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviews_case_id", "reviews", ["case_id"])
    op.execute(_STEPS_TO_REVIEWS)
    _continue_numbers("reviews")
    op.execute(_STATES_OF_BEFORE)
    op.drop_table("case_steps")
    op.drop_table("sites")
    op.drop_index("ix_cases_due_at", "cases")
    for name in ("due_at", "assigned_to", "changed_by", "version"):
        op.drop_column("cases", name)


def _create_case_steps() -> None:
    op.create_table(
        "case_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("before", sa.String(16), nullable=False),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("target_case_id", sa.Integer(), nullable=True),
        sa.Column("correction", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("attachments", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_steps"),
        sa.UniqueConstraint("case_id", "number", name="uq_case_steps_case_id_number"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_steps_case_id_cases"),
        sa.ForeignKeyConstraint(["target_case_id"], ["cases.id"], name="fk_case_steps_target_case_id_cases"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_steps_target_case_id", "case_steps", ["target_case_id"])


def _create_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("is_key_area", sa.Boolean(), nullable=False),
        sa.Column("control_level", sa.String(1), nullable=False),
        sa.Column("point_keeper", sa.Text(), nullable=False),
        sa.Column("point_keeper_contact", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
    )
    op.create_index("ix_sites_district_id", "sites", ["district", "id"])


def _continue_numbers(table: str) -> None:
    """Let PostgreSQL give numbers beyond the ones that were copied; SQLite does so by itself."""
    if op.get_bind().dialect.name == "postgresql":
        newest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"  # noqa: S608 - our own two tables
        op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest}, false)")
