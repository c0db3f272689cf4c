"""Fits a picture into the network's input without distorting it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PADDING_LEVEL = 114
"""The grey that YOLO networks are trained to see as nothing."""


@dataclass(frozen=True)
class Letterbox:
    """How a picture was scaled and padded, so that boxes can be brought back.

    `shape` is the input's (height, width); `scale` input pixels a picture pixel; `left` and `top` the padding.
    """

    shape: tuple[int, int]
    scale: float
    left: int
    top: int

    @classmethod
    def fit(cls, height: int, width: int, size: int, stride: int, *, centred: bool = True) -> "Letterbox":
        """Scale the longer side to `size` pixels and pad the shorter to the next multiple of `stride`.

        The picture lies in the middle, or at the top left where it is not `centred`. A `stride` of `size` makes a
        square.
        """
        scale = size / max(height, width)
        scaled_height, scaled_width = max(1, round(height * scale)), max(1, round(width * scale))
        input_height, input_width = -(-scaled_height // stride) * stride, -(-scaled_width // stride) * stride
        left, top = (input_width - scaled_width) // 2, (input_height - scaled_height) // 2
        if not centred:
            left, top = 0, 0
        return cls(shape=(input_height, input_width), scale=scale, left=left, top=top)

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the BGR picture (height, width, 3) uint8 scaled and padded to `shape`."""
        height, width = image.shape[:2]
        scaled_width, scaled_height = max(1, round(width * self.scale)), max(1, round(height * self.scale))
        if (scaled_height, scaled_width) != (height, width):
            image = np.asarray(cv2.resize(image, (scaled_width, scaled_height)), dtype=np.uint8)
        padded = np.full((*self.shape, 3), PADDING_LEVEL, dtype=np.uint8)
        padded[self.top : self.top + scaled_height, self.left : self.left + scaled_width] = image
        return padded

    def restore(self, boxes_xyxy: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        """Bring boxes (n, 4) from input pixels back to the picture's, cut off at its borders."""
        shifted = boxes_xyxy - np.array([self.left, self.top, self.left, self.top], dtype=np.float32)
        limits = np.array([width, height, width, height], dtype=np.float32)
        restored: NDArray[np.float32] = np.clip(shifted / np.float32(self.scale), 0, limits).astype(np.float32)
        return restored
