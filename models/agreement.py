"""How far a model agrees with the labels of a data set, sample by sample: many contradictions are a bad sign."""

from typing import Any

import numpy as np

from models.cards import VerifiedModel
from models.classes import Task
from models.data.data_set import DataSet
from models.data.records import Split
from models.evaluation.boxes import BoxPair, match_boxes
from models.evaluation.confusion import fold_foreign
from models.evaluation.evaluate import MEASUREMENTS

AGREES = 0.5
"""A model agrees with a sample when it says so of half of what is labelled, by pixels or boxes, or of the crop."""


def contradicted(model: VerifiedModel, data_set: DataSet, split: Split, *, threads: int = 0) -> frozenset[str]:
    """Return the names of the split's samples that the model does not agree with. Raises ModelError."""
    measurement = MEASUREMENTS[data_set.task](model, data_set, threads)
    return frozenset(
        sample.id
        for sample in data_set.samples(split)
        if _agreement(data_set.task, measurement.observe(sample)) < AGREES
    )


def _agreement(task: Task, observation: Any) -> float:  # noqa: ANN401 - each task has its own
    if task == "surfaces":
        matrix = fold_foreign(observation, into=None)
        return float(np.trace(matrix) / matrix.sum()) if matrix.sum() else 1.0  # nothing judged, nothing to contradict
    if task == "mud":
        truth, called = observation
        return float(truth == called)
    return _boxes_found(observation)


def _boxes_found(pair: BoxPair) -> float:
    classes = np.unique(pair.there.class_id if pair.there.class_id is not None else np.zeros(0, np.int64))
    found = sum(int(match_boxes([pair], int(number)).found.sum()) for number in classes)
    return found / len(pair.there) if len(pair.there) else 1.0
