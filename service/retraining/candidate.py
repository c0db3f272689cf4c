"""A candidate: the exported weights with a card that tells what they were learnt from, ready for the registry."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from string import ascii_lowercase

from datasets.reviewed.samples import LICENCE
from models.cards import WEIGHTS_NAME, Figure, ModelCard, TrainingData, VerifiedModel, load_verified, write_card
from models.evaluation.frozen import FrozenReport, write_metrics
from models.evaluation.report import EvaluationReport
from models.export import export_onnx
from models.registry.registry import Registry
from models.training.run_record import read_record
from service.retraining.outcome import Learnt

CHECKPOINT_NAME = "checkpoint.pt"
"""Lies beside a version's weights: what the next training starts from."""
REVIEWED_CASES = "cases that inspectors decided"
SPLIT_BY_TIME = "; reviewed cases by time: the newest fifth was held out"
CARD_FIGURES = {"surfaces": "IoU", "vehicles": "AP50", "mud": "F1"}


@dataclass(frozen=True)
class Parent:
    """The version in production that a candidate is learnt from."""

    model: VerifiedModel
    version: str
    checkpoint: Path


def export_candidate(checkpoint: Path, parent: Parent, learnt: Learnt, run: Path, folder: Path) -> VerifiedModel:
    """Export the checkpoint into `folder` with a card that goes on from its parent's. Raises ModelError, OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    card = parent.model.card
    exported = export_onnx(checkpoint, folder / WEIGHTS_NAME, card.input.size)
    shutil.copyfile(checkpoint, folder / CHECKPOINT_NAME)
    record = read_record(run)
    software = f"ultralytics {record.versions['ultralytics']}, torch {record.versions['torch']}" if record else ""
    span = f"decided {_day(learnt.decided_from)} to {_day(learnt.decided_to)}"
    reviewed = TrainingData(
        what=REVIEWED_CASES,
        provenance=f"the case queue, {span}",
        licence=LICENCE,
        samples=learnt.samples.get("train"),
    )
    write_card(
        card.model_copy(
            update={
                "sha256": exported.sha256,
                "source": f"fine-tuned from version {parent.version}",
                "made_by": f"dustwatch models retrain, {software}",
                # Every retraining learns from all cases that were decided so far, so this one stands for those before.
                "training_data": [*(data for data in card.training_data if data.what != REVIEWED_CASES), reviewed],
                "split": f"{card.split.removesuffix(SPLIT_BY_TIME)}{SPLIT_BY_TIME}",
                "figures": [],
            }
        ),
        folder,
    )
    return load_verified(folder)


def write_figures(folder: Path, card: ModelCard, reports: list[EvaluationReport]) -> None:
    """Write what was measured into the card and beside it."""
    figures = [
        Figure(
            what=f"{CARD_FIGURES[report.task]} of {name}", value=round(measured.score, 4), measured_on=report.data_set
        )
        for report in reports
        for name, measured in report.classes.items()
        if measured.score is not None
    ]
    write_card(card.model_copy(update={"figures": figures}), folder)
    by_kind: dict[str, dict[str, EvaluationReport]] = {"rendered": {}, "real": {}}
    for report in reports:
        by_kind["rendered" if set(report.by_kind) == {"rendered"} else "real"][report.data_set] = report
    write_metrics(FrozenReport(**by_kind), folder)


def add_to_registry(registry: Registry, name: str, folder: Path) -> str:
    """Add the candidate as a new version and return its name; the one that has the same weights, if there is one."""
    digest = load_verified(folder).card.sha256
    for version in registry.versions(name):
        if registry.card(name, version).sha256 == digest:
            return version
    version = next_version(registry.versions(name), datetime.now(UTC).date())
    registry.add_version(name, version, folder)
    return version


def next_version(known: list[str], day: date) -> str:
    """Return the first free version of the day: `2026-11-24-a`, `-b`, ... `-z`, `-27`, ..."""
    numbers = (letter for letter in (*ascii_lowercase, *map(str, range(27, 10_000))))
    return next(version for number in numbers if (version := f"{day.isoformat()}-{number}") not in known)


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else "-"
