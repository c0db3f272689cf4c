"""Puts the plates together to the pictures a surveillance camera would send: soft lens, noise, clock."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from datasets.render.plates import MARGIN, Crop, Plate
from datasets.render.story import Clip, Image, Story

NOISE = 2.2
GAMMA = 1.55
"""Above 1, the camera's picture has more contrast in its bright parts."""
FADE = MARGIN // 2


class PlateMissing(Exception):
    """A plate that a picture needs has not been rendered."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} has not been rendered")


def _read(path: Path) -> Image:
    image = cv2.imread(str(path))
    if image is None:
        raise PlateMissing(path)
    return np.asarray(image, np.uint8)


def faded(base: Image, part: Image, crop: Crop) -> Image:
    """Return the base with the part laid over it, its edges faded where they are not the picture's."""
    left, top, right, bottom = crop
    height, width = base.shape[:2]
    if part.shape[:2] != (bottom - top, right - left):
        part = np.asarray(cv2.resize(part, (right - left, bottom - top)), np.uint8)
    inside = np.zeros((bottom - top + 2, right - left + 2), np.uint8)
    inside[1:-1, 1:-1] = 1
    for at_edge, edge in (
        (left == 0, np.s_[:, 0]),
        (top == 0, np.s_[0]),
        (right == width, np.s_[:, -1]),
        (bottom == height, np.s_[-1]),
    ):
        if at_edge:
            inside[edge] = 1
    weight = np.minimum(cv2.distanceTransform(inside, cv2.DIST_C, 3)[1:-1, 1:-1] / FADE, 1.0)[:, :, None]
    made = base.copy()
    made[top:bottom, left:right] = part * weight + base[top:bottom, left:right] * (1 - weight)
    return made


def _caption(image: Image, clip: Clip, frame: int) -> None:
    """Burn the clock and the camera's name into the picture."""
    height, width = image.shape[:2]
    scale = height / 720
    texts = ((f"{clip.clock(frame):%Y-%m-%d %H:%M:%S}", 0.02, 0.055), (clip.caption, 0.8, 0.965))
    for text, x, y in texts:
        place = (round(x * width), round(y * height))
        for dx, dy in ((1, 1), (-1, 0), (0, -1)):
            shifted = (place[0] + dx, place[1] + dy)
            cv2.putText(image, text, shifted, cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), 1, cv2.LINE_AA)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (245, 245, 245), 1, cv2.LINE_AA)


def composed(story: Story, plate: Plate, folder: Path, bases: dict[str, Image]) -> Image:
    """Return what a plate shows, as rendered; `bases` remembers what was read. Raises PlateMissing."""
    if plate.base_name not in bases:
        bases[plate.base_name] = _read(folder / plate.base_name)
    image = bases[plate.base_name]
    if plate.crop is not None:
        image = faded(image, _read(folder / plate.crop_name), plate.crop)
    return story.overlay(image, plate.frame)


def pictures(story: Story, plates: Sequence[Plate], folder: Path) -> Iterator[Image]:
    """Yield the finished picture of each plate; raises PlateMissing."""
    bases: dict[str, Image] = {}
    for plate in plates:
        image = composed(story, plate, folder, bases)
        soft = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.45), np.float64)
        soft = 255 * (soft / 255) ** GAMMA
        random = np.random.default_rng((story.clip.seed, plate.frame, 1))
        soft += random.normal(0, NOISE, soft.shape)
        made = np.asarray(np.clip(soft, 0, 255), np.uint8)
        _caption(made, story.clip, plate.frame)
        yield made
