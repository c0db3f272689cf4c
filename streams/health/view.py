"""Tells whether a camera still looks where it was commissioned to: matched points of the picture, a homography."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.frames import BgrImage
from streams.health.observation import Finding
from streams.health.parameters import HealthParameters
from streams.health.picture import GreyImage, grey, is_daylight

POINTS = 700
BAND = 0.11
"""Share of the height at top and bottom where on-screen text would match itself wherever the camera looks."""
RATIO = 0.8
"""A match is kept when the second best is this much worse."""
TOLERANCE_PX = 4.0
OUTER = 75
"""Percentile of the shifts: a turn about the middle moves the outer points most."""
LEAST_POINTS = 150
"""A picture with fewer points has nothing that a view could be told by."""
FEW_INLIERS = 12
NOTHING_IN_COMMON = 20
"""Fewer agreeing points than this are chance: panels of a hoarding resemble one another."""
STRONG = 1.5
"""A view that held this many times the inliers needed and then none within `RECENT` has turned away."""
RECENT = timedelta(seconds=240)


@dataclass(frozen=True)
class ViewPoints:
    """A picture's points: `places` float32 (N, 2) in pixels (x, y), `descriptors` uint8 (N, 32); and its light."""

    places: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    width: int
    height: int
    luma: float
    by_day: bool

    def has_light_of(self, other: "ViewPoints") -> bool:
        """Tell whether both were taken by day, and about as bright."""
        dark, bright = sorted((self.luma, other.luma))
        return self.by_day and other.by_day and bright <= 1.7 * dark


@dataclass(frozen=True)
class ViewMatch:
    """How well two pictures' points agree; `displacement` is what three quarters of the agreeing points keep below."""

    inliers: int
    displacement: float


def find_points(image: BgrImage) -> ViewPoints:
    """Find a picture's points (ORB); some milliseconds at 640x360."""
    picture = grey(image)
    keypoints, descriptors = cv2.ORB.create(nfeatures=POINTS, fastThreshold=10).detectAndCompute(
        picture, _without_bands(picture)
    )
    places = np.array([point.pt for point in keypoints], np.float32).reshape(-1, 2)
    found = np.zeros((0, 32), np.uint8) if descriptors is None else np.asarray(descriptors, dtype=np.uint8)
    height, width = picture.shape
    return ViewPoints(places, found, width, height, float(picture.mean()), is_daylight(image))


def match_views(reference: ViewPoints, now: ViewPoints) -> ViewMatch:
    """Match two pictures' points; without a homography the displacement is 0 and there are no inliers."""
    none = ViewMatch(0, 0.0)
    if min(len(reference.places), len(now.places)) < FEW_INLIERS:
        return none
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(reference.descriptors, now.descriptors, k=2)
    kept = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(kept) < FEW_INLIERS:
        return none
    scale = np.array([reference.width / now.width, reference.height / now.height], np.float32)
    before = reference.places[[match.queryIdx for match in kept]]
    after = now.places[[match.trainIdx for match in kept]] * scale
    homography, mask = cv2.findHomography(before, after, cv2.USAC_MAGSAC, TOLERANCE_PX)
    if homography is None or not _is_plausible(homography):
        return none
    agreeing = mask.ravel().astype(bool)
    # Of the points, not of the picture's corners: a homography of points in one place tells nothing of another.
    shifts = np.linalg.norm(after[agreeing] - before[agreeing], axis=1)
    return ViewMatch(int(agreeing.sum()), float(np.percentile(shifts, OUTER)) / reference.width)


class ViewWatch:
    """Compares a camera's view with its reference; remembers when the two last matched."""

    def __init__(self, reference: ViewPoints, parameters: HealthParameters, *, commissioned: bool) -> None:
        self._reference = reference
        self._parameters = parameters
        self._commissioned = float(commissioned)
        self._last: tuple[ViewPoints, datetime] | None = None

    def look(self, image: BgrImage, at: datetime) -> Finding:
        """Judge whether the view moved; without a judgement when too little of the picture can be matched."""
        now = find_points(image)
        match = match_views(self._reference, now)
        figures = {"inliers": float(match.inliers), "commissioned": self._commissioned}
        if match.inliers >= self._parameters.view_inliers:
            if match.inliers >= STRONG * self._parameters.view_inliers:
                self._last = (now, at)
            moved = match.displacement >= self._parameters.moved_share
            return Finding(moved, figures | {"displacement_share": match.displacement})
        if self._turned_away(now, match, at):
            return Finding(True, figures | {"points": float(len(now.places))})
        return Finding(None)

    def _turned_away(self, now: ViewPoints, match: ViewMatch, at: datetime) -> bool:
        """Tell whether a view that matched well shortly before, in the same light, has nothing in common with this."""
        if self._last is None or match.inliers >= NOTHING_IN_COMMON or len(now.places) < LEAST_POINTS:
            return False
        last, seen_at = self._last
        if not timedelta(0) <= at - seen_at <= RECENT or not now.has_light_of(last):
            return False
        return match_views(last, now).inliers < NOTHING_IN_COMMON


def _without_bands(picture: GreyImage) -> GreyImage:
    mask = np.full(picture.shape, 255, np.uint8)
    rows = round(BAND * picture.shape[0])
    mask[:rows] = 0
    mask[-rows:] = 0
    return mask


def _is_plausible(homography: "cv2.typing.MatLike") -> bool:
    """Tell whether the mapping could be a camera's: neither mirrored nor collapsed."""
    return 0.2 < float(np.linalg.det(homography[:2, :2])) < 5.0
