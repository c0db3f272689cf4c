"""Measures a model of surfaces, pixel by pixel at the pictures' own size."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.classes import OTHER, class_id, class_names
from models.data.data_set import DataSet
from models.data.sample import Sample, sample_mask
from models.errors import ModelError
from models.evaluation.confusion import (
    Counts,
    count_pairs,
    false_alarm_share,
    false_alarms_by_name,
    fold_foreign,
    mean_of,
    rates,
)
from models.evaluation.measurement import read_bgr
from models.evaluation.report import Confusion, Part, SurfaceFigures
from models.evaluation.thresholds import ThresholdSweep
from models.inference.surfaces import DEFAULT_THRESHOLD, SurfaceMap, SurfaceSegmenter


class SurfaceMeasurement:
    """An observation is a sample's confusion matrix: a row for each of `ClassNames.all`, a column for each of ours."""

    def __init__(self, model: VerifiedModel, data_set: DataSet, threads: int = 0) -> None:
        """Load the network. Raises ModelError."""
        self._segmenter = SurfaceSegmenter(model, threads=threads)
        self._names = data_set.names
        self._thresholds = model.card.thresholds
        ours = {name: number for number, name in class_names("surfaces").items()}
        if set(self._segmenter.names) != set(ours):
            raise ModelError(detail=f"{model.card.name} knows other classes than {', '.join(ours)}")
        self._to_ours = np.array([ours[name] for name in self._segmenter.names], np.uint8)
        self._other = class_id("surfaces", OTHER)

    def observe(self, sample: Sample) -> Counts:
        """Return the sample's confusion matrix, in pixels."""
        (seen,) = self._segmenter.segment([read_bgr(sample)])
        called = self._to_ours[seen.labels()]
        return count_pairs(sample_mask(sample, self._names), called, len(self._names.all), len(self._names.ours))

    def part(self, observations: Sequence[Counts]) -> Part:
        """Return the figures of all pixels of these samples together."""
        nothing = np.zeros((len(self._names.all), len(self._names.ours)), np.int64)
        matrix = sum(observations, start=nothing)
        figures = {name: self._figures(matrix, number) for number, name in self._names.ours.items()}
        ious = [figure.iou for name, figure in figures.items() if name != OTHER]
        return Part(
            samples=len(observations),
            overall={"mean_iou": mean_of(ious)},
            classes=dict(figures),
            confusion=Confusion(
                rows=list(self._names.all.values()),
                columns=list(self._names.ours.values()),
                counts=matrix.tolist(),
            ),
        )

    def choose_thresholds(self, samples: Sequence[Sample]) -> dict[str, float]:
        """Return for each of our classes the threshold with the best IoU.

        A higher one would spare false alarms and make every area too small. Each class is taken by itself: a pixel may
        be called it where it is the likeliest of ours.
        """
        ours = [index for index, name in enumerate(self._segmenter.names) if name != OTHER]
        sweeps = {index: ThresholdSweep() for index in ours}
        for sample in samples:
            (seen,) = self._segmenter.segment([read_bgr(sample)])
            self._add_to_sweeps(sweeps, seen, sample_mask(sample, self._names))
        best = {self._segmenter.names[index]: sweep.best_by_iou() for index, sweep in sweeps.items()}
        return {name: threshold for name, threshold in best.items() if threshold is not None}

    def _add_to_sweeps(self, sweeps: dict[int, ThresholdSweep], seen: SurfaceMap, truth: NDArray[np.uint8]) -> None:
        probabilities = seen.at_picture_size()
        ours = np.array(list(sweeps))
        likeliest = ours[probabilities[ours].argmax(axis=0)]
        judged = truth < len(self._names.all)
        for index, sweep in sweeps.items():
            there = judged & (truth == self._to_ours[index])
            may_be = judged & (likeliest == index)
            sweep.add(probabilities[index][may_be], there[may_be], missed=int((there & ~may_be).sum()))

    def _figures(self, matrix: Counts, number: int) -> SurfaceFigures:
        name = self._names.ours[number]
        square = fold_foreign(matrix, into=self._other)
        truth = int(square[number].sum())
        labelled = number in self._names.present or number == self._other
        measured = asdict(rates(square, number)) if labelled and truth else dict.fromkeys(_RATES)
        return SurfaceFigures(
            labelled=labelled,
            truth=truth,
            threshold=self._thresholds.get(name, DEFAULT_THRESHOLD),
            false_alarm_share=false_alarm_share(square, number),
            false_alarms_by_name=false_alarms_by_name(matrix, number, self._names.all),
            **measured,
        )


_RATES = ("iou", "precision", "recall", "f1")
