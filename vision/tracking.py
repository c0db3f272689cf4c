"""Follows vehicles from frame to frame, and keeps a vehicle's identity where the tracker loses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import supervision as sv
from trackers import ByteTrackTracker

from models.inference.detector import CLASS_SCORES
from vision.close_look import MUD, SHARPNESS
from vision.geometry import BboxXyxy, foot, iou

LONGEST_BLINK = timedelta(seconds=2)
"""A camera silent for longer than this has to be watched anew: vehicles may have come and gone unseen."""
SURE_SCORE = 0.4
"""A detection with this score begins a track; weaker ones only prolong it (ByteTrack's second association)."""
LOST_S = 1.0
"""Seconds for which the tracker itself looks for a lost vehicle."""
STANDING_SPEED = 0.02
"""Shares of the picture a second under which a vehicle is taken to stand."""


@dataclass(frozen=True)
class Sighting:
    """One vehicle in one frame.

    `bbox_xyxy` is relative; `captured_at` UTC; `class_scores` are the detector's, in the order of its class names.
    `track_id` stays with a vehicle for as long as it can be followed. `is_truck` is what is known of it so far.
    Of one that was looked at closely, `mud` is the probability (0..1) that it is muddy, and `sharpness` tells how sharp
    it is seen. `is_standing` is told by its way so far; `has_spray` tells of one that stands whether water is sprayed.
    """

    track_id: int
    captured_at: datetime
    bbox_xyxy: BboxXyxy
    class_scores: tuple[float, ...]
    is_truck: bool = False
    mud: float | None = None
    sharpness: float | None = None
    is_standing: bool = False
    has_spray: bool | None = None

    @property
    def foot(self) -> tuple[float, float]:
        """Where it stands: the middle of the box's lower edge, relative."""
        return foot(self.bbox_xyxy)


class VehicleTracker:
    """ByteTrack over the detections of one camera, with broken tracks joined where `joins` says so."""

    def __init__(self, frames_per_second: float, *, joins: bool = True) -> None:
        self._frames_per_second = frames_per_second
        self._tracker: ByteTrackTracker = _new_tracker(self._frames_per_second)
        self._joiner = TrackJoiner() if joins else None
        self._last_at: datetime | None = None
        self._first_id = 0
        self._newest_id = 0

    def update(self, detections: sv.Detections, captured_at: datetime, width: int, height: int) -> list[Sighting]:
        """Return the vehicles of this frame; `width` and `height` of the picture are in pixels."""
        if self._last_at is not None and not timedelta(0) < captured_at - self._last_at <= LONGEST_BLINK:
            self._tracker = _new_tracker(self._frames_per_second)
            self._first_id = self._newest_id + 1
        self._last_at = captured_at
        tracked = self._tracker.update(detections, timestamp=captured_at.timestamp())
        if tracked.tracker_id is None:
            return []
        sightings = []
        for index in np.flatnonzero(tracked.tracker_id >= 0):
            left, top, right, bottom = (float(value) for value in tracked.xyxy[index])
            track_id = self._first_id + int(tracked.tracker_id[index])
            self._newest_id = max(self._newest_id, track_id)
            scores = tuple(float(score) for score in tracked.data[CLASS_SCORES][index])
            box = (left / width, top / height, right / width, bottom / height)
            mud, sharpness = (_judged(tracked, key, int(index)) for key in (MUD, SHARPNESS))
            sightings.append(Sighting(track_id, captured_at, box, scores, mud=mud, sharpness=sharpness))
        return self._joiner.join(sightings) if self._joiner else sightings


def _judged(tracked: sv.Detections, key: str, index: int) -> float | None:
    """Return what a close look told of a vehicle, None where there was none."""
    figure = float(tracked.data[key][index]) if key in tracked.data else float("nan")
    return None if np.isnan(figure) else figure


def _new_tracker(frames_per_second: float) -> ByteTrackTracker:
    return ByteTrackTracker(
        lost_track_buffer=round(LOST_S * 30),  # counted by the tracker in frames of a 30 Hz video
        frame_rate=frames_per_second,
        track_activation_threshold=SURE_SCORE,
        high_conf_det_threshold=SURE_SCORE,
        minimum_consecutive_frames=2,
        minimum_iou_threshold=0.1,
    )


class TrackJoiner:
    """Gives a track that begins where another one just ended that one's id.

    A tracker loses a truck behind a post, in its own spray or at a standstill, and finds it again as a new one; for the
    rules it is still the same truck.
    """

    def __init__(
        self,
        longest_gap: timedelta = timedelta(seconds=4),
        longest_standing_gap: timedelta = timedelta(seconds=30),
        reach: float = 0.5,
    ) -> None:
        """Set how long a track may be lost, and how far off, in box diagonals, it may be found again.

        After `longest_gap` only a vehicle that stood still is waited for, and only where it stood.
        """
        self._longest_gap = longest_gap
        self._longest_standing_gap = longest_standing_gap
        self._reach = reach
        self._ids: dict[int, int] = {}
        self._newest: dict[int, Sighting] = {}
        self._velocity: dict[int, tuple[float, float]] = {}

    def join(self, sightings: Sequence[Sighting]) -> list[Sighting]:
        """Return the sightings of one frame with their vehicles' ids."""
        if not sightings:
            return []
        now = sightings[0].captured_at
        self._forget_before(now - self._longest_standing_gap)
        taken = self._part_again([sighting.track_id for sighting in sightings])
        joined = []
        for sighting in sightings:
            if sighting.track_id not in self._ids:
                vehicle_id = self._lost_vehicle_at(sighting, taken)
                self._ids[sighting.track_id] = sighting.track_id if vehicle_id is None else vehicle_id
                taken.add(self._ids[sighting.track_id])
            joined.append(replace(sighting, track_id=self._ids[sighting.track_id]))
        for sighting in joined:
            self._remember(sighting)
        return joined

    def _part_again(self, track_ids: Sequence[int]) -> set[int]:
        """Give known tracks that turn out to be seen together ids of their own; return the vehicles that are in sight.

        Of two tracks joined to one vehicle, the one that gave it its id keeps it.
        """
        taken: set[int] = set()
        for track_id in sorted(track_ids, key=lambda track_id: self._ids.get(track_id) != track_id):
            if track_id in self._ids:
                if self._ids[track_id] in taken:
                    self._ids[track_id] = track_id
                taken.add(self._ids[track_id])
        return taken

    def _lost_vehicle_at(self, found: Sighting, taken: set[int]) -> int | None:
        """Return the vehicle that was lost nearest to where this track begins, if any is near enough."""
        distances = {
            vehicle_id: self._distance(vehicle_id, last, found)
            for vehicle_id, last in self._newest.items()
            if vehicle_id not in taken and _is_of_similar_size(last.bbox_xyxy, found.bbox_xyxy)
        }
        nearest = min(distances, key=lambda vehicle_id: distances[vehicle_id], default=None)
        return nearest if nearest is not None and distances[nearest] <= self._reach else None

    def _distance(self, vehicle_id: int, last: Sighting, found: Sighting) -> float:
        """Return how far `found` is from where the vehicle stood or would have gone, in box diagonals."""
        waited_s = (found.captured_at - last.captured_at).total_seconds()
        speed_x, speed_y = self._velocity.get(vehicle_id, (0.0, 0.0))
        is_near_in_time = waited_s <= self._longest_gap.total_seconds()
        stood = bool(np.hypot(speed_x, speed_y) < STANDING_SPEED)
        if (is_near_in_time or stood) and iou(last.bbox_xyxy, found.bbox_xyxy) >= 0.3:
            return 0.0
        if not is_near_in_time:
            return float("inf")
        expected = (last.foot[0] + speed_x * waited_s, last.foot[1] + speed_y * waited_s)
        left, top, right, bottom = found.bbox_xyxy
        return float(
            np.hypot(expected[0] - found.foot[0], expected[1] - found.foot[1]) / np.hypot(right - left, bottom - top)
        )

    def _remember(self, sighting: Sighting) -> None:
        last = self._newest.get(sighting.track_id)
        if last is not None and sighting.captured_at > last.captured_at:
            waited_s = (sighting.captured_at - last.captured_at).total_seconds()
            old = self._velocity.get(sighting.track_id)
            new = tuple((now - then) / waited_s for now, then in zip(sighting.foot, last.foot, strict=True))
            self._velocity[sighting.track_id] = (
                (new[0], new[1]) if old is None else (0.8 * old[0] + 0.2 * new[0], 0.8 * old[1] + 0.2 * new[1])
            )
        self._newest[sighting.track_id] = sighting

    def _forget_before(self, oldest: datetime) -> None:
        gone = {vehicle_id for vehicle_id, last in self._newest.items() if last.captured_at < oldest}
        for vehicle_id in gone:
            self._newest.pop(vehicle_id)
            self._velocity.pop(vehicle_id, None)
        if gone:
            self._ids = {track: vehicle for track, vehicle in self._ids.items() if vehicle not in gone}


def _is_of_similar_size(a: BboxXyxy, b: BboxXyxy) -> bool:
    height_ratio = (a[3] - a[1]) / max(1e-9, b[3] - b[1])
    return 0.5 <= height_ratio <= 2.0
