"""Measures a model that tells muddy trucks from clean ones, picture by picture."""

from collections.abc import Sequence

import numpy as np

from models.cards import VerifiedModel
from models.classes import class_id
from models.data.data_set import DataSet
from models.data.sample import Sample
from models.evaluation.confusion import (
    Counts,
    count_pairs,
    false_alarm_share,
    false_alarms_by_name,
    fold_foreign,
    rates,
    share,
)
from models.evaluation.measurement import read_bgr
from models.evaluation.report import ClassFigures, Confusion, Part
from models.evaluation.thresholds import ThresholdSweep
from models.inference.mud import DEFAULT_THRESHOLD, MUDDY, MudClassifier


class MudMeasurement:
    """An observation is a picture's class (as in `ClassNames.all`) and the class that it was called."""

    def __init__(self, model: VerifiedModel, data_set: DataSet, threads: int = 0) -> None:
        """Load the network. Raises ModelError."""
        self._classifier = MudClassifier(model, threads=threads)
        self._names = data_set.names
        self._threshold = model.card.thresholds.get(MUDDY, DEFAULT_THRESHOLD)
        self._muddy, self._clean = class_id("mud", MUDDY), class_id("mud", "clean")

    def observe(self, sample: Sample) -> tuple[int, int]:
        """Return what is there and what it was called."""
        muddy = float(self._classifier.judge_crops([read_bgr(sample)])[0]) >= self._threshold
        return self._truth(sample), self._muddy if muddy else self._clean

    def part(self, observations: Sequence[tuple[int, int]]) -> Part:
        """Return the figures of these pictures together; foreign classes count for false alarms alone."""
        pairs = np.array(observations, np.uint8).reshape(-1, 2)
        matrix = count_pairs(pairs[:, 0], pairs[:, 1], len(self._names.all), len(self._names.ours))
        square = fold_foreign(matrix, into=None)
        return Part(
            samples=len(observations),
            overall={"accuracy": share(int(np.trace(square)), int(square.sum()))},
            classes={name: self._figures(matrix, square, number) for number, name in self._names.ours.items()},
            confusion=Confusion(
                rows=list(self._names.all.values()),
                columns=list(self._names.ours.values()),
                counts=matrix.tolist(),
            ),
        )

    def choose_thresholds(self, samples: Sequence[Sample]) -> dict[str, float]:
        """Return the threshold of "muddy" with the best F1 score."""
        sweep = ThresholdSweep()
        for sample in samples:
            truth = self._truth(sample)
            if truth in self._names.ours:
                sweep.add(self._classifier.judge_crops([read_bgr(sample)]), np.array([truth == self._muddy]))
        best = sweep.best_by_f1()
        return {} if best is None else {MUDDY: best}

    def _truth(self, sample: Sample) -> int:
        assert sample.class_id is not None, "a sample of this task lies in its class's folder"
        return sample.class_id

    def _figures(self, matrix: Counts, square: Counts, number: int) -> ClassFigures:
        measured = rates(square, number)
        return ClassFigures(
            labelled=number in self._names.present,
            truth=int(square[number].sum()),
            threshold=self._threshold if number == self._muddy else 1 - self._threshold,
            precision=measured.precision,
            recall=measured.recall,
            f1=measured.f1,
            false_alarm_share=false_alarm_share(square, number),
            false_alarms_by_name=false_alarms_by_name(matrix, number, self._names.all),
        )
