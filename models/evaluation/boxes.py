"""Figures of detections: average precision, and what is found or falsely found from a score on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import supervision as sv
from numpy.typing import NDArray
from supervision.metrics import MeanAveragePrecision

FOUND_IOU = 0.5


@dataclass(frozen=True)
class BoxPair:
    """One picture: what was detected and what is there; `class_id` of both are the data set's (`ClassNames.all`)."""

    detected: sv.Detections
    there: sv.Detections


@dataclass(frozen=True)
class MatchedBoxes:
    """All detections of one class, the surest first, and which of them lie on an object of the class.

    `scores` is float32 (n,) and `found` bool (n,); `there` the number of objects; `lies_on` (n,) the class that a
    detection which found nothing lies on, -1 where there is nothing that the data set knows.
    """

    scores: NDArray[np.float32]
    found: NDArray[np.bool_]
    lies_on: NDArray[np.int64]
    there: int


def average_precisions(pairs: Sequence[BoxPair]) -> dict[int, tuple[float, float]]:
    """Return AP at IoU 0.5, and its mean over 0.5 to 0.95, of each class that is there (COCO's method, 101 points)."""
    if not any(len(pair.there) for pair in pairs):
        return {}
    metric = MeanAveragePrecision()
    metric.update([pair.detected for pair in pairs], [pair.there for pair in pairs])
    result = metric.compute()
    return {
        int(class_id): (float(precisions[0]), float(precisions.mean()))
        for class_id, precisions in zip(result.matched_classes, result.ap_per_class, strict=True)
    }


def match_boxes(pairs: Sequence[BoxPair], class_id: int) -> MatchedBoxes:
    """Match the detections of one class with its objects, the surest first; an object is found once."""
    matched = [_match_one(pair, class_id) for pair in pairs]
    scores = np.concatenate([each.scores for each in matched]) if matched else np.empty(0, np.float32)
    order = np.argsort(-scores, kind="stable")
    return MatchedBoxes(
        scores=scores[order],
        found=np.concatenate([each.found for each in matched])[order] if matched else np.empty(0, np.bool_),
        lies_on=np.concatenate([each.lies_on for each in matched])[order] if matched else np.empty(0, np.int64),
        there=sum(each.there for each in matched),
    )


def false_alarms_by_class(matched: MatchedBoxes, threshold: float) -> Mapping[int, int]:
    """Count the false detections with this score or more by the class that they lie on, -1 for none."""
    false = (matched.scores >= threshold) & ~matched.found
    classes, counts = np.unique(matched.lies_on[false], return_counts=True)
    return dict(zip(classes.tolist(), counts.tolist(), strict=True))


def _match_one(pair: BoxPair, class_id: int) -> MatchedBoxes:
    detected, there = pair.detected, pair.there
    assert detected.class_id is not None
    assert detected.confidence is not None
    assert there.class_id is not None
    mine = np.flatnonzero(detected.class_id == class_id)
    order = mine[np.argsort(-detected.confidence[mine], kind="stable")]
    scores, classes = detected.confidence[order].astype(np.float32), there.class_id.astype(np.int64)
    ious = sv.box_iou_batch(there.xyxy, detected.xyxy[order])
    found, lies_on = np.zeros(len(order), np.bool_), np.full(len(order), -1, np.int64)
    free = classes == class_id
    for column in range(len(order)):
        candidates = np.where(free, ious[:, column], 0)
        if candidates.size and candidates.max() >= FOUND_IOU:
            found[column] = True
            free[candidates.argmax()] = False
        elif candidates.size and ious[:, column].max() >= FOUND_IOU:
            lies_on[column] = classes[ious[:, column].argmax()]
    return MatchedBoxes(scores, found, lies_on, int((classes == class_id).sum()))
