"""Remembers when each truck of a camera was seen best: large, sharp, whole, and from the front or the rear."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from vision.geometry import BboxXyxy
from vision.tracking import Sighting
from vision.truck_vote import FORGET_ABOVE, FORGET_AFTER

WITHIN = timedelta(seconds=20)
"""A view that is older gives way to a newer one: the packet memory, out of which the picture is taken, is short."""
COMPARED_WITH = timedelta(seconds=1)
"""A box is compared with the one this much before it, to tell which way the truck goes."""
LEAST_WAY = 0.05
"""A truck whose box moved or grew by less of its size than this shows nothing of its way."""
SIDE_SHARE = 0.25
"""Of growing and moving sideways together, the share of growing under which a truck is seen from its side alone. One
that crosses the picture slantwise (0.4 on the rendered gate) shows its front or rear too."""
MARGIN = 0.15
"""Around the box, in its widths and heights: a picture taken a moment before or after holds the truck too."""
BORDER = 0.004
"""Share of the picture within which a box touches its border: a part of the truck is not seen."""
CUT_OFF, SPRAYED, FROM_THE_SIDE = 0.3, 0.3, 0.6
"""What a view is worth, of a whole one, where the border cuts the truck, where spray hides it, and from its side."""


class Facing(StrEnum):
    """Which end of the truck is seen."""

    FRONT = "front"
    REAR = "rear"
    SIDE = "side"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class BestView:
    """When (UTC) and where (relative box) a truck was seen best, and which end of it; `worth` compares views."""

    captured_at: datetime
    bbox_xyxy: BboxXyxy
    facing: Facing
    worth: float


@dataclass(frozen=True)
class TruckPicture:
    """A truck alone, BGR (height, width, 3) uint8, cut out of the picture captured at `captured_at` (UTC)."""

    captured_at: datetime
    image: NDArray[np.uint8]


@dataclass
class _Way:
    recent: deque[Sighting] = field(default_factory=deque)
    best: BestView | None = None


class BestViews:
    """The best view of each vehicle of one camera, of those that were looked at closely."""

    def __init__(self) -> None:
        self._ways: dict[int, _Way] = {}

    def add(self, sighting: Sighting) -> None:
        """Take in a sighting, in order of time; one whose sharpness is not known shows the way alone."""
        way = self._ways.setdefault(sighting.track_id, _Way())
        way.recent.append(sighting)
        while len(way.recent) > 2 and sighting.captured_at - way.recent[1].captured_at >= COMPARED_WITH:
            way.recent.popleft()
        if sighting.sharpness is None:
            return
        is_going = not sighting.is_standing
        facing = facing_of(way.recent[0].bbox_xyxy, sighting.bbox_xyxy) if is_going else Facing.UNKNOWN
        view = BestView(sighting.captured_at, sighting.bbox_xyxy, facing, worth_of(sighting, facing))
        if way.best is None or view.worth > way.best.worth or view.captured_at - way.best.captured_at > WITHIN:
            way.best = view
        if len(self._ways) > FORGET_ABOVE:
            self._forget_before(sighting.captured_at - FORGET_AFTER)

    def best_of(self, track_id: int) -> BestView | None:
        """Return a vehicle's best view, None where it was never looked at closely."""
        way = self._ways.get(track_id)
        return None if way is None else way.best

    def _forget_before(self, oldest: datetime) -> None:
        self._ways = {track: way for track, way in self._ways.items() if way.recent[-1].captured_at >= oldest}


def picture_of(image: NDArray[np.uint8], view: BestView) -> NDArray[np.uint8]:
    """Return the truck with a margin around it, cut out of the BGR picture (height, width, 3) of that moment."""
    height, width = image.shape[:2]
    left, top, right, bottom = view.bbox_xyxy
    return image[_with_margin(top, bottom, height), _with_margin(left, right, width)].copy()  # frees the whole


def _with_margin(start: float, end: float, pixels: int) -> slice:
    """Return the pixels from `start` to `end` (shares of all `pixels`) with the margin, one at least."""
    margin = (end - start) * MARGIN
    first = min(max(0, int((start - margin) * pixels)), pixels - 1)
    return slice(first, max(first + 1, ceil((end + margin) * pixels)))


def facing_of(before: BboxXyxy, now: BboxXyxy) -> Facing:
    """Tell which end is seen of a truck whose box went from one place to another: it drives forward.

    One that grows approaches and shows its front, one that shrinks recedes and shows its rear; one that moves sideways
    much more than it grows shows its side.
    """
    grown = log((now[3] - now[1]) / max(1e-9, before[3] - before[1]) or 1e-9)
    sideways = abs((now[0] + now[2]) - (before[0] + before[2])) / 2 / max(1e-9, now[2] - now[0])
    if abs(grown) + sideways < LEAST_WAY:
        return Facing.UNKNOWN
    if abs(grown) < SIDE_SHARE * (abs(grown) + sideways):
        return Facing.SIDE
    return Facing.FRONT if grown > 0 else Facing.REAR


def worth_of(sighting: Sighting, facing: Facing) -> float:
    """Return what a view is worth: its share of the picture times its sharpness, less where something is not seen.

    The sharpness counts by its root, so that twice as sharp is worth less than twice as large.
    """
    left, top, right, bottom = sighting.bbox_xyxy
    is_whole = left > BORDER and top > BORDER and right < 1 - BORDER and bottom < 1 - BORDER
    worth = (right - left) * (bottom - top) * float((sighting.sharpness or 0.0) ** 0.5)
    worth *= 1.0 if is_whole else CUT_OFF
    worth *= SPRAYED if sighting.has_spray else 1.0
    return worth * (FROM_THE_SIDE if facing is Facing.SIDE else 1.0)
