"""Measures a detector of vehicles, box by box."""

from collections.abc import Sequence

import numpy as np
import supervision as sv

from models.cards import VerifiedModel
from models.data.data_set import DataSet
from models.data.names import plain_name
from models.data.sample import Sample, sample_boxes
from models.evaluation.boxes import BoxPair, average_precisions, false_alarms_by_class, match_boxes
from models.evaluation.confusion import mean_of, share
from models.evaluation.measurement import read_bgr
from models.evaluation.report import Part, VehicleFigures
from models.evaluation.thresholds import ThresholdSweep
from models.inference.detector import Detector

LEAST_SCORE = 0.01
"""Average precision is over all scores; below this one there is nothing to gain."""
DEFAULT_THRESHOLD = 0.25
NOTHING_KNOWN = "nothing labelled"


class VehicleMeasurement:
    """An observation is a picture's detections and its labelled boxes, of the classes that the data set labels."""

    def __init__(self, model: VerifiedModel, data_set: DataSet, threads: int = 0) -> None:
        """Load the network. Raises ModelError."""
        self._names = data_set.names
        self._labelled = {number: name for number, name in self._names.ours.items() if number in self._names.present}
        theirs = {plain_name(name): name for name in model.card.classes.values()}
        asked = {
            number: theirs[plain_name(name)] for number, name in self._labelled.items() if plain_name(name) in theirs
        }
        self._asked_ids = np.array(list(asked), np.int64)
        self._detector = (
            Detector(model, list(asked.values()), score_threshold=LEAST_SCORE, threads=threads) if asked else None
        )
        self._thresholds = {
            number: model.card.thresholds.get(name, DEFAULT_THRESHOLD) for number, name in self._labelled.items()
        }

    def observe(self, sample: Sample) -> BoxPair:
        """Return what was detected and what is there, in pixels."""
        image = read_bgr(sample)
        height, width = image.shape[:2]
        boxes = sample_boxes(sample, self._names)
        there = np.array([box.bbox_xyxy for box in boxes], np.float32).reshape(-1, 4)
        detected = self._detector.detect([image])[0] if self._detector else sv.Detections.empty()
        return BoxPair(
            detected=sv.Detections(
                xyxy=detected.xyxy,
                confidence=np.zeros(0, np.float32) if detected.confidence is None else detected.confidence,
                class_id=self._asked_ids[np.zeros(0, int) if detected.class_id is None else detected.class_id],
            ),
            there=sv.Detections(
                xyxy=there * np.array([width, height, width, height], np.float32),
                class_id=np.array([box.class_id for box in boxes], np.int64),
            ),
        )

    def part(self, observations: Sequence[BoxPair]) -> Part:
        """Return the figures of these pictures together."""
        precisions = average_precisions(observations)
        figures = {
            name: self._figures(observations, number, precisions.get(number)) for number, name in self._labelled.items()
        }
        figures = {name: each for name, each in figures.items() if each.truth or each.false_alarm_share}
        return Part(
            samples=len(observations),
            overall={
                "map50": mean_of([figure.ap50 for figure in figures.values()]),
                "map50_95": mean_of([figure.ap50_95 for figure in figures.values()]),
            },
            classes=dict(figures),
        )

    def choose_thresholds(self, samples: Sequence[Sample]) -> dict[str, float]:
        """Return the threshold with the best F1 score of each class that is there."""
        observations = [self.observe(sample) for sample in samples]
        chosen = {}
        for number, name in self._labelled.items():
            matched = match_boxes(observations, number)
            sweep = ThresholdSweep()
            sweep.add(matched.scores, matched.found, missed=matched.there - int(matched.found.sum()))
            best = sweep.best_by_f1()
            if best is not None:
                chosen[name] = best
        return chosen

    def _figures(
        self, observations: Sequence[BoxPair], number: int, precisions: tuple[float, float] | None
    ) -> VehicleFigures:
        matched = match_boxes(observations, number)
        threshold = self._thresholds[number]
        called = matched.scores >= threshold
        hits = int(matched.found[called].sum())
        false = false_alarms_by_class(matched, threshold)
        names = {-1: NOTHING_KNOWN, **self._names.all}
        return VehicleFigures(
            labelled=True,
            truth=matched.there,
            threshold=threshold,
            precision=share(hits, int(called.sum())),
            recall=share(hits, matched.there),
            f1=share(2 * hits, int(called.sum()) + matched.there),
            false_alarm_share=share(sum(false.values()), int(called.sum())),
            false_alarms_by_name={names[class_id]: count / int(called.sum()) for class_id, count in false.items()},
            ap50=precisions[0] if precisions else None,
            ap50_95=precisions[1] if precisions else None,
        )
