"""Cameras decoded in processes of their own: what is looked at is the same, and a killed process stops no camera."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from streams.addresses import VideoSource
from streams.codecs import HERE, Decoders
from streams.decoding.pool import DecoderPool
from streams.decoding.remote import CameraDecoders
from streams.feed import CameraFeed
from streams.full_rate import FullRateSampler
from streams.gate import GatePlan, GateSampler
from streams.looks import Look, Sampler
from streams.patrol import PatrolPlan, PatrolSampler
from tests.conftest import RtspCamera, wait_until
from tests.made_video import make_video, read_number
from tests.streams.made_scene import ground, looks_at, with_box

SAMPLERS: dict[str, Callable[[Decoders], Sampler]] = {
    "full rate": lambda decoders: FullRateSampler(5, decoders=decoders),
    "gate": lambda decoders: GateSampler(GatePlan(quiet_s=2), decoders=decoders),
    "patrol": lambda decoders: PatrolSampler(PatrolPlan(interval_s=2), decoders=decoders),
    "seldom patrol": lambda decoders: PatrolSampler(PatrolPlan(interval_s=8, change_gate=False), decoders=decoders),
}


_ALL = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    """Decoding processes, two at most, that are ended afterwards."""
    made = DecoderPool(most=2)
    yield made
    made.close()


def _drives(second: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return with_box((second - 7) / 6) if 7 <= second < 13 else ground()


@pytest.mark.parametrize("name", list(SAMPLERS))
def test_every_sampler_looks_at_the_same_pictures_both_ways(pool: DecoderPool, name: str) -> None:
    here = looks_at(SAMPLERS[name](HERE), _drives, 20)
    there = looks_at(SAMPLERS[name](CameraDecoders(pool, "gate")), _drives, 20)
    assert [(look.captured_at, look.is_unchanged) for look in there] == [
        (look.captured_at, look.is_unchanged) for look in here
    ]
    assert any(look.picture is not None for look in here)
    for look, other in zip(there, here, strict=True):
        assert np.array_equal(_image(look), _image(other))


def _image(look: Look) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.zeros(0, np.uint8) if look.picture is None else look.picture.to_frame().image


def test_a_camera_that_bursts_and_rests_leaves_nothing_behind(pool: DecoderPool) -> None:
    sampler = GateSampler(GatePlan(quiet_s=2), decoders=CameraDecoders(pool, "gate"))
    looks_at(sampler, _drives, 20)
    assert not sampler.is_bursting
    assert sum(place.sessions for place in pool._places) <= 1


def test_a_live_camera_goes_on_while_its_process_is_killed_again_and_again(
    pool: DecoderPool, play: Callable[..., RtspCamera], tmp_path_factory: pytest.TempPathFactory
) -> None:
    camera = play(make_video(tmp_path_factory.mktemp("video") / "long.mp4", frames=1000))
    decoders = CameraDecoders(pool, "gate")
    feed = CameraFeed("gate", VideoSource(camera.url), FullRateSampler(5.0, decoders=decoders), decoders=decoders)
    feed.start()
    try:
        numbers: list[int] = []
        for _ in range(3):
            _look_on(feed, numbers, more=5)
            for pid in pool.pids:
                os.kill(pid, signal.SIGKILL)
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        _look_on(feed, numbers, more=5)
        middle = feed.picture_at(feed.cut(*_ALL)[-20].captured_at)
        assert middle is not None
        assert feed.status.damaged == 0
        assert feed.status.decoder_deaths == 0
        assert feed.cpu_s > 0
    finally:
        feed.stop()
    assert numbers == sorted(numbers)
    assert len(numbers) >= 20


def _look_on(feed: CameraFeed, numbers: list[int], *, more: int) -> None:
    wanted = len(numbers) + more

    def looked() -> bool:
        look = feed.next_look() if feed.has_work() else None
        if look is not None and look.picture is not None:
            numbers.append(read_number(look.picture.to_frame().image))
        return len(numbers) >= wanted

    wait_until(looked, 60, f"{wanted} looks, now {len(numbers)}")
