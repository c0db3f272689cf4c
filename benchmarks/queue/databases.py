"""An empty database of either kind, for as long as a measurement takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.service.postgresql_server import run_server

RESULTS = Path(__file__).parents[1] / "results"
DATABASES = ("sqlite", "postgresql")
POSTGRESQL_SETTINGS = ("max_connections=100",)
"""As it comes, so that what was answered survives a power cut."""


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/cases.db"
        return
    with run_server(POSTGRESQL_SETTINGS) as server:
        yield server.new_database()
