"""The rendered gate: the trucks that leave unwashed are reported, each once and in time, and no other."""

from datetime import UTC, datetime

import pytest

from datasets.stories import gate_story
from models.inference.detector import Detector
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.full_rate import FrameSampler
from streams.sources import OpenVideo
from tests.vision.evidence.packages import PLACE
from vision.gate_watch import GateCamera, GateWatch
from vision.geometry import DirectedLine, Zone
from vision.truck_vote import VEHICLE_CLASSES
from vision.unwashed_truck import Gate, UnwashedTruckParameters
from vision.watch import Seen

START = datetime(2026, 3, 1, tzinfo=UTC)
LATE_S = 2.5
"""A truck is reported this long after it crossed the line, at the latest."""


@pytest.mark.slow
@pytest.mark.parametrize("frames_per_second", [2.5, 5.0, 10.0])
def test_exactly_the_unwashed_trucks_of_the_story_are_reported(frames_per_second: float) -> None:
    story = gate_story()
    gate = Gate(DirectedLine(*story.exit_line.points), story.exit_line.outward, Zone(story.wash_bay))
    watch = GateWatch(GateCamera(PLACE, gate, UnwashedTruckParameters(), frames_per_second, "Asia/Shanghai"))
    detector = Detector(load_model(), VEHICLE_CLASSES)
    sampler = FrameSampler(frames_per_second)
    reported = []
    with OpenVideo(VideoSource(str(story.clip)), started_at=START) as video:
        for frame in decode_all(video.packets()):
            if sampler.wants(frame.captured_at):
                (detections,) = detector.detect([frame.image])
                height, width = frame.image.shape[:2]
                found = watch.see(Seen(frame.captured_at, width, height, vehicles=detections))
                reported += [finding.violation for finding in found]
    expected = sorted(truck.leaves_at for truck in story.trucks if truck.violation and truck.leaves_at is not None)
    seconds = sorted((violation.opened_at - START).total_seconds() for violation in reported)
    assert len(seconds) == len(expected)
    for at, leaves_at in zip(seconds, expected, strict=True):
        assert -0.5 <= at - leaves_at <= LATE_S
    assert watch.counts.washed == sum(not truck.violation and truck.leaves_at is not None for truck in story.trucks)
