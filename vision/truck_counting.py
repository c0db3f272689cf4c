"""Counts the distinct trucks of a recording that were in a zone or crossed a line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from models.inference.detector import Detector
from streams.addresses import VideoSource
from streams.frames import Frame, decode_all
from streams.sources import OpenVideo
from vision.geometry import DirectedLine, Zone, stands_on
from vision.tracking import Sighting, VehicleTracker
from vision.truck_vote import TruckVote

BATCH = 8
START = datetime(2000, 1, 1, tzinfo=UTC)
"""Recordings are dated from here; only differences matter."""
ASSUMED_FRAME_RATE = 25.0
LEAST_S_IN_ZONE = 0.4
"""A vehicle that is in the zone for a shorter time was hardly seen."""
PART_SHARE = 0.7
"""In more than this share of their common frames one box stands on the other: they are one truck."""

Way = list[Sighting]
"""All sightings of one vehicle, in order of time."""


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
    """The trucks of one recording, in the order in which they came."""

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
    ways: dict[int, Way] = {}
    with OpenVideo(VideoSource(str(video)), started_at=START) as opened:
        frame_rate = opened.format.frame_rate or ASSUMED_FRAME_RATE
        # Driving vehicles need no joining, and joined wrongly two lorries in a row would be one.
        tracker = VehicleTracker(frame_rate, joins=False)
        for frames in _in_batches(decode_all(opened.packets()), BATCH):
            found = detector.detect([frame.image for frame in frames])
            for frame, detections in zip(frames, found, strict=True):
                height, width = frame.image.shape[:2]
                for sighting in tracker.update(detections, frame.captured_at, width, height):
                    ways.setdefault(sighting.track_id, []).append(sighting)
            on_progress((frames[-1].captured_at - START).total_seconds())
    return count_ways(list(ways.values()), place, frame_rate)


def count_ways(ways: Iterable[Way], place: Zone | DirectedLine, frame_rate: float) -> TruckCount:
    """Count the trucks among vehicles that were followed at `frame_rate` frames a second."""
    if isinstance(place, Zone):
        least_frames = max(1, round(LEAST_S_IN_ZONE * frame_rate))
        judged = [(way, [sighting for sighting in way if place.contains(sighting.foot)]) for way in ways]
        judged = [(way, inside) for way, inside in judged if len(inside) >= least_frames]
    else:
        judged = [(way, way) for way in ways]
    trucks = [(way, counts) for way, counts in judged if _is_truck(counts)]
    counted = [_count_one(way, counts, place) for way, counts in _whole_trucks(trucks)]
    return TruckCount(sorted((truck for truck in counted if truck is not None), key=lambda truck: truck.seconds))


def _in_batches(frames: Iterable[Frame], size: int) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_truck(way: Way) -> bool:
    vote = TruckVote()
    for sighting in way:
        vote.add(sighting)
    return vote.is_truck


def _whole_trucks(trucks: list[tuple[Way, Way]]) -> list[tuple[Way, Way]]:
    """Leave out the tracks that follow a part of another truck, the shortest first."""
    whole = sorted(trucks, key=lambda truck: len(truck[1]))
    for part in list(whole):
        if any(_is_part(part[1], other) for other, _ in whole if other is not part[0]):
            whole.remove(part)
    return whole


def _is_part(way: Way, other: Way) -> bool:
    boxes = {sighting.captured_at: sighting.bbox_xyxy for sighting in other}
    shared = [(one.bbox_xyxy, boxes[one.captured_at]) for one in way if one.captured_at in boxes]
    standing = sum(stands_on(a, b) or stands_on(b, a) for a, b in shared)
    return standing > PART_SHARE * len(shared)


def _count_one(way: Way, counts: Way, place: Zone | DirectedLine) -> CountedTruck | None:
    if isinstance(place, Zone):
        return _truck(counts[0], _direction(counts))
    for before, after in pairwise(way):
        if place.side(before.foot) * place.side(after.foot) <= 0 and place.is_crossed_between(before.foot, after.foot):
            return _truck(after, "left_to_right" if place.side(before.foot) < 0 else "right_to_left")
    return None


def _truck(at: Sighting, direction: str) -> CountedTruck:
    return CountedTruck(at.track_id, round((at.captured_at - START).total_seconds(), 2), direction)


def _direction(way: Way) -> str:
    along_x, along_y = (way[-1].foot[axis] - way[0].foot[axis] for axis in (0, 1))
    if abs(along_x) > abs(along_y):
        return "right" if along_x > 0 else "left"
    return "down" if along_y > 0 else "up"
