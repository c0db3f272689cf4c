"""The rendered gate: the trucks that leave unwashed or muddy are reported, each once and in time, and no other."""

from datetime import UTC, datetime, timedelta

import pytest

from datasets.stories import gate_story
from models.inference.detector import Detector
from models.inference.mud import MudClassifier
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.full_rate import FrameSampler
from streams.sources import OpenVideo
from tests.vision.evidence.packages import PLACE
from vision.best_view import WITHIN
from vision.gate_watch import GateCamera, GateWatch
from vision.geometry import DirectedLine, Zone
from vision.networks import Networks
from vision.truck_vote import VEHICLE_CLASSES
from vision.unwashed_truck import Gate, UnwashedTruckParameters

START = datetime(2026, 3, 1, tzinfo=UTC)
LATE_S = 2.5
"""A truck is reported this long after it crossed the line, at the latest."""


@pytest.mark.slow
@pytest.mark.parametrize("frames_per_second", [2.5, 5.0, 10.0])
def test_exactly_the_unwashed_and_the_muddy_trucks_of_the_story_are_reported(frames_per_second: float) -> None:
    story = gate_story()
    gate = Gate(DirectedLine(*story.exit_line.points), story.exit_line.outward, Zone(story.wash_bay))
    watch = GateWatch(GateCamera(PLACE, gate, UnwashedTruckParameters(), frames_per_second, "Asia/Shanghai"))
    networks = Networks(Detector(load_model(), VEHICLE_CLASSES), mud=MudClassifier(load_model("mud"), threads=1))
    sampler = FrameSampler(frames_per_second)
    found = []
    with OpenVideo(VideoSource(str(story.clip)), started_at=START) as video:
        for frame in decode_all(video.packets()):
            if sampler.wants(frame.captured_at):
                (seen,) = networks.see([frame], [watch.needs_at(frame.captured_at)], [watch.looks_closely_at])
                found += watch.see(seen)
    networks.close()
    leaving = [(truck, truck.leaves_at) for truck in story.trucks if truck.leaves_at is not None]
    expected = sorted(at for truck, at in leaving if truck.violation or truck.muddy_violation)
    seconds = sorted((finding.violation.opened_at - START).total_seconds() for finding in found)
    assert len(seconds) == len(expected)
    for at, leaves_at in zip(seconds, expected, strict=True):
        assert -0.5 <= at - leaves_at <= LATE_S
    assert watch.counts.washed == sum(not truck.violation for truck, _ in leaving)
    assert watch.counts.muddy == sum(truck.muddy_violation for truck, _ in leaving)
    for finding in found:
        claimed = [claim.class_name for claim in finding.scene.claims]
        assert claimed == (["muddy"] if finding.violation.measures["mud_views"] else [])
        assert finding.best_view is not None
        assert timedelta(0) <= finding.violation.opened_at - finding.best_view.captured_at <= WITHIN
