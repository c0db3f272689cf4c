"""A gate is judged from pictures, and from the news that nothing moved."""

from datetime import datetime, timedelta

import numpy as np
import supervision as sv

from models.inference.detector import CLASS_SCORES
from tests.vision.evidence.packages import PLACE
from tests.vision.truck_stories import BAY, GATE, RATE, START, STREET, YARD, Stop, drive
from vision.gate_watch import GateCamera, GateWatch
from vision.unwashed_truck import UnwashedTruckParameters
from vision.watch import Seen


def _watch() -> GateWatch:
    return GateWatch(GateCamera(PLACE, GATE, UnwashedTruckParameters(wash_seconds=20), RATE, "Asia/Shanghai"))


def _seen(at: datetime, box: tuple[float, float, float, float] | None) -> Seen:
    boxes = np.empty((0, 4)) if box is None else np.array([box]) * 1000
    scores = np.tile(np.array([[0.0, 0.05, 0.9]], dtype=np.float32), (len(boxes), 1))
    vehicles = sv.Detections(
        xyxy=boxes.astype(np.float32), confidence=scores.max(axis=1), class_id=scores.argmax(axis=1),
        data={CLASS_SCORES: scores},
    )  # fmt: skip
    return Seen(at, 1000, 1000, vehicles=vehicles)


def _judge(watch: GateWatch, stops: list[Stop], *, still: tuple[float, float]) -> list[float]:
    """Show a truck's way, but between two times say only each 2 s that nothing moved; return when it was reported."""
    reported = []
    for number in range(4 * RATE):
        watch.see(_seen(START + timedelta(seconds=number / RATE), None))
    begins, ends = (START + timedelta(seconds=5 + second) for second in still)
    for sighting in drive(1, stops):
        at = sighting.captured_at
        if begins <= at < ends:
            is_keyframe = round((at - begins).total_seconds() * RATE) % (2 * RATE) == 0
            found = watch.see_unchanged(at) if is_keyframe else []
        else:
            found = watch.see(_seen(at, sighting.bbox_xyxy))
        reported += [(finding.violation.opened_at - START).total_seconds() for finding in found]
    return reported


def test_a_truck_that_stands_in_the_bay_while_nobody_looks_has_washed() -> None:
    watch = _watch()
    assert _judge(watch, [(0, YARD), (4, BAY), (40, BAY), (46, STREET)], still=(8, 38)) == []
    assert watch.counts.washed == 1


def test_a_truck_that_stands_too_shortly_is_reported_all_the_same() -> None:
    watch = _watch()
    assert len(_judge(watch, [(0, YARD), (4, BAY), (14, BAY), (20, STREET)], still=(6, 12))) == 1
    assert watch.counts.unwashed == 1


def test_after_a_long_time_unseen_nothing_is_made_up() -> None:
    watch = _watch()
    watch.see(_seen(START, (0.4, 0.2, 0.6, 0.35)))
    assert watch.see_unchanged(START + timedelta(hours=1)) == []
    assert watch.figures["tracks"] == 0


def test_news_before_the_first_picture_is_no_harm() -> None:
    assert _watch().see_unchanged(START) == []
