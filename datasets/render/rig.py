"""Rigs: things of stiff parts that turn against each other, such as an excavator's arm. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from datasets.render.solids import Point3, Solid
from datasets.render.story import Points, Pose

Matrix = NDArray[np.float64]
"""(4, 4): from a part's own metres to the scene's."""


@dataclass(frozen=True)
class Rig:
    """Parts by name, each around its own origin, and where a pose puts each of them."""

    parts: Mapping[str, Sequence[Solid]]
    matrices: Callable[[Pose], Mapping[str, Matrix]]
    paint: str = ""

    def outline(self, pose: Pose) -> Points:
        """Return all vertices of the parts where the pose puts them."""
        placed = self.matrices(pose)
        clouds = [
            np.array([vertex for solid in solids for vertex in solid.vertices]) @ placed[name][:3, :3].T
            + placed[name][:3, 3]
            for name, solids in self.parts.items()
        ]
        return np.concatenate(clouds)


def moved(to: Point3) -> Matrix:
    """Return the matrix that moves."""
    matrix = np.eye(4)
    matrix[:3, 3] = to
    return matrix


def turned(angle: float) -> Matrix:
    """Return the matrix that turns about z, from +x towards +y."""
    matrix = np.eye(4)
    matrix[:2, :2] = [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]
    return matrix


def raised(angle: float) -> Matrix:
    """Return the matrix that turns about y, from +x upwards."""
    matrix = np.eye(4)
    matrix[np.ix_([0, 2], [0, 2])] = [[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]
    return matrix


def stands(pose: Pose, height: float = 0.0) -> Matrix:
    """Return the matrix of what stands on the ground at a pose."""
    return np.asarray(moved((pose.x, pose.y, height)) @ turned(pose.heading))
