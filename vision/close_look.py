"""Looks closely at the vehicles of one picture: how muddy, and how sharp, each of them is seen."""

from collections.abc import Callable

import cv2
import numpy as np
import supervision as sv
from numpy.typing import NDArray

from models.inference.detector import CLASS_SCORES
from models.inference.mud import MudClassifier, crop
from vision.geometry import BboxXyxy

MUD, SHARPNESS = "mud", "sharpness"
"""Keys in `sv.Detections.data`, float32 (n,): the probability of mud, and the sharpness; NaN where not judged."""
LEAST_SIDE_PX = 64
"""The shorter side of a box that shows its mud. The classifier has learnt from 32 pixels on, but under 60 clean lorries
of real compressed video look muddy to it (up to 0.99), and from 64 on hardly ever (0.28 and less)."""
LEAST_HEAVY_SHARE = 0.5
"""Share of a single picture's scores that is not `car`'s; whether it is a truck is told over the whole track."""
SHARPNESS_SIZE = 128
"""Crops are brought to so many pixels square before their sharpness is told, so that large and small ones compare."""


def look_closely(
    image: NDArray[np.uint8], vehicles: sv.Detections, mud: MudClassifier, is_asked: Callable[[BboxXyxy], bool]
) -> sv.Detections:
    """Return the vehicles of a BGR picture (height, width, 3) with `MUD` and `SHARPNESS` in their data.

    Judged are heavy vehicles that are large enough, of those whose relative box `is_asked` about.
    """
    height, width = image.shape[:2]
    probability, sharpness = (np.full(len(vehicles), np.nan, dtype=np.float32) for _ in range(2))
    judged = [
        index
        for index in range(len(vehicles))
        if _is_worth_it(vehicles, index) and is_asked(_relative(vehicles.xyxy[index], width, height))
    ]
    crops = [crop(image, vehicles.xyxy[index].astype(np.float32)) for index in judged]
    probability[judged] = mud.judge_crops(crops)
    sharpness[judged] = [sharpness_of(picture) for picture in crops]
    vehicles.data |= {MUD: probability, SHARPNESS: sharpness}
    return vehicles


def sharpness_of(picture: NDArray[np.uint8]) -> float:
    """Return the variance of the Laplacian of a BGR picture brought to one size: the more fine detail, the higher."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    same_size = cv2.resize(grey, (SHARPNESS_SIZE, SHARPNESS_SIZE), interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(same_size, cv2.CV_32F).var())


def _is_worth_it(vehicles: sv.Detections, index: int) -> bool:
    left, top, right, bottom = vehicles.xyxy[index]
    car, *heavy = (float(score) for score in vehicles.data[CLASS_SCORES][index])
    is_heavy = sum(heavy) >= LEAST_HEAVY_SHARE * (car + sum(heavy))
    return bool(is_heavy and min(right - left, bottom - top) >= LEAST_SIDE_PX)


def _relative(box: NDArray[np.float32], width: int, height: int) -> BboxXyxy:
    left, top, right, bottom = (float(edge) for edge in box)
    return left / width, top / height, right / width, bottom / height
