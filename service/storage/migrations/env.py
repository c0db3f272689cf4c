"""What Alembic runs: migrates over the connection that `service.storage.migrate` hands in."""

from alembic import context

from service.storage import (  # noqa: F401 - bring their tables into the metadata
    account_tables,
    camera_tables,
    claim_tables,
    lease_tables,
)
from service.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter a column; Alembic copies the table instead
)
with context.begin_transaction():
    context.run_migrations()
