"""Finds people in a picture, so that they can be made unrecognisable; rather one too many than one too few."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import numpy as np
import supervision as sv
from numpy.typing import NDArray

from models.inference.detector import Detector
from models.registry.registry import DEFAULT_MODEL, load_model

PERSON = "person"
SCORE_THRESHOLD = 0.1
"""Low: a barrel that was blurred costs little, a worker who was not costs much."""
LARGEST_TILE = 640
"""Longest side of a tile in picture pixels: the network's own input, so that nothing in it is made smaller."""
OVERLAP = 0.25
"""Share of a tile that the next one sees too: who stands on a tile's edge is whole in its neighbour."""
BATCH = 4
IOU_OF_ONE = 0.5
"""Boxes that overlap this much are one person, seen in the whole picture and in tiles."""

Boxes = NDArray[np.float32]
"""(n, 4) float32: left, top, right, bottom in pixels."""


class FindsPeople(Protocol):
    """What tells where people are; the picture is BGR (height, width, 3) uint8."""

    def find(self, image: NDArray[np.uint8]) -> Boxes:
        """Return the people's boxes in the picture's pixels."""


class PersonFinder:
    """Looks at the whole picture and at overlapping tiles of it, for the small people; safe from several threads."""

    def __init__(self, detector: Detector) -> None:
        """`detector` has to have been asked for `person` alone."""
        self._detector = detector

    def find(self, image: NDArray[np.uint8]) -> Boxes:
        """Return the box of everybody found in the BGR picture (height, width, 3) uint8, in its pixels."""
        height, width = image.shape[:2]
        places = [(0, 0, width, height), *tiles(width, height)]
        boxes, scores = [np.empty((0, 4), np.float32)], [np.empty(0, np.float32)]
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            pictures = [image[top:bottom, left:right] for left, top, right, bottom in some]
            for (left, top, _, _), seen in zip(some, self._detector.detect(pictures), strict=True):
                boxes.append(np.asarray(seen.xyxy, np.float32) + np.array([left, top, left, top], np.float32))
                scores.append(np.asarray(seen.confidence, np.float32))
        found = sv.Detections(np.concatenate(boxes), confidence=np.concatenate(scores))
        if len(found) == 0:
            return np.empty((0, 4), np.float32)
        return np.asarray(found.with_nms(IOU_OF_ONE, class_agnostic=True).xyxy, np.float32)


@lru_cache(maxsize=1)
def person_finder() -> PersonFinder:
    """Return the finder over the detector in production, loaded once in a process. Raises ModelError."""
    return PersonFinder(Detector(load_model(DEFAULT_MODEL), [PERSON], score_threshold=SCORE_THRESHOLD))


def tiles(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Give overlapping squares that cover the picture: left, top, right, bottom in pixels.

    A small picture is cut too, at half its longer side, and so looked at twice as large.
    """
    side = max(1, min(LARGEST_TILE, max(width, height) // 2))
    for top in _starts(height, side):
        for left in _starts(width, side):
            yield left, top, min(left + side, width), min(top + side, height)


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = int(np.ceil((length - side) / (side * (1 - OVERLAP)))) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]
