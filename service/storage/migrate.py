"""Brings a database to the newest schema; needs no alembic.ini."""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from service.storage.write_lock import take_write_lock

log = structlog.get_logger(__name__)

_SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Return Alembic's configuration, made in code so that it works from an installed package too."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade_to_head(engine: Engine) -> None:
    """Run every migration that the database has not seen yet, in one transaction; of two services one migrates.

    Tells the log where a database that held something was migrated.
    """
    config = alembic_config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # a large migration of another one may take long
        take_write_lock(connection)
        config.attributes["connection"] = connection
        before = _revision(connection)
        command.upgrade(config, "head")
        after = _revision(connection)
    if before not in {None, after}:
        log.info("database.migrated", revision_before=before, revision=after)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
