"""Decides over a whole track whether a vehicle is a truck: single frames err, tracks seldom do."""

from datetime import datetime, timedelta

from vision.tracking import Sighting

VEHICLE_CLASSES = ("car", "bus", "truck")
"""The detector's classes that compete for a vehicle; one with none of them is not tracked."""
FORGET_AFTER = timedelta(minutes=2)


class TruckVote:
    """Adds up each track's class scores; a vehicle is a truck while `truck` leads by enough, after enough frames."""

    def __init__(self, least_share: float = 0.5, least_frames: int = 3) -> None:
        """Set the least share of the truck score in the sum of all, and the least number of frames."""
        self._least_share = least_share
        self._least_frames = least_frames
        self._sums: dict[int, tuple[float, float, int, datetime]] = {}

    def add(self, sighting: Sighting) -> bool:
        """Count one sighting and tell whether the vehicle is a truck as far as is known."""
        scores = dict(zip(VEHICLE_CLASSES, sighting.class_scores, strict=True))
        truck, total, frames, _ = self._sums.get(sighting.track_id, (0.0, 0.0, 0, sighting.captured_at))
        truck, total, frames = truck + scores["truck"], total + sum(scores.values()), frames + 1
        self._sums[sighting.track_id] = (truck, total, frames, sighting.captured_at)
        self._forget(sighting.captured_at)
        return frames >= self._least_frames and truck >= self._least_share * total

    def _forget(self, now: datetime) -> None:
        if len(self._sums) > 1000:
            self._sums = {track: seen for track, seen in self._sums.items() if now - seen[3] <= FORGET_AFTER}
