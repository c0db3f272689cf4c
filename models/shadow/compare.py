"""Compares two models of one task on single pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import supervision as sv
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.errors import ModelError
from models.inference.detector import Detector
from models.inference.mud import MUDDY, MudClassifier
from models.inference.surfaces import SurfaceSegmenter

SAME_IOU = 0.5
DEFAULT_SCORE = 0.25
"""A box counts from this score on where the card has no threshold for its class."""


@dataclass(frozen=True)
class OneSidedBox:
    """A box that only one of the two models found, in pixels."""

    class_name: str
    bbox_xyxy: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True)
class Difference:
    """How two models differ on one picture.

    `amount` (0..1) puts pictures in order: the share of pixels, boxes or crops that the models do not agree on.
    `by_class` is the same for each class: of the picture's pixels, the share that only one of the two called the
    class; of the boxes of the class, the share that only one found. `differs` (height, width) marks such pixels.
    """

    amount: float
    by_class: Mapping[str, float] = field(default_factory=dict)
    only_production: tuple[OneSidedBox, ...] = ()
    only_candidate: tuple[OneSidedBox, ...] = ()
    differs: NDArray[np.bool_] | None = None


class Comparison(Protocol):
    """Two models at work on the same pictures."""

    def compare(self, image: NDArray[np.uint8]) -> Difference:
        """Run both on the BGR picture (height, width, 3)."""


class SurfaceComparison:
    """Two segmentation models, pixel by pixel at the picture's size."""

    def __init__(self, production: VerifiedModel, candidate: VerifiedModel, *, threads: int = 0) -> None:
        """Start both. Raises ModelError."""
        self._segmenters = [SurfaceSegmenter(model, threads=threads) for model in (production, candidate)]
        self._names = self._segmenters[0].names
        try:
            self._to_first = np.array([self._names.index(name) for name in self._segmenters[1].names], np.uint8)
        except ValueError:
            raise ModelError(detail=f"{candidate.card.name}: both have to know the same classes") from None

    def compare(self, image: NDArray[np.uint8]) -> Difference:
        """See `Comparison`."""
        first, second = (segmenter.segment([image])[0].labels() for segmenter in self._segmenters)
        second = self._to_first[second]
        differs = first != second
        by_class = {
            name: float(np.mean((first == number) != (second == number))) for number, name in enumerate(self._names)
        }
        return Difference(float(differs.mean()), by_class, differs=differs)


class VehicleComparison:
    """Two detectors, box by box; classes that only one of them knows are compared as well."""

    def __init__(self, production: VerifiedModel, candidate: VerifiedModel, *, threads: int = 0) -> None:
        """Start both. Raises ModelError."""
        self._detectors = [
            Detector(model, list(model.card.classes.values()), score_threshold=_least(model), threads=threads)
            for model in (production, candidate)
        ]
        self._models = (production, candidate)

    def compare(self, image: NDArray[np.uint8]) -> Difference:
        """See `Comparison`."""
        first, second = (
            _believed(detector.detect([image])[0], detector.class_names, model.card.thresholds)
            for detector, model in zip(self._detectors, self._models, strict=True)
        )
        only_first, only_second = _unmatched(first, second), _unmatched(second, first)
        by_class = {}
        for name in sorted({box.class_name for box in (*only_first, *only_second)}):
            one_sided = sum(box.class_name == name for box in (*only_first, *only_second))
            by_class[name] = one_sided / (one_sided + _pairs(first, only_first, name))
        one_sided = len(only_first) + len(only_second)
        amount = one_sided / max(one_sided + len(first) - len(only_first), 1)
        return Difference(amount, by_class, tuple(only_first), tuple(only_second))


class MudComparison:
    """Two classifiers of crops: they differ when only one of them believes in mud."""

    def __init__(self, production: VerifiedModel, candidate: VerifiedModel, *, threads: int = 0) -> None:
        """Start both. Raises ModelError."""
        self._classifiers = [MudClassifier(model, threads=threads) for model in (production, candidate)]
        self._thresholds = [model.card.thresholds.get(MUDDY, 0.5) for model in (production, candidate)]

    def compare(self, image: NDArray[np.uint8]) -> Difference:
        """See `Comparison`."""
        probabilities = [float(classifier.judge_crops([image])[0]) for classifier in self._classifiers]
        first, second = (value >= threshold for value, threshold in zip(probabilities, self._thresholds, strict=True))
        # A verdict that differs weighs more than any that is shared; beyond that the probabilities tell.
        amount = (float(first != second) + abs(probabilities[0] - probabilities[1])) / 2
        return Difference(amount, {MUDDY: float(first != second)})


COMPARISONS: Mapping[str, Callable[[VerifiedModel, VerifiedModel], Comparison]] = {
    "segment": SurfaceComparison,
    "detect": VehicleComparison,
    "classify": MudComparison,
}


def start_comparison(production: VerifiedModel, candidate: VerifiedModel) -> Comparison:
    """Start both models on what they are for. Raises ModelError, also when they are for different things."""
    if production.card.task != candidate.card.task:
        detail = (
            f"{candidate.card.name} is for {candidate.card.task}, {production.card.name} for {production.card.task}"
        )
        raise ModelError(detail=detail)
    return COMPARISONS[production.card.task](production, candidate)


def _least(model: VerifiedModel) -> float:
    return min([DEFAULT_SCORE, *model.card.thresholds.values()])


def _believed(seen: sv.Detections, names: Sequence[str], thresholds: Mapping[str, float]) -> list[OneSidedBox]:
    numbers = seen.class_id if seen.class_id is not None else np.zeros(0, np.int64)
    scores = seen.confidence if seen.confidence is not None else np.zeros(0, np.float32)
    return [
        OneSidedBox(names[number], (float(box[0]), float(box[1]), float(box[2]), float(box[3])), float(score))
        for number, score, box in zip(numbers, scores, seen.xyxy, strict=True)
        if score >= thresholds.get(names[number], DEFAULT_SCORE)
    ]


def _unmatched(boxes: Sequence[OneSidedBox], others: Sequence[OneSidedBox]) -> list[OneSidedBox]:
    """Return the boxes on which none of the others of the same class lies."""
    if not boxes or not others:
        return list(boxes)
    ious = sv.box_iou_batch(
        np.array([box.bbox_xyxy for box in boxes], np.float32), np.array([box.bbox_xyxy for box in others], np.float32)
    )
    same = np.array([[box.class_name == other.class_name for other in others] for box in boxes])
    matched = ((ious >= SAME_IOU) & same).any(axis=1)
    return [box for box, is_matched in zip(boxes, matched, strict=True) if not is_matched]


def _pairs(boxes: Sequence[OneSidedBox], one_sided: Sequence[OneSidedBox], name: str) -> int:
    return sum(box.class_name == name for box in boxes) - sum(box.class_name == name for box in one_sided)
