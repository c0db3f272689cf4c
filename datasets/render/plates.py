"""What has to be rendered for each frame: a still base, and the rectangle in which something moves. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, floor, sin

import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera
from datasets.render.story import Actor, Pose, Story
from datasets.render.truck import outline_points

SUN_FROM = (0.55, -0.62, 0.85)
"""Direction towards the sun."""
MARGIN = 10
"""Pixels around what moves that are rendered with it; half of them are faded into the base."""

Crop = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True)
class Plate:
    """What a frame is made of: the base with the trucks that stand, and the crop with those that move."""

    frame: int
    standing: frozenset[str]
    crop: Crop | None

    @property
    def base_name(self) -> str:
        """The file of the base."""
        return f"base-{'-'.join(sorted(self.standing)) or 'empty'}.png"

    @property
    def crop_name(self) -> str:
        """The file of the crop."""
        return f"crop-{self.frame:05d}.png"


@lru_cache
def _outline(axles: int) -> NDArray[np.float64]:
    return np.array(outline_points(axles))


def placed(actor: Actor, pose: Pose) -> NDArray[np.float64]:
    """Return the points of a truck's outline where it is."""
    points = _outline(actor.axles)
    c, s = cos(pose.heading), sin(pose.heading)
    x = pose.x + points[:, 0] * c - points[:, 1] * s
    y = pose.y + points[:, 0] * s + points[:, 1] * c
    return np.stack([x, y, points[:, 2]], axis=1)


def with_shadow(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points together with their shadows on the ground."""
    away = np.array(SUN_FROM) / SUN_FROM[2]
    return np.concatenate([points, points - points[:, 2:] * away])


def _crop(points: Iterable[NDArray[np.float64]], camera: Camera, width: int, height: int) -> Crop | None:
    boxes = [box for cloud in points if camera.box(cloud) is not None and (box := camera.box(with_shadow(cloud)))]
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


def plan(story: Story, camera: Camera, width: int, height: int) -> list[Plate]:
    """Return what each frame is made of."""
    actors = {actor.truck_id: actor for actor in story.actors}
    plates = []
    for frame in range(story.frames):
        standing = story.standing(frame)
        moving = {truck_id: pose for truck_id, pose in story.poses(frame).items() if truck_id not in standing}
        clouds = [placed(actors[truck_id], pose) for truck_id, pose in moving.items()]
        plates.append(Plate(frame, standing, _crop(clouds, camera, width, height)))
    return plates
