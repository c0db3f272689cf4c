"""Runs a trained head in ONNX Runtime, from a picture to the class of each of its pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.classes import OTHER, class_id, class_names
from models.inference.letterbox import Letterbox
from models.inference.network import ONLY_ERRORS
from models.inference.surfaces import CELL, SurfaceMap

STRIDE = 32
PROTOTYPE_CELL = 4
"""Input pixels a side of one cell of the masks that an instance's mask is mixed from."""
LEAST_SCORE = 0.01
"""No lower threshold is tried."""
OVERLAP_IOU = 0.7
"""Boxes of one class that overlap more than this are one instance (ultralytics' default)."""


@dataclass(frozen=True)
class Answer:
    """What a network gave for one picture: its outputs without the batch, and how the picture was fitted in."""

    outputs: Sequence[NDArray[np.float32]]
    letterbox: Letterbox
    shape: tuple[int, int]
    """The picture's (height, width)."""


class HeadOnnx(Protocol):
    """A head at work."""

    def run(self, picture: NDArray[np.uint8]) -> Answer:
        """Run the network on the BGR picture (height, width, 3)."""

    def labels(self, answer: Answer, threshold: float) -> NDArray[np.uint8]:
        """Return the class of each pixel of the picture, (height, width), in our numbers."""


class _Network:
    def __init__(self, onnx: Path, size: int, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = ONLY_ERRORS
        self._session = onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])
        self._input_name = self._session.get_inputs()[0].name
        self._size = size

    def run(self, picture: NDArray[np.uint8]) -> Answer:
        height, width = picture.shape[:2]
        letterbox = Letterbox.fit(height, width, self._size, STRIDE, centred=False)
        batch = cv2.dnn.blobFromImage(letterbox.apply(picture), scalefactor=1 / 255, swapRB=True)
        outputs = [output[0] for output in self._session.run(None, {self._input_name: batch})]
        return Answer(outputs, letterbox, (height, width))


class SemanticOnnx(_Network):
    """The answer is probabilities (classes, rows, columns)."""

    names = tuple(class_names("surfaces").values())

    def labels(self, answer: Answer, threshold: float) -> NDArray[np.uint8]:
        """Return the likeliest class that reaches the threshold, else "other"."""
        rows, columns = (-(-max(1, round(side * answer.letterbox.scale)) // CELL) for side in answer.shape)
        seen = SurfaceMap(
            probabilities=answer.outputs[0][:, :rows, :columns],
            names=self.names,
            thresholds=dict.fromkeys(self.names, threshold),
            scale=answer.letterbox.scale,
            shape=answer.shape,
        )
        return seen.labels()


class InstanceOnnx(_Network):
    """The answer is (4 + classes + coefficients, anchors) and prototypes (coefficients, rows, columns)."""

    def labels(self, answer: Answer, threshold: float) -> NDArray[np.uint8]:
        """Paint the instances that reach the threshold, the surest last; what none covers is "other"."""
        found, prototypes = answer.outputs
        instances = read_instances(found, len(found) - 4 - len(prototypes), max(threshold, LEAST_SCORE))
        logits = np.tensordot(instances.coefficients, prototypes, axes=1)
        return paint_instances(instances, logits, answer.letterbox.scale, answer.shape)


@dataclass(frozen=True)
class Instances:
    """Boxes (n, 4) x, y, x, y in input pixels, classes (n,), and mask coefficients (n, k); the least sure first."""

    boxes_xyxy: NDArray[np.float32]
    classes: NDArray[np.int64]
    coefficients: NDArray[np.float32]


def read_instances(found: NDArray[np.float32], classes: int, threshold: float) -> Instances:
    """Return the instances in a network's answer (4 + classes + coefficients, anchors), overlapping ones suppressed."""
    scores = found[4 : 4 + classes]
    sure = scores.max(axis=0) >= threshold
    x, y, width, height = found[:4, sure]
    best, class_ids = scores[:, sure].max(axis=0), scores[:, sure].argmax(axis=0)
    corners = np.stack([x - width / 2, y - height / 2, width, height], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(corners.tolist(), best.tolist(), class_ids.tolist(), threshold, OVERLAP_IOU)
    chosen = np.asarray(kept, dtype=np.int64).reshape(-1)
    chosen = chosen[np.argsort(best[chosen], kind="stable")]
    boxes = np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1)
    return Instances(boxes[chosen], class_ids[chosen].astype(np.int64), found[4 + classes :, sure].T[chosen])


def paint_instances(
    instances: Instances, logits: NDArray[np.float32], scale: float, shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return the class map (height, width) of a picture: each mask, cut off at its box, lies over those before it.

    `logits` (n, rows, columns) are the masks in cells of 4 input pixels, above 0 where the instance is; they are
    interpolated between the cells' centres. `scale` is input pixels a picture pixel.
    """
    painted = np.full(shape, class_id("surfaces", OTHER), np.uint8)
    step = scale / PROTOTYPE_CELL
    for box, number, mask in zip(instances.boxes_xyxy, instances.classes, logits, strict=True):
        left, top, right, bottom = np.round(box / scale).astype(int).clip(0, (shape[1], shape[0]) * 2)
        if left >= right or top >= bottom:
            continue
        x, y = ((first + 0.5) * step - 0.5 for first in (left, top))
        enlarged = cv2.warpAffine(
            np.ascontiguousarray(mask),
            np.array([[step, 0, x], [0, step, y]]),
            (int(right - left), int(bottom - top)),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        painted[top:bottom, left:right][enlarged > 0] = number
    return painted
