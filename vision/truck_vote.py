"""Decides over a whole track whether a vehicle is a truck: single frames err, tracks seldom do."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from vision.tracking import Sighting

VEHICLE_CLASSES = ("car", "bus", "truck")
"""The detector's classes that compete for a vehicle, in the order of `Sighting.class_scores`."""
LEAST_HEAVY_SHARE = 0.87
"""Share of `bus` and `truck` in all votes. Distant lorries are called buses, high vans trucks in many frames; on real
clips lorries had 0.90 and more, vans 0.84 and less."""
MOST_BUS_SHARE = 0.85
"""More votes than this for `bus` alone make it a coach; lorries had up to 0.75."""
LEAST_FRAMES = 3
LEAST_SIZE = 0.9
"""A vehicle smaller than this share of the smallest lorry is none, whatever it looks like. On rendered training scenes
lorries had 1.04 and more, of the cars nine in ten less than this and the largest 0.93."""
SIZE_QUANTILE = 0.75
"""Which view counts for the size: a lorry that is half hidden in most of them looks small there."""
MOST_SIZES = 200
FORGET_AFTER = timedelta(minutes=2)
FORGET_ABOVE = 1000


@dataclass
class TruckVote:
    """The votes for one vehicle: its class scores, each frame weighted by the box's height (near views tell more)."""

    votes: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(VEHICLE_CLASSES)))
    frames: int = 0
    sizes: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_SIZES))
    """As shares of the smallest lorry (`vision.lorry_size`), newest last; none where the camera is not calibrated."""
    last_at: datetime | None = None

    def add(self, sighting: Sighting, size: float | None = None) -> None:
        """Count one frame, and the vehicle's `size` in it where it is known."""
        if size is not None:
            self.sizes.append(size)
        _, top, _, bottom = sighting.bbox_xyxy
        self.votes += np.array(sighting.class_scores) * (bottom - top)
        self.frames += 1

    @property
    def is_truck(self) -> bool:
        """Tell whether the vehicle is a truck as far as is known."""
        total = self.votes.sum()
        if self.frames < LEAST_FRAMES or total <= 0:
            return False
        car, bus, _ = self.votes / total
        return bool(1 - car >= LEAST_HEAVY_SHARE and bus <= MOST_BUS_SHARE) and not self.is_too_small

    @property
    def is_too_small(self) -> bool:
        """Tell whether the vehicle is too small for a lorry, as far as is known."""
        return len(self.sizes) >= LEAST_FRAMES and bool(np.quantile(self.sizes, SIZE_QUANTILE) < LEAST_SIZE)


class TruckVotes:
    """The votes for every vehicle of one camera."""

    def __init__(self) -> None:
        self._votes: dict[int, TruckVote] = {}

    def add(self, sighting: Sighting, *, is_new: bool = True, size: float | None = None) -> bool:
        """Count one sighting and tell whether its vehicle is a truck as far as is known.

        `size` is its share of the smallest lorry, where the camera is calibrated. One that is not new, but repeats what
        was seen before, keeps the vehicle in mind and has no vote.
        """
        vote = self._votes.setdefault(sighting.track_id, TruckVote())
        if is_new:
            vote.add(sighting, size)
        vote.last_at = sighting.captured_at
        if len(self._votes) > FORGET_ABOVE:
            self._forget_before(sighting.captured_at - FORGET_AFTER)
        return vote.is_truck

    def _forget_before(self, oldest: datetime) -> None:
        self._votes = {
            track_id: vote
            for track_id, vote in self._votes.items()
            if vote.last_at is not None and vote.last_at >= oldest
        }
