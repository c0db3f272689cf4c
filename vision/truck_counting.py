"""Counts the distinct trucks of a recording that were in a zone or crossed a line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from streams.frames import Frame, decode_all
from streams.sources import OpenVideo, VideoSource
from vision.detector import Detector
from vision.geometry import DirectedLine, Zone
from vision.tracking import Sighting, VehicleTracker
from vision.truck_vote import TruckVote

BATCH = 8
START = datetime(2000, 1, 1, tzinfo=UTC)
"""Recordings are dated from here; only differences matter."""
ASSUMED_FRAME_RATE = 25.0


@dataclass(frozen=True)
class CountedTruck:
    """One truck: when (seconds from the recording's start) it was first in the zone or crossed the line, and its way.

    `direction` is up, down, left or right on the picture in a zone; over a line it is left_to_right or right_to_left,
    as seen by someone going from the line's first point to its second.
    """

    track_id: int
    seconds: float
    direction: str


@dataclass(frozen=True)
class TruckCount:
    """The trucks of one recording."""

    trucks: list[CountedTruck]

    @property
    def by_direction(self) -> dict[str, int]:
        """How many went each way."""
        return dict(sorted(Counter(truck.direction for truck in self.trucks).items()))


def count_trucks(
    video: Path, detector: Detector, place: Zone | DirectedLine, on_progress: Callable[[float], None] = lambda _: None
) -> TruckCount:
    """Count the trucks whose foot was in the zone, or crossed the line; each once.

    `on_progress` is told the seconds of video done. Raises StreamError.
    """
    vote = TruckVote()
    ways: dict[int, list[Sighting]] = {}
    trucks: set[int] = set()
    with OpenVideo(VideoSource(str(video)), started_at=START) as opened:
        tracker = VehicleTracker(opened.format.frame_rate or ASSUMED_FRAME_RATE)
        for frames in _in_batches(decode_all(opened.packets()), BATCH):
            found = detector.detect([frame.image for frame in frames])
            for frame, detections in zip(frames, found, strict=True):
                height, width = frame.image.shape[:2]
                for sighting in tracker.update(detections, frame.captured_at, width, height):
                    ways.setdefault(sighting.track_id, []).append(sighting)
                    if vote.add(sighting):
                        trucks.add(sighting.track_id)
            on_progress((frames[-1].captured_at - START).total_seconds())
    counted = [truck for track_id in sorted(trucks) if (truck := _counted(ways[track_id], place)) is not None]
    return TruckCount(sorted(counted, key=lambda truck: truck.seconds))


def _in_batches(frames: Iterable[Frame], size: int) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _counted(way: list[Sighting], place: Zone | DirectedLine) -> CountedTruck | None:
    if isinstance(place, Zone):
        inside = [sighting for sighting in way if place.contains(sighting.foot)]
        return _truck(inside[0], _direction(inside if len(inside) > 1 else way)) if inside else None
    for before, after in zip(way, way[1:], strict=False):
        if place.side(before.foot) * place.side(after.foot) <= 0 and place.is_crossed_between(before.foot, after.foot):
            return _truck(after, "left_to_right" if place.side(before.foot) < 0 else "right_to_left")
    return None


def _truck(at: Sighting, direction: str) -> CountedTruck:
    return CountedTruck(at.track_id, round((at.captured_at - START).total_seconds(), 2), direction)


def _direction(way: list[Sighting]) -> str:
    along_x, along_y = (way[-1].foot[axis] - way[0].foot[axis] for axis in (0, 1))
    if abs(along_x) > abs(along_y):
        return "right" if along_x > 0 else "left"
    return "down" if along_y > 0 else "up"
