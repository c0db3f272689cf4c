"""The loop in one piece: reviewed cases in, a promoted model or the reasons against it out."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from datasets.reviewed.samples import ReviewedData, build_reviewed
from models.agreement import contradicted
from models.cards import VerifiedModel
from models.classes import Task, class_id, class_names
from models.data.data_set import DataSet, read_data_set
from models.data.label_files import LabelBox
from models.data.pictures import read_picture
from models.errors import RunDiffers
from models.evaluation.evaluate import evaluate
from models.evaluation.report import EvaluationReport
from models.inference.detector import Detector
from models.promotion import DEFAULT_MARGIN, judge
from models.registry.registry import Registry
from models.training.run import TrainingProgress, train
from models.training.settings import TrainingSettings
from service.errors import NoCheckpoint, NoFrozenSet
from service.retraining.candidate import (
    CHECKPOINT_NAME,
    Parent,
    add_to_registry,
    export_candidate,
    write_figures,
)
from service.retraining.outcome import Contested, Learnt, RetrainingOutcome
from service.retraining.reviewed_queue import ReviewedQueue

REVIEWED = "reviewed-newest"
SURE = 0.5
"""Score from which on what the model in production sees beside a reviewed vehicle counts as labelled."""


@dataclass(frozen=True)
class Limits:
    """What a candidate is held to."""

    least_cases: int = 20
    """Fewer decided cases are not learnt from."""
    margin: float = DEFAULT_MARGIN
    """How much a class may lose on a frozen set, as a difference of shares."""
    contested: float = 0.3
    """How large a share of the reviewed cases neither model may agree with."""


@dataclass(frozen=True)
class Retraining:
    """What to retrain, from what, and where; `work` holds everything that is made on the way."""

    settings: TrainingSettings
    registry: Registry
    frozen: Sequence[Path]
    base: Sequence[Path]
    work: Path
    checkpoint: Path | None = None
    """To start from; None takes the one that lies beside the weights in production."""
    limits: Limits = field(default_factory=Limits)
    promote: bool = True

    @property
    def task(self) -> Task:
        """The task, which is also the model's name."""
        return self.settings.task


class Watcher(Protocol):
    """Is told how far the retraining is."""

    def stage(self, name: str) -> None:
        """A stage begins: gathering, training, exporting, measuring."""

    def training(self, at: TrainingProgress) -> None:
        """The training went on."""


def retrain(plan: Retraining, queue: ReviewedQueue, watcher: Watcher, who: str) -> RetrainingOutcome:
    """Learn from the queue's decisions, and promote the candidate if it is better; `who` stands in the history.

    The same cases, base, settings and start give the same training, so that an interrupted retraining goes on when it
    is run again. Raises ModelError, DataSetError, ServiceError, OSError.
    """
    parent = _parent(plan)
    if not plan.frozen:
        raise NoFrozenSet
    watcher.stage("gathering")
    reviewed = _gather(plan, queue, parent)
    learnt = _learnt(plan, queue, reviewed)
    outcome = RetrainingOutcome(
        task=plan.task, learnt=learnt, production=parent.version, candidate=None, checkpoint=None, promoted=False
    )
    if learnt.cases < learnt.least:
        return outcome
    watcher.stage("training")
    run = plan.work / "run"
    checkpoint = _train(plan, reviewed.folder, parent, run, watcher)
    watcher.stage("exporting")
    folder = plan.work / "candidate"
    candidate = export_candidate(checkpoint, parent, learnt, run, folder)
    watcher.stage("measuring")
    judged = _judge(plan, parent.model, candidate, reviewed, outcome)
    write_figures(folder, candidate.card, judged.reports["candidate"])
    judged = judged.model_copy(update={"checkpoint": str(folder / CHECKPOINT_NAME)})
    return judged if judged.refusals else _accept(plan, judged, folder, who)


def _parent(plan: Retraining) -> Parent:
    model = plan.registry.load(plan.task)
    version = plan.registry.production(plan.task) or ""
    checkpoint = plan.checkpoint or plan.registry.folder(plan.task, version) / CHECKPOINT_NAME
    if not checkpoint.is_file():
        raise NoCheckpoint(name=plan.task, version=version)
    return Parent(model, version, checkpoint)


def _gather(plan: Retraining, queue: ReviewedQueue, parent: Parent) -> ReviewedData:
    folder = plan.work / "reviewed"
    shutil.rmtree(folder, ignore_errors=True)
    see = _see_vehicles(parent.model) if plan.task == "vehicles" else lambda _: ()
    return build_reviewed(queue.cases, plan.task, folder, see_vehicles=see)


def _see_vehicles(model: VerifiedModel) -> Callable[[Path], Sequence[LabelBox]]:
    names = [name for name in class_names("vehicles").values() if name in model.card.classes.values()]
    detector = Detector(model, names, score_threshold=SURE)

    def see(picture: Path) -> list[LabelBox]:
        image = np.ascontiguousarray(read_picture(picture)[:, :, ::-1])
        height, width = image.shape[:2]
        (seen,) = detector.detect([image])
        numbers = seen.class_id if seen.class_id is not None else np.zeros(0, np.int64)
        relative = seen.xyxy / np.array([width, height, width, height], np.float32)
        return [
            LabelBox(class_id("vehicles", names[number]), (float(box[0]), float(box[1]), float(box[2]), float(box[3])))
            for number, box in zip(numbers, relative, strict=True)
        ]

    return see


def _learnt(plan: Retraining, queue: ReviewedQueue, reviewed: ReviewedData) -> Learnt:
    told = {key for keys in reviewed.cases.values() for key in keys}
    times = [case.decided_at for case in queue.cases if case.key in told]
    return Learnt(
        cases=len(told),
        least=plan.limits.least_cases,
        samples=reviewed.samples,
        decided_from=min(times, default=None),
        decided_to=max(times, default=None),
        silent=len(reviewed.silent),
        damaged=list(queue.damaged),
    )


def _train(plan: Retraining, reviewed: Path, parent: Parent, run: Path, watcher: Watcher) -> Path:
    data = [*plan.base, reviewed]
    try:
        return train(plan.settings, data, run, start=parent.checkpoint, report=watcher.training)
    except RunDiffers:  # what lies there is from before the newest decisions
        return train(plan.settings, data, run, start=parent.checkpoint, resume=False, report=watcher.training)


def _judge(
    plan: Retraining,
    production: VerifiedModel,
    candidate: VerifiedModel,
    reviewed: ReviewedData,
    outcome: RetrainingOutcome,
) -> RetrainingOutcome:
    frozen = [read_data_set(each, plan.task) for each in plan.frozen]
    newest = read_data_set(reviewed.folder, plan.task)
    before, after = (_measure(model, frozen) for model in (production, candidate))
    on_newest = (_on_newest(production, newest), _on_newest(candidate, newest))
    return outcome.model_copy(
        update={
            "verdict": judge(before, after, reviewed=on_newest, margin=plan.limits.margin),
            "contested": _contested(plan, production, candidate, newest),
            "reports": {"production": [*before, on_newest[0]], "candidate": [*after, on_newest[1]]},
        }
    )


def _measure(model: VerifiedModel, frozen: Sequence[DataSet]) -> list[EvaluationReport]:
    return [evaluate(model, each, "test" if "test" in each.splits else None) for each in frozen]


def _on_newest(model: VerifiedModel, newest: DataSet) -> EvaluationReport:
    return evaluate(model, newest, "test", name=REVIEWED)


def _contested(plan: Retraining, production: VerifiedModel, candidate: VerifiedModel, reviewed: DataSet) -> Contested:
    samples = reviewed.samples("train")
    both = contradicted(production, reviewed, "train") & contradicted(candidate, reviewed, "train")
    keys = sorted({sample.source.removeprefix("case ") for sample in samples if sample.id in both})
    return Contested(share=len(both) / max(len(samples), 1), limit=plan.limits.contested, cases=keys)


def _accept(plan: Retraining, outcome: RetrainingOutcome, folder: Path, who: str) -> RetrainingOutcome:
    version = add_to_registry(plan.registry, plan.task, folder)
    if plan.promote:
        found = "; ".join(reason.text() for reason in outcome.verdict.reasons) if outcome.verdict else ""
        plan.registry.promote(plan.task, version, who, f"{outcome.learnt.cases} reviewed cases; {found}")
    return outcome.model_copy(update={"candidate": version, "promoted": plan.promote})
