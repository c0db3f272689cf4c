"""A recording is sampled as a camera is by somebody who has all the time in the world."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasets.stories import gate_story
from streams.addresses import VideoSource
from streams.full_rate import FullRateSampler
from streams.gate import GatePlan, GateSampler
from streams.looks import Sampler
from streams.packets import PacketRing
from streams.patrol import PatrolPlan, PatrolSampler
from streams.sources import OpenVideo
from vision.replay import sampled

START = datetime(2026, 3, 1, tzinfo=UTC)


def looks_at(video: Path, sampler: Sampler) -> list[tuple[float, bool]]:
    """Return the second of every look, and whether it showed something new."""
    with OpenVideo(VideoSource(str(video)), started_at=START) as opened:
        looks = sampled(opened.packets(), PacketRing(30), sampler)
        return [((look.captured_at - START).total_seconds(), not look.is_unchanged) for look in looks]


def test_a_patrol_looks_at_each_keyframe_that_is_due(video: Path) -> None:
    sampler = PatrolSampler(PatrolPlan(interval_s=2, change_gate=False))
    assert looks_at(video, sampler) == [(0.0, True), (2.0, True)]
    assert sampler.dropped == 0


def test_nothing_is_left_out_at_full_rate(video: Path) -> None:
    sampler = FullRateSampler(5)
    assert [at for at, _ in looks_at(video, sampler)] == pytest.approx([number / 5 for number in range(20)], abs=0.05)
    assert sampler.dropped == 0


def test_a_gate_looks_the_same_way_each_time_and_leaves_out_only_the_backlog_of_a_burst() -> None:
    clip = gate_story().clip
    samplers = [GateSampler(GatePlan(10)), GateSampler(GatePlan(10))]
    first, second = (looks_at(clip, sampler) for sampler in samplers)
    assert first == second
    assert samplers[0].dropped == samplers[1].dropped
    inspected = [at for at, is_new in first if is_new]
    assert sorted(inspected) == inspected
    assert len(inspected) + samplers[0].dropped <= 10 * gate_story().seconds
    assert samplers[0].dropped < 0.05 * len(inspected)
