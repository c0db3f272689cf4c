"""What has to be rendered for each frame: a still base, and the rectangle in which something moves. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera
from datasets.render.solids import Point3
from datasets.render.story import Placed, Story

SUN_FROM: Point3 = (0.55, -0.62, 0.85)
"""Direction towards the stories' sun."""
MARGIN = 10
"""Pixels around what moves that are rendered with it; half of them are faded into the base."""

Crop = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Plate:
    """What a frame is made of: the base with what stands, and the crop with what moves.

    Plates are named after what they show, so that frames which show the same share them.
    """

    frame: int
    standing: tuple[Placed, ...]
    moving: tuple[Placed, ...]
    crop: Crop | None

    @property
    def base_name(self) -> str:
        """The file of the base."""
        return f"base-{_digest(self.standing)}.png"

    @property
    def crop_name(self) -> str:
        """The file of the crop."""
        return f"crop-{_digest((self.standing, self.moving, self.crop))}.png"


def _digest(shown: object) -> str:
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def with_shadow(points: NDArray[np.float64], sun_from: Point3 = SUN_FROM) -> NDArray[np.float64]:
    """Return the points together with their shadows on the ground."""
    away = np.array(sun_from) / sun_from[2]
    return np.concatenate([points, points - points[:, 2:] * away])


def _crop(
    points: Iterable[NDArray[np.float64]], camera: Camera, width: int, height: int, sun_from: Point3
) -> Crop | None:
    seen = [with_shadow(cloud, sun_from) for cloud in points if camera.box(cloud) is not None]
    boxes = [box for cloud in seen if (box := camera.box(cloud))]
    if not boxes:
        return None
    left, top = min(box[0] for box in boxes) * width, min(box[1] for box in boxes) * height
    right, bottom = max(box[2] for box in boxes) * width, max(box[3] for box in boxes) * height
    return (
        max(0, floor(left) - MARGIN),
        max(0, floor(top) - MARGIN),
        min(width, ceil(right) + MARGIN),
        min(height, ceil(bottom) + MARGIN),
    )


def plan(story: Story, width: int, height: int, sun_from: Point3 = SUN_FROM) -> list[Plate]:
    """Return what each frame is made of, where the sun stands in a direction."""
    plates = []
    for frame in range(story.clip.frames):
        placed = story.placed(frame)
        moving = tuple(thing for thing in placed if thing.moves)
        standing = tuple(thing for thing in placed if not thing.moves)
        crop = _crop((story.outline(thing) for thing in moving), story.clip.camera, width, height, sun_from)
        plates.append(Plate(frame, standing, moving, crop))
    return plates
