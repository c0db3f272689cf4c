"""Makes cases of the database's rows."""

from collections.abc import Sequence

from service.domain.cases import Case, CaseState, EvidenceItem, LaterPackage
from service.storage.tables import CaseRow, LaterPackageRow
from vision.evidence.manifest import Outcome, Stage

PLAIN_COLUMNS: Sequence[str] = (
    "key",
    "rule",
    "site_id",
    "site_name",
    "camera_id",
    "camera_name",
    "opened_at",
    "received_at",
    "folder",
    "manifest_sha256",
    "model",
)
"""Columns of a case that are written once and hold what the domain holds."""
LATER_COLUMNS: Sequence[str] = ("key", "number", "captured_at", "received_at", "folder", "manifest_sha256")
MOVING_COLUMNS: Sequence[str] = ("state", "version", "changed_by", "assigned_to", "due_at", "ordinary_due_at")
"""Columns that steps change."""


def case_of(row: CaseRow) -> Case:
    """Return the case that a row of the database holds, with its later pictures."""
    return Case(
        **{name: getattr(row, name) for name in PLAIN_COLUMNS},
        **{name: getattr(row, name) for name in MOVING_COLUMNS if name != "state"},
        id=row.id,
        state=CaseState(row.state),
        measures=dict(row.measures),
        evidence=tuple(EvidenceItem(**item) for item in row.evidence),
        later=tuple(_later(each) for each in row.later),
    )


def _later(row: LaterPackageRow) -> LaterPackage:
    return LaterPackage(
        **{name: getattr(row, name) for name in LATER_COLUMNS},
        stage=Stage(row.stage),
        outcome=None if row.outcome is None else Outcome(row.outcome),
        measures=dict(row.measures),
        evidence=tuple(EvidenceItem(**item) for item in row.evidence),
    )
