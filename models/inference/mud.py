"""Tells whether a truck in a picture is muddy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.data.crops import padded_crop
from models.errors import ModelError
from models.inference.letterbox import Letterbox
from models.inference.network import Network

MUDDY = "muddy"
DEFAULT_THRESHOLD = 0.5


class MudClassifier:
    """One classification network in one ONNX Runtime session; safe to call from several threads."""

    def __init__(self, model: VerifiedModel, *, threads: int = 0) -> None:
        """Start the session; `threads` of 0 leaves the number to the runtime. Raises ModelError."""
        ids = {name: class_id for class_id, name in model.card.classes.items()}
        if model.card.task != "classify" or MUDDY not in ids:
            raise ModelError(detail=f"{model.card.name} does not tell muddy trucks from clean ones")
        self.model = model
        self._muddy = ids[MUDDY]
        self._size = model.card.input.size
        self._network = Network(model, threads)

    def judge(
        self, images: Sequence[NDArray[np.uint8]], boxes_xyxy: Sequence[NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Return the probability (n,) that the truck in each picture is muddy.

        Picture n is BGR (height, width, 3) uint8 and box n (4,) is the truck's in its pixels; for two trucks in one
        picture, give the picture twice.
        """
        return self.judge_crops([crop(image, box) for image, box in zip(images, boxes_xyxy, strict=True)])

    def judge_crops(self, crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Return the probability (n,) that the truck is muddy, from pictures that `crop` made."""
        if not crops:
            return np.empty(0, dtype=np.float32)
        inputs = [
            Letterbox.fit(picture.shape[0], picture.shape[1], self._size, self._size).apply(picture)
            for picture in crops
        ]
        answer = self._network.run(inputs)
        if answer.shape != (len(crops), len(self.model.card.classes)):
            raise ModelError(detail=f"{self.model.card.name} answered {answer.shape}")
        return answer[:, self._muddy]


def crop(image: NDArray[np.uint8], box_xyxy: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the part of the picture (height, width, 3) inside the box (4,) with its padding, at least one pixel."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (float(side) for side in box_xyxy)
    left, top, right, bottom = padded_crop((x1, y1, x2, y2), (width, height))
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return image[top : max(bottom, top + 1), left : max(right, left + 1)]
