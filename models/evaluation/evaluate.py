"""Measures a model on a data set of its task, and chooses its thresholds."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from models.cards import VerifiedModel
from models.classes import Task
from models.data.data_set import DataSet, Progress
from models.data.records import Kind, Split
from models.errors import NothingToMeasure, WrongTask
from models.evaluation.measurement import Measurement
from models.evaluation.mud import MudMeasurement
from models.evaluation.report import EvaluationReport
from models.evaluation.surfaces import SurfaceMeasurement
from models.evaluation.vehicles import VehicleMeasurement

CARD_TASKS: Mapping[Task, str] = {"surfaces": "segment", "vehicles": "detect", "mud": "classify"}
"""What a network does (`ModelCard.task`) for each task."""
MEASUREMENTS: Mapping[Task, Callable[[VerifiedModel, DataSet, int], Measurement[Any]]] = {
    "surfaces": SurfaceMeasurement,
    "vehicles": VehicleMeasurement,
    "mud": MudMeasurement,
}


def evaluate(
    model: VerifiedModel,
    data_set: DataSet,
    split: Split | None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    threads: int = 0,
    on_progress: Progress = lambda done, total: None,
) -> EvaluationReport:
    """Measure the model on the split, or on all samples where it is None.

    `name` is the data set's in the report (its folder's, unless told otherwise) and `version` the model's. Raises
    ModelError: WrongTask, NothingToMeasure.
    """
    measurement = _start(model, data_set, threads)
    samples = data_set.samples(split)
    if not samples:
        raise NothingToMeasure(folder=data_set.folder, split=split or "-")
    observations: dict[Kind, list[Any]] = defaultdict(list)
    for done, sample in enumerate(samples, start=1):
        observations[sample.kind].append(measurement.observe(sample))
        on_progress(done, len(samples))
    together = measurement.part([each for of_kind in observations.values() for each in of_kind])
    return EvaluationReport(
        model=model.card.name,
        version=version,
        sha256=model.card.sha256,
        task=data_set.task,
        data_set=name or data_set.folder.resolve().name,
        split=split,
        by_kind={kind: measurement.part(of_kind) for kind, of_kind in observations.items()},
        **dict(together),
    )


def choose_thresholds(
    model: VerifiedModel, data_set: DataSet, split: Split = "val", *, threads: int = 0
) -> dict[str, float]:
    """Return, by name, the best threshold of each class that is on the split; never use the test split for this.

    Best is the highest IoU of surfaces, the highest F1 score of vehicles and mud. Raises ModelError.
    """
    measurement = _start(model, data_set, threads)
    samples = data_set.samples(split)
    if not samples:
        raise NothingToMeasure(folder=data_set.folder, split=split)
    return measurement.choose_thresholds(samples)


def _start(model: VerifiedModel, data_set: DataSet, threads: int) -> Measurement[Any]:
    if model.card.task != CARD_TASKS[data_set.task]:
        raise WrongTask(name=model.card.name, folder=data_set.folder, task=data_set.task)
    return MEASUREMENTS[data_set.task](model, data_set, threads)
