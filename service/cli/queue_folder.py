"""Opens the case queue of a data folder for commands that work beside the service."""

import os
from pathlib import Path

from sqlalchemy import Engine

from service.accounts.accounts import Accounts
from service.cli.serve import DATABASE_NAME, EVIDENCE_FOLDER, sqlite_url
from service.cli.serve_options import BUCKET_VARIABLE, DATABASE_VARIABLE
from service.clock import utc_now
from service.errors import NoQueue
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_bucket import open_evidence
from service.storage.evidence_folder import EvidenceFolder
from service.storage.site_store import SiteStore


def open_queue(data: Path, url: str | None = None) -> CaseStore:
    """Return the queue at the SQLAlchemy URL, or else at that of the environment, or else in the folder.

    Raises:
        NoQueue: there is none in the folder.
        DatabaseUnusable: it can't be opened.
    """
    return CaseStore(_open(data, url))


def open_sites(data: Path, url: str | None = None) -> SiteStore:
    """Return the sites of the queue; where it is, and what is raised: as for `open_queue`."""
    return SiteStore(_open(data, url))


def open_accounts(data: Path, url: str | None = None) -> Accounts:
    """Return the accounts of the queue; where it is, and what is raised: as for `open_queue`."""
    return Accounts(_open(data, url), utc_now)


def open_queue_evidence(data: Path) -> EvidenceFolder:
    """Return the queue's evidence: in the bucket of the environment, or else in the folder. Raises EvidenceUnusable."""
    return open_evidence(data / EVIDENCE_FOLDER, os.environ.get(BUCKET_VARIABLE))


def _open(data: Path, url: str | None) -> Engine:
    url = url or os.environ.get(DATABASE_VARIABLE)
    if not url and not (data / DATABASE_NAME).is_file():
        raise NoQueue(folder=data)
    return open_database(url or sqlite_url(data))
