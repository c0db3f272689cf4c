"""Tells whether a vehicle stands, by how little its box moved."""

from collections import deque
from datetime import datetime, timedelta

from vision.geometry import BboxXyxy, iou
from vision.tracking import LONGEST_BLINK, Sighting
from vision.truck_vote import FORGET_ABOVE, FORGET_AFTER

COMPARED_WITH = timedelta(seconds=1)
"""A box is compared with the one this much before it; one that is known for a shorter time stands not yet."""
LEAST_IOU = 0.75
"""Overlap from which a vehicle stands. In the rendered wash bay the spray's jitter leaves 0.8 and more, and a truck at
walking pace 0.7 and less."""


class StandingVehicles:
    """Remembers where each vehicle of one camera was a second ago."""

    def __init__(self) -> None:
        self._boxes: dict[int, deque[tuple[datetime, BboxXyxy]]] = {}

    def stands(self, sighting: Sighting) -> bool:
        """Take in a sighting, in order of time, and tell whether its vehicle stands."""
        now = sighting.captured_at
        boxes = self._boxes.setdefault(sighting.track_id, deque())
        if boxes and now - boxes[-1][0] > LONGEST_BLINK:
            boxes.clear()
        boxes.append((now, sighting.bbox_xyxy))
        while len(boxes) > 2 and now - boxes[1][0] >= COMPARED_WITH:
            boxes.popleft()
        if len(self._boxes) > FORGET_ABOVE:
            self._forget_before(now - FORGET_AFTER)
        since, before = boxes[0]
        return now - since >= COMPARED_WITH * 0.9 and iou(before, sighting.bbox_xyxy) >= LEAST_IOU

    def _forget_before(self, oldest: datetime) -> None:
        self._boxes = {track: boxes for track, boxes in self._boxes.items() if boxes[-1][0] >= oldest}
