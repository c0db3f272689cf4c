"""How a camera hangs, told by its ground plane: where on the picture things of some height are seen.

A homography of a plane leaves the focal length open, but for a camera with square pixels whose optical axis passes the
picture's middle: two of its columns are then the images of perpendicular directions of one length (Zhang, "A flexible
new technique for camera calibration", 2000, section 3.1). Lens distortion is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from vision.ground_plane import Array, Correspondence, GroundPlane, MetrePoint, Size

SHORTEST_FOCAL, LONGEST_FOCAL = 0.2, 20.0
"""In picture widths: views of 136 and of 3 degrees. Of a camera that looks straight down, anything would fit."""


@dataclass(frozen=True)
class CameraPose:
    """A camera above its ground plane.

    `projection` (3, 4) takes a place in metres (x, y, height, 1) to its relative place on the picture, homogeneous,
    with a positive third component before the camera.
    """

    projection: NDArray[np.float64]

    @classmethod
    def of(cls, homography: Array, size: Size) -> "CameraPose | None":
        """Return the pose of a plane's homography (picture to metres) for pictures of this size, width and height.

        None where it tells none: for a camera that looks straight down, and where clicks or a lens leave no focal
        length that fits.
        """
        if not np.isfinite(homography).all():
            return None
        width, height = size
        to_pixels = np.array([[width, 0, -width / 2], [0, height, -height / 2], [0, 0, 1.0]])
        seen = to_pixels @ np.linalg.inv(homography)
        focal = _focal_length(seen)
        if not SHORTEST_FOCAL <= focal / width <= LONGEST_FOCAL:
            return None
        x, y, _ = (seen / [[focal], [focal], [1.0]]).T
        scale = float(np.sqrt(np.linalg.norm(x) * np.linalg.norm(y)))
        up = np.cross(x, y) / scale * [focal, focal, 1.0]
        return cls(np.linalg.inv(to_pixels) @ np.column_stack([seen[:, 0], seen[:, 1], up, seen[:, 2]]))

    def to_picture(self, places: Sequence[MetrePoint] | Array, height_m: float) -> Array:
        """Return the relative places (n, 2), which may lie off the picture, of what is so high above places (n, 2)."""
        ground = np.asarray(places, dtype=np.float64)
        there = np.column_stack([ground, np.full(len(ground), height_m), np.ones(len(ground))]) @ self.projection.T
        depths = np.where(there[:, 2] > 0, there[:, 2], nan)
        return np.asarray(there[:, :2] / depths[:, None])


def plane_and_pose(ground: Sequence[Correspondence], size: Size) -> tuple[GroundPlane, CameraPose] | None:
    """Return what points on the ground tell of a camera; None where there are none, or they tell no pose."""
    if not ground:
        return None
    plane = GroundPlane(ground, size)
    pose = CameraPose.of(plane.homography, size)
    return None if pose is None else (plane, pose)


def _focal_length(seen: Array) -> float:
    """Return the focal length in pixels that fits a homography from metres to centred pixels best; nan without one.

    Both conditions are linear in 1 / f²; their sum of squares does not depend on how the plane's axes are turned.
    """
    x, y = seen[:, 0], seen[:, 1]
    across = np.array([x[:2] @ y[:2], (x[:2] @ x[:2] - y[:2] @ y[:2]) / 2])
    ahead = np.array([x[2] * y[2], (x[2] ** 2 - y[2] ** 2) / 2])
    inverse_square = -float(across @ ahead) / float(across @ across) if across.any() else nan
    return inverse_square**-0.5 if inverse_square > 0 else nan
