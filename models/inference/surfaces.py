"""Tells what each part of a picture shows: bare soil, dust net, hoarding or something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.classes import OTHER
from models.errors import ModelError
from models.inference.letterbox import Letterbox
from models.inference.network import Network

CELL = 8
"""Input pixels a side of one cell of the network's answer."""
DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True)
class SurfaceMap:
    """What one picture shows, by cells.

    `probabilities` is float32 (classes, rows, columns), in the order of `names`, one of which is "other"; a cell is 8
    network-input pixels a side, the first lies at the picture's top left corner, and there is no padding but for what
    fills the last row and column. `scale` is input pixels a picture pixel; `shape` the picture's (height, width).
    """

    probabilities: NDArray[np.float32]
    names: tuple[str, ...]
    thresholds: Mapping[str, float]
    scale: float
    shape: tuple[int, int]

    def at_picture_size(self) -> NDArray[np.float32]:
        """Return the probabilities (classes, height, width), interpolated between the cells' centres."""
        step = self.scale / CELL
        shift = (step - 1) / 2  # pixels and cells are squares: their centres lie half a side from their corners
        to_cells = np.array([[step, 0, shift], [0, step, shift]])
        height, width = self.shape
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        enlarged = [
            cv2.warpAffine(layer, to_cells, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
            for layer in self.probabilities
        ]
        return np.asarray(enlarged, dtype=np.float32)

    def labels(self, thresholds: Mapping[str, float] | None = None) -> NDArray[np.uint8]:
        """Return the class of each pixel, (height, width), counted in the order of `names`.

        A pixel is the likeliest of our classes whose probability reaches its threshold, else "other". `thresholds`
        are by name and stand in place of the model card's; a class without one has 0.5.
        """
        return label(self.at_picture_size(), self.names, self.thresholds if thresholds is None else thresholds)

    def labels_at(self, points: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the classes (n) at points (n, 2), x and y relative to the picture: those of `labels`, at less cost."""
        return label(self.probabilities_at(points)[:, :, None], self.names, self.thresholds)[:, 0]

    def probabilities_at(self, points: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return the probabilities (classes, n) at points (n, 2), x and y relative to the picture."""
        height, width = self.shape
        x, y = ((points * (width, height) * self.scale / CELL - 0.5).astype(np.float32)[:, [axis]] for axis in (0, 1))
        layers = [
            cv2.remap(layer, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for layer in self.probabilities
        ]
        return np.asarray(layers, dtype=np.float32)[:, :, 0]


def label(
    probabilities: NDArray[np.float32], names: Sequence[str], thresholds: Mapping[str, float]
) -> NDArray[np.uint8]:
    """Return the class of each pixel (height, width) from probabilities (classes, height, width).

    See `SurfaceMap.labels`.
    """
    other = names.index(OTHER)
    least = np.array([thresholds.get(name, DEFAULT_THRESHOLD) for name in names], dtype=np.float32)
    reached = np.where(probabilities >= least[:, None, None], probabilities, np.float32(-1))
    reached[other] = np.float32(-0.5)
    return np.asarray(reached.argmax(axis=0), dtype=np.uint8)


class SurfaceSegmenter:
    """One segmentation network in one ONNX Runtime session; safe to call from several threads."""

    def __init__(self, model: VerifiedModel, *, input_size: int | None = None, threads: int = 0) -> None:
        """Start the session; `threads` of 0 leaves the number to the runtime. Raises ModelError."""
        card = model.card
        if card.task != "segment" or OTHER not in card.classes.values():
            raise ModelError(detail=f"{card.name} does not tell surfaces apart")
        self.model = model
        self.names = tuple(card.classes[class_id] for class_id in sorted(card.classes))
        self._size = input_size or card.input.size
        self._network = Network(model, threads)

    @property
    def providers(self) -> list[str]:
        """The hardware the session runs on, by ONNX Runtime's names."""
        return self._network.providers

    def segment(self, images: Sequence[NDArray[np.uint8]]) -> list[SurfaceMap]:
        """Return what each BGR picture (height, width, 3) uint8 shows. Pictures of one size share a batch."""
        maps: dict[int, SurfaceMap] = {}
        by_size = sorted(range(len(images)), key=lambda index: images[index].shape)
        for (height, width, _), group in groupby(by_size, key=lambda index: images[index].shape):
            indices = list(group)
            letterbox = Letterbox.fit(height, width, self._size, self.model.card.input.stride, centred=False)
            answers = self._run([letterbox.apply(images[index]) for index in indices])
            rows, columns = (-(-max(1, round(side * letterbox.scale)) // CELL) for side in (height, width))
            for index, answer in zip(indices, answers, strict=True):
                maps[index] = SurfaceMap(
                    probabilities=answer[:, :rows, :columns],
                    names=self.names,
                    thresholds=self.model.card.thresholds,
                    scale=letterbox.scale,
                    shape=(height, width),
                )
        return [maps[index] for index in range(len(images))]

    def _run(self, inputs: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Return the network's answer, (batch, classes, height / 8, width / 8)."""
        answer = self._network.run(inputs)
        height, width = inputs[0].shape[:2]
        expected = (len(inputs), len(self.names), height // CELL, width // CELL)
        if answer.shape != expected:
            raise ModelError(detail=f"{self.model.card.name} answered {answer.shape} instead of {expected}")
        return answer
