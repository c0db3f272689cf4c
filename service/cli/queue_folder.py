"""Opens the case queue of a data folder for commands that work beside the service."""

from pathlib import Path

from sqlalchemy import Engine

from service.cli.serve import DATABASE_NAME
from service.errors import NoQueue
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.site_store import SiteStore


def open_queue(data: Path, url: str | None = None) -> CaseStore:
    """Return the queue at the SQLAlchemy URL, or else in the folder. Raises NoQueue or DatabaseUnusable."""
    return CaseStore(_open(data, url))


def open_sites(data: Path, url: str | None = None) -> SiteStore:
    """Return the sites of the queue at the URL, or else in the folder. Raises NoQueue or DatabaseUnusable."""
    return SiteStore(_open(data, url))


def _open(data: Path, url: str | None) -> Engine:
    database = data / DATABASE_NAME
    if url is None and not database.is_file():
        raise NoQueue(folder=data)
    return open_database(url or f"sqlite:///{database.resolve()}")
