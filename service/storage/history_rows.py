"""Turns steps of a case's history into rows of the database and back."""

from dataclasses import asdict

from service.domain.cases import CaseState, EvidenceItem
from service.domain.corrections import Correction
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told
from service.storage.tables import CaseStepRow


def entry_of(row: CaseStepRow) -> HistoryEntry:
    """Return the step that the row holds."""
    told = Told(
        reason=row.reason,
        party=row.party,
        target_case=row.target_case_id,
        correction=None if row.correction is None else Correction.model_validate(row.correction),
        attachments=tuple(EvidenceItem(**item) for item in row.attachments or ()),
    )
    return HistoryEntry(
        case_id=row.case_id,
        number=row.number,
        step=Step(row.step),
        before=CaseState(row.before),
        after=CaseState(row.after),
        actor=Actor(row.actor, Role(row.role)),
        at=row.at,
        told=told,
    )


def row_of(entry: HistoryEntry) -> CaseStepRow:
    """Return a new row that holds the step."""
    told = entry.told
    return CaseStepRow(
        case_id=entry.case_id,
        number=entry.number,
        step=entry.step.value,
        before=entry.before.value,
        after=entry.after.value,
        actor=entry.actor.name,
        role=entry.actor.role.value,
        at=entry.at,
        reason=told.reason,
        party=told.party,
        target_case_id=told.target_case,
        correction=None if told.correction is None else told.correction.model_dump(mode="json"),
        attachments=[asdict(item) for item in told.attachments] or None,
    )
