"""Tells a lorry from a car by its size on the ground, where the camera is calibrated.

A box that a lorry of the smallest size would fill at no heading, standing where the box stands, shows something
smaller. A detector that calls a car a truck, at dusk for instance, does so in view after view, and no vote mends that.
"""

import numpy as np
from numpy.typing import NDArray

from vision.camera_pose import CameraPose, plane_and_pose
from vision.geometry import BboxXyxy, foot
from vision.ground_plane import Correspondence, GroundPlane

SMALLEST_LORRY_M = (5.5, 2.0, 2.3)
"""Length, width and height of the smallest lorry that is counted: a light dump or box lorry."""
HEADINGS = np.radians(np.arange(0, 180, 10))
STEPS = 4
"""How often the lorry is moved until its box stands where the other does; after three it moves by less than a pixel."""
AT_EDGE = 0.004
"""A box so near to the picture's edge (share of it) may be cut off there."""


class LorrySize:
    """Measures boxes of one calibrated camera against the smallest lorry."""

    def __init__(self, plane: GroundPlane, pose: CameraPose) -> None:
        self._plane = plane
        self._pose = pose
        length, width, self._height = SMALLEST_LORRY_M
        along = np.stack([np.cos(HEADINGS), np.sin(HEADINGS)], axis=1) * length / 2
        across = np.stack([-np.sin(HEADINGS), np.cos(HEADINGS)], axis=1) * width / 2
        self._corners = np.stack([i * along + j * across for i in (-1, 1) for j in (-1, 1)], axis=1)

    @classmethod
    def of(cls, ground: tuple[Correspondence, ...], size: tuple[int, int]) -> "LorrySize | None":
        """Return what measures for pictures of this size, width and height; None where the points tell no pose."""
        known = plane_and_pose(ground, size)
        return None if known is None else cls(*known)

    def share(self, bbox_xyxy: BboxXyxy) -> float | None:
        """Return how large what is in a relative box is, as a share of the smallest lorry at its likeliest heading.

        The smaller one of its shares of the lorry's width and height on the picture. None for a box at the picture's
        edge, and where the ground can't be told.
        """
        left, top, right, bottom = bbox_xyxy
        if min(left, top, 1 - right, 1 - bottom) < AT_EDGE:
            return None
        feet = np.array([foot(bbox_xyxy)])
        place = self._plane.to_ground(feet)[0]
        middles = np.repeat(place[None], len(HEADINGS), axis=0)
        for _ in range(STEPS):
            boxes = self._boxes(middles)
            stands = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
            middles = middles + place - self._plane.to_ground(stands)
        boxes = self._boxes(middles)
        shares = np.minimum((right - left) / (boxes[:, 2] - boxes[:, 0]), (bottom - top) / (boxes[:, 3] - boxes[:, 1]))
        return None if np.isnan(shares).all() else float(np.nanmax(shares))

    def _boxes(self, middles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the relative boxes (headings, 4) of the lorry standing in these places (headings, 2), metres."""
        corners = (middles[:, None] + self._corners).reshape(-1, 2)
        seen = [self._pose.to_picture(corners, height).reshape(len(HEADINGS), -1, 2) for height in (0.0, self._height)]
        points = np.concatenate(seen, axis=1)
        return np.concatenate([points.min(axis=1), points.max(axis=1)], axis=1)
