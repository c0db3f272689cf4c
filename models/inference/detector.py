"""Finds objects in batches of pictures with an ONNX network."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import supervision as sv
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.errors import ModelError
from models.inference.letterbox import Letterbox
from models.inference.network import Network

USUAL_THRESHOLD = 0.25
CLASS_SCORES = "class_scores"
"""Key in `sv.Detections.data` of the scores of the classes asked for, float32 (n, classes)."""


class Detector:
    """One network in one ONNX Runtime session; safe to call from several threads.

    Only the classes asked for are looked at. One object gives one box, whatever classes it resembles (the suppression
    of overlapping boxes ignores the class), and carries the score of every class asked for.
    """

    def __init__(
        self,
        model: VerifiedModel,
        class_names: Sequence[str],
        *,
        score_threshold: float | None = 0.1,
        iou_threshold: float = 0.7,
        input_size: int | None = None,
        threads: int = 0,
    ) -> None:
        """Start the session; `threads` of 0 leaves the number to the runtime. Raises ModelError.

        Without a `score_threshold` each class has its own, the card's; one that has none there, `USUAL_THRESHOLD`.
        """
        ids = {name: class_id for class_id, name in model.card.classes.items()}
        unknown = [name for name in class_names if name not in ids]
        if unknown:
            raise ModelError(detail=f"{model.card.name} does not know {', '.join(unknown)}")
        self.model = model
        self.class_names = tuple(class_names)
        self._class_ids = np.array([ids[name] for name in class_names])
        own = [model.card.thresholds.get(name, USUAL_THRESHOLD) for name in class_names]
        self._thresholds = np.array(own if score_threshold is None else [score_threshold] * len(class_names))
        self._iou_threshold = iou_threshold
        self._size = input_size or model.card.input.size
        self._network = Network(model, threads)

    @property
    def providers(self) -> list[str]:
        """The hardware the session runs on, by ONNX Runtime's names."""
        return self._network.providers

    def detect(self, images: Sequence[NDArray[np.uint8]]) -> list[sv.Detections]:
        """Return the objects in each BGR picture (height, width, 3) uint8, boxes in its pixels.

        Pictures of one size share a batch. `class_id` counts in the order of the names asked for.
        """
        found: list[sv.Detections] = [sv.Detections.empty()] * len(images)
        by_size = sorted(range(len(images)), key=lambda index: images[index].shape)
        for shape, group in groupby(by_size, key=lambda index: images[index].shape):
            indices = list(group)
            letterbox = Letterbox.fit(shape[0], shape[1], self._size, self.model.card.input.stride)
            rows = self._network.run([letterbox.apply(images[index]) for index in indices]).transpose(0, 2, 1)
            for index, row in zip(indices, rows, strict=True):
                found[index] = self._decode(row, letterbox, shape[0], shape[1])
        return found

    def _decode(self, rows: NDArray[np.float32], letterbox: Letterbox, height: int, width: int) -> sv.Detections:
        scores = rows[:, 4 + self._class_ids]
        best = scores.max(axis=1)
        kept = best >= self._thresholds[scores.argmax(axis=1)]
        centres, sizes = rows[kept, :2], rows[kept, 2:4]
        boxes = letterbox.restore(np.hstack([centres - sizes / 2, centres + sizes / 2]), height, width)
        detections = sv.Detections(
            xyxy=boxes,
            confidence=best[kept],
            class_id=scores[kept].argmax(axis=1),
            data={CLASS_SCORES: scores[kept]},
        )
        return detections.with_nms(threshold=self._iou_threshold, class_agnostic=True)
