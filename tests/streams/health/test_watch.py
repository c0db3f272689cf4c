"""A camera's health told from its pictures, sequence by sequence."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from benchmarks import picture_damage as damage
from benchmarks.camera_health import sequences_of
from datasets.stories import perimeter_story
from streams.feed import CameraState, FeedStatus
from streams.frames import BgrImage
from streams.health.observation import HealthKind
from streams.health.parameters import HealthParameters
from streams.health.watch import HealthWatch

BEGIN = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
INTERVAL = timedelta(seconds=60)


@pytest.fixture(scope="module")
def pictures() -> list[BgrImage]:
    return sequences_of(perimeter_story().clip)[1][0]


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def _show(watch: HealthWatch, pictures: Sequence[BgrImage], begin: datetime = BEGIN) -> datetime:
    for number, image in enumerate(pictures):
        watch.see_picture(image, begin + number * INTERVAL)
    return begin + len(pictures) * INTERVAL


def test_a_moved_camera_is_moved_until_it_is_turned_back(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters(), pictures[0])
    at = _show(watch, pictures[:5])
    assert not watch.is_moved
    at = _show(watch, damage.moved(pan=0.1)(pictures[5:15], _rng()), at)
    assert watch.is_moved
    (ongoing,) = watch.ongoing()
    assert ongoing.kind is HealthKind.MOVED
    assert ongoing.figures["displacement_share"] == pytest.approx(0.1, abs=0.01)
    assert ongoing.figures["commissioned"] == 1
    _show(watch, pictures[15:], at)
    assert not watch.is_moved
    begun, ended = watch.take_changes()
    assert begun == ongoing
    assert ended.key == begun.key
    assert ended.ended_at is not None
    assert watch.take_changes() == []


def test_without_a_commissioned_picture_the_first_good_one_serves(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters())
    at = _show(watch, damage.gain(0.0)(pictures[:2], _rng()))
    at = _show(watch, pictures[:5], at)
    _show(watch, damage.moved(pan=0.1)(pictures[5:15], _rng()), at)
    (ongoing,) = watch.ongoing()
    assert ongoing.kind is HealthKind.MOVED
    assert ongoing.figures["commissioned"] == 0


def test_a_camera_that_is_blurred_from_the_start_is_blurred(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters())
    _show(watch, damage.blurred(4)(pictures, _rng()))
    (ongoing,) = watch.ongoing()
    assert ongoing.kind is HealthKind.BLURRED_OR_DIRTY
    assert ongoing.figures["sharpness_alone"] < 0.3


def test_a_covered_or_dark_camera_is_not_called_moved(pictures: list[BgrImage]) -> None:
    for hide in (damage.covered(120, 0.75), damage.nightfall, damage.rain):
        watch = HealthWatch("gate", HealthParameters(), pictures[0])
        _show(watch, hide(pictures, _rng()))
        assert not watch.is_moved


def test_a_camera_that_is_moved_and_goes_black_stays_moved(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters(), pictures[0])
    at = _show(watch, damage.moved(pan=0.1)(pictures[:15], _rng()))
    _show(watch, damage.gain(0.0)(pictures[:15], _rng()), at)
    assert {observation.kind for observation in watch.ongoing()} == {HealthKind.MOVED, HealthKind.BLACK}


def test_a_stream_of_another_size_has_not_moved(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters(), pictures[0])
    _show(watch, [image[::2, ::2] for image in pictures])
    assert not watch.is_moved


def test_pictures_and_connection_may_come_from_two_threads(pictures: list[BgrImage]) -> None:
    watch = HealthWatch("gate", HealthParameters(), pictures[0])
    silent = FeedStatus(CameraState.RECONNECTING)
    threads = [
        threading.Thread(target=_show, args=(watch, damage.gain(0.0)(pictures, _rng()))),
        threading.Thread(
            target=lambda: [watch.see_connection(silent, BEGIN + number * INTERVAL) for number in range(500)]
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changes = watch.take_changes()
    assert sorted(change.kind for change in changes) == [HealthKind.BLACK, HealthKind.OFFLINE]
