"""Brings a database to the newest schema; needs no alembic.ini."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from service.storage.write_lock import take_write_lock

_SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Return Alembic's configuration, made in code so that it works from an installed package too."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade_to_head(engine: Engine) -> None:
    """Run every migration that the database has not seen yet, in one transaction; of two services one migrates."""
    config = alembic_config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # a large migration of another one may take long
        take_write_lock(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
