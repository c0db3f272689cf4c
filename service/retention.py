"""Deletes evidence whose time is over: written down first, then done, and finished where a run was cut off."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from service.domain.cases import Case
from service.domain.retention import RetentionRule, due
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.retention_store import Deletion, RetentionStore

MOST_UNFINISHED = 20
"""A run that is cut off leaves one deletion unfinished, and the next run begins with it; a few may run at once."""

log = structlog.get_logger(__name__)


def delete_due(
    cases: CaseStore, retention: RetentionStore, evidence: EvidenceFolder, rule: RetentionRule, now: datetime
) -> Iterator[Deletion]:
    """Delete the evidence that is due, one case after the other, and tell each once it is gone."""
    finish_deletions(cases, retention, evidence)
    for kept in due(retention.kept(), rule, now):
        deletion = retention.note_deletion(kept.case_id, rule, now)
        if deletion is None:  # held or decided anew in this moment
            continue
        _delete(cases, evidence, deletion)
        log.info("evidence.deleted", case=deletion.case_id, key=deletion.key, bytes=deletion.size_bytes)
        yield deletion


def finish_deletions(cases: CaseStore, retention: RetentionStore, evidence: EvidenceFolder) -> None:
    """Delete what was written down and is still there, since a run was cut off."""
    for deletion in retention.deletions()[-MOST_UNFINISHED:]:
        if not _is_gone(cases.get(deletion.case_id), evidence):
            _delete(cases, evidence, deletion)


def _is_gone(case: Case, evidence: EvidenceFolder) -> bool:
    return all(
        evidence.is_deleted(package.folder)
        and not any(evidence.path(package.folder, item.name).is_file() for item in package.evidence)
        for package in case.packages
    )


def _delete(cases: CaseStore, evidence: EvidenceFolder, deletion: Deletion) -> None:
    case = cases.get(deletion.case_id)
    for package in case.packages:
        evidence.delete_files(package.folder, [item.name for item in package.evidence])
