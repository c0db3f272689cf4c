"""The upper part of a hoarding, where the camera is calibrated: tells what stands low before it from a gap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.camera_pose import plane_and_pose
from vision.ground_plane import Correspondence
from vision.perimeter import PARTS, Perimeter

HEIGHTS_M = (1.2, 1.4, 1.6, 1.8)
"""Above pallets and barriers, up to the least height that a hoarding may have at any road: JGJ 59-2011, 3.2.3."""
SURE_FROM = 0.7
"""So likely has hoarding to be in the upper part to outweigh what the lower one shows."""


@dataclass(frozen=True)
class HoardingTop:
    """Where it is looked at: `points` (PARTS, heights, 2), relative; `is_seen` (PARTS) which are in the picture."""

    points: NDArray[np.float64]
    is_seen: NDArray[np.bool_]

    @classmethod
    def of(
        cls, perimeter: Perimeter, ground: tuple[Correspondence, ...], size: tuple[int, int]
    ) -> "HoardingTop | None":
        """Place it for pictures of this size, width and height; None where the points on the ground tell no pose."""
        known = plane_and_pose(ground, size)
        if known is None:
            return None
        plane, pose = known
        places = plane.to_ground(perimeter.lattice(PARTS, np.zeros(1))[:, 0])
        points = np.stack([pose.to_picture(places, height) for height in HEIGHTS_M], axis=1)
        is_seen = np.asarray(((points >= 0) & (points <= 1)).all(axis=(1, 2)), dtype=np.bool_)
        return cls(np.where(is_seen[:, None, None], points, 0.0), is_seen)


def outweighed(covered: NDArray[np.float32], top: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how likely hoarding is in each part (PARTS) when the upper part of it is likely by `top`; NaN stays."""
    is_sure = ~np.isnan(covered) & (np.nan_to_num(top) >= SURE_FROM)
    return np.where(is_sure, np.maximum(covered, top), covered)
