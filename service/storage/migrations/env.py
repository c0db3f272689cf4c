"""What Alembic runs: migrates over the connection that `service.storage.migrate` hands in."""

from alembic import context

from service.storage import account_tables, camera_tables  # noqa: F401 - bring their tables into the metadata
from service.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter a column; Alembic copies the table instead
)
with context.begin_transaction():
    context.run_migrations()
