"""Deletes evidence whose time is over: written down first, then done, and finished where a run was cut off."""

from collections.abc import Iterator
from datetime import datetime

import structlog

from service.domain.retention import RetentionRule, due
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder, attachment_folder
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
        if not _is_gone(cases, deletion.case_id, evidence):
            _delete(cases, evidence, deletion)


def _is_gone(cases: CaseStore, case_id: int, evidence: EvidenceFolder) -> bool:
    return all(
        evidence.is_deleted(folder) and not any(evidence.path(folder, name).is_file() for name in names)
        for folder, names in _files(cases, case_id)
    )


def _delete(cases: CaseStore, evidence: EvidenceFolder, deletion: Deletion) -> None:
    for folder, names in _files(cases, deletion.case_id):
        evidence.delete_files(folder, names)


def _files(cases: CaseStore, case_id: int) -> Iterator[tuple[str, list[str]]]:
    """Give the folders of a case's packages and attachments, and what is to be deleted in each."""
    for package in cases.get(case_id).packages:
        yield package.folder, [item.name for item in package.evidence]
    for entry in cases.history(case_id):
        for item in entry.told.attachments:
            yield attachment_folder(case_id, item.sha256), [item.sha256]
