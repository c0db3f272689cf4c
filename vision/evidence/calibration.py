"""Tells a camera's ground plane in the evidence: the points, how well they fit, and the homography."""

from collections.abc import Sequence
from math import fsum

from vision.evidence.manifest import Calibration, GroundPoint
from vision.ground_plane import USUAL_SIZE, Correspondence, GroundPlane


def calibration_of(ground: Sequence[Correspondence]) -> Calibration | None:
    """Return the calibration by points of known place on the ground; None where there are none."""
    if not ground:
        return None
    plane = GroundPlane(ground, USUAL_SIZE)
    first, second, third = ((float(a), float(b), float(c)) for a, b, c in plane.homography)
    return Calibration(
        points=[GroundPoint(at=point.at, metres=point.metres) for point in plane.points],
        picture_size=plane.size,
        reprojection_error_px=round(_root_mean_square([error.pixels for error in plane.errors]), 3),
        reprojection_error_m=round(_root_mean_square([error.metres for error in plane.errors]), 4),
        homography=(first, second, third),
    )


def _root_mean_square(errors: Sequence[float]) -> float:
    return float((fsum(error**2 for error in errors) / len(errors)) ** 0.5)
