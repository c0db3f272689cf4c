"""Deleting evidence whose time is over, on both databases: written down first, finished later, holds respected."""

from datetime import timedelta

import pytest

from service.domain.cases import Decision
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.retention import RetentionRule
from service.errors import AlreadyHeld, NoSuchCase, NotHeld
from service.retention import delete_due
from service.storage.attachment import make_attachment
from service.storage.evidence_folder import EvidenceFolder, attachment_folder
from service.storage.retention_store import RetentionStore
from tests.service.conftest import NOON

RULE = RetentionRule()
LATER = NOON + timedelta(days=91)


@pytest.fixture
def retention(store):
    return RetentionStore(store.engine, store)


@pytest.fixture
def evidence(tmp_path):
    return EvidenceFolder(tmp_path / "evidence")


@pytest.fixture
def rejected(store, make_finding, evidence):
    """A rejected case with a package of one picture."""
    case, _ = store.add_or_get(make_finding())
    package = evidence.path(case.folder, "clean.jpg").parent
    package.mkdir()
    for name in ("clean.jpg", "manifest.json", "manifest.sha256"):
        (package / name).write_bytes(b"abc")
    return store.decide(case.id, Decision.REJECT, at=NOON)[0]


def test_what_is_over_is_deleted_and_written_down_and_its_manifest_stays(store, retention, evidence, rejected):
    (deletion,) = delete_due(store, retention, evidence, RULE, LATER)
    assert (deletion.case_id, deletion.state, deletion.size_bytes) == (rejected.id, "rejected", 3)
    assert retention.deletions() == (deletion,)
    assert evidence.is_deleted(rejected.folder)
    left = {path.name for path in evidence.path(rejected.folder, "x").parent.iterdir()}
    assert left == {"manifest.json", "manifest.sha256", ".deleted"}
    assert list(delete_due(store, retention, evidence, RULE, LATER)) == []


def test_what_people_attached_goes_with_the_evidence(store, retention, evidence, rejected):
    attachment = make_attachment("整改报告", b"%PDF-1.7 %%EOF")
    folder = attachment_folder(rejected.id, attachment.item.sha256)
    evidence.keep_attachment(rejected.id, attachment)
    store.take_step(
        rejected.id, Step.NOTE, Actor("", Role.SITE), Told("已覆盖", attachments=(attachment.item,)), at=NOON
    )

    assert len(list(delete_due(store, retention, evidence, RULE, LATER))) == 1

    assert evidence.is_deleted(folder)
    assert not evidence.path(folder, attachment.item.sha256).exists()


def test_days_count_from_the_last_decision(store, retention, evidence, rejected):
    store.decide(rejected.id, Decision.UNDO, at=NOON + timedelta(days=80))
    assert list(delete_due(store, retention, evidence, RULE, LATER)) == []
    store.decide(rejected.id, Decision.REJECT, at=NOON + timedelta(days=81))
    assert list(delete_due(store, retention, evidence, RULE, LATER)) == []
    assert len(list(delete_due(store, retention, evidence, RULE, NOON + timedelta(days=171)))) == 1


def test_a_confirmed_case_is_never_deleted(store, retention, evidence, make_finding):
    case, _ = store.add_or_get(make_finding())
    store.decide(case.id, Decision.CONFIRM, at=NOON)
    assert list(delete_due(store, retention, evidence, RULE, NOON + timedelta(days=9999))) == []


def test_a_hold_keeps_evidence_until_it_is_released(store, retention, evidence, rejected):
    held = retention.hold(rejected.id, reason="行政复议", by="王", at=NOON)
    assert retention.holds() == (held,)
    with pytest.raises(AlreadyHeld):
        retention.hold(rejected.id, reason="again", by="李", at=NOON)
    assert list(delete_due(store, retention, evidence, RULE, LATER)) == []
    retention.release(rejected.id, by="李", at=LATER)
    with pytest.raises(NotHeld):
        retention.release(rejected.id, by="李", at=LATER)
    assert retention.holds() == ()
    assert len(list(delete_due(store, retention, evidence, RULE, LATER))) == 1


def test_a_hold_that_comes_between_looking_and_deleting_wins(store, retention, evidence, rejected):
    retention.hold(rejected.id, reason="行政复议", by="王", at=NOON)
    assert retention.note_deletion(rejected.id, RULE, LATER) is None
    assert retention.deletions() == ()


def test_no_case_can_not_be_held(retention):
    with pytest.raises(NoSuchCase):
        retention.hold(99, reason="", by="", at=NOON)


def test_a_run_that_was_cut_off_is_finished_by_the_next_one(store, retention, evidence, rejected):
    retention.note_deletion(rejected.id, RULE, LATER)
    assert evidence.path(rejected.folder, "clean.jpg").is_file()
    assert list(delete_due(store, retention, evidence, RULE, LATER)) == []
    assert not evidence.path(rejected.folder, "clean.jpg").exists()
    assert evidence.is_deleted(rejected.folder)
