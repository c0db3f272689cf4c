"""What a violation claims becomes a sample to learn from, once an inspector has decided."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.reviewed.samples import build_reviewed
from models.classes import class_id
from models.data.data_set import read_data_set
from models.data.sample import NOT_JUDGED, sample_mask
from service.api.intake import Intake
from service.api.upload import Upload
from service.cli.queue_folder import DATABASE_NAME, EVIDENCE_FOLDER
from service.domain.cases import Decision
from service.retraining.reviewed_queue import read_reviewed
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_folder import EvidenceFolder
from tests.vision.evidence.packages import recorder
from tests.vision.test_patrol_watch import found, ground, patrol
from vision.evidence.verify import verify_package
from vision.watch import Finding

SIZE = 800
DECIDED_AT = datetime(2026, 3, 2, tzinfo=UTC)


def package_of(finding: Finding, folder: Path) -> Path:
    """Record the finding as the edge does, and return its package."""
    picture = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)
    making = recorder(folder)
    making.begin(finding.violation, finding.scene, picture, lambda *_: [])
    later = finding.violation.opened_at + timedelta(minutes=1)
    (package,) = making.finish_due(later, lambda _: None, lambda *_: [])
    assert verify_package(package) == []
    return package


def sample_of(finding: Finding, decision: Decision, folder: Path) -> NDArray[np.uint8]:
    """Send the finding's package to a queue, decide it, and return the mask (SIZE, SIZE) that training gets."""
    package = package_of(finding, folder / "edge")
    store = CaseStore(open_database(f"sqlite:///{folder / DATABASE_NAME}"))
    evidence = EvidenceFolder(folder / EVIDENCE_FOLDER)
    files = {path.name: path.open("rb") for path in package.glob("*.jpg")}
    sealed = Upload(
        manifest=(package / "manifest.json").read_bytes(),
        seal=(package / "manifest.signature.json").read_bytes(),
        files=files,
    )
    case, _ = Intake(store, evidence).accept(finding.violation.key, sealed)
    store.decide(case.id, decision, at=DECIDED_AT, reviewer="王工", reason="看过")
    read = read_reviewed(store, evidence)
    store.close()
    assert read.damaged == ()
    built = build_reviewed(read.cases, "surfaces", folder / "reviewed")
    assert built.silent == ()
    data_set = read_data_set(built.folder, "surfaces")
    (sample,) = data_set.samples()
    return sample_mask(sample, data_set.names)


def box_mask(left: float, top: float, right: float, bottom: float) -> NDArray[np.bool_]:
    mask = np.zeros((SIZE, SIZE), bool)
    mask[round(top * SIZE) : round(bottom * SIZE), round(left * SIZE) : round(right * SIZE)] = True
    return mask


def assert_labelled(mask: NDArray[np.uint8], where: NDArray[np.bool_], class_name: str) -> None:
    """The class lies where it should, but for a margin, and nothing is said of the rest."""
    labelled = mask == class_id("surfaces", class_name)
    assert (labelled & where).sum() / (labelled | where).sum() > 0.95
    assert (mask[~labelled] == NOT_JUDGED).all()


@pytest.mark.parametrize(("decision", "learnt"), [(Decision.CONFIRM, "bare_soil"), (Decision.REJECT, "other")])
def test_soil_that_was_claimed_is_learnt_as_decided(tmp_path: Path, decision: Decision, learnt: str) -> None:
    (finding,) = found(patrol(), ground(soil_to=0.5))
    mask = sample_of(finding, decision, tmp_path)
    assert_labelled(mask, box_mask(0.1, 0.5, 0.5, 0.9), learnt)


@pytest.mark.parametrize(("decision", "learnt"), [(Decision.CONFIRM, "other"), (Decision.REJECT, "hoarding")])
def test_a_gap_that_was_claimed_is_learnt_as_decided(tmp_path: Path, decision: Decision, learnt: str) -> None:
    (finding,) = found(patrol(), ground(gap=(0.6, 0.7)))
    mask = sample_of(finding, decision, tmp_path)
    assert_labelled(mask, box_mask(0.6, 0.1, 0.7, 0.3), learnt)
