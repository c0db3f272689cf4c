"""Spray around a truck that stands is told by bright haze that changes, in drawn pictures and in the rendered gate."""

from datetime import timedelta

import numpy as np
import pytest

from datasets.stories import StoryTruck, gate_story
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.sources import OpenVideo
from tests.vision.truck_stories import START
from vision.geometry import BboxXyxy
from vision.spray import GREY_SIZE, Grey, SprayMeter, changing_share, small_grey

BOX = (0.4, 0.4, 0.6, 0.7)
TENTH = timedelta(seconds=0.1)
WIDTH, HEIGHT = GREY_SIZE


def _still(noise: float, seed: int = 0) -> Grey:
    """Return a picture of a grey place, with noise of this spread that is another for each seed."""
    there = np.random.default_rng(99).integers(60, 160, (HEIGHT, WIDTH))
    return np.clip(there + np.random.default_rng(seed).normal(0, noise, there.shape), 0, 255).astype(np.uint8)


def _sprayed(seed: int) -> Grey:
    """Return the same place with bright haze over a third of it that moves from picture to picture."""
    haze = np.random.default_rng(seed).random((HEIGHT, WIDTH)) < 0.3
    return np.where(haze, 220, _still(0.0)).astype(np.uint8)


def test_a_truck_that_stands_without_spray_has_none_though_the_picture_is_noisy() -> None:
    assert changing_share(_still(2, 1), _still(2, 2), BOX) < 0.03


def test_bright_haze_that_moves_is_spray_and_haze_elsewhere_is_not() -> None:
    now, elsewhere = _sprayed(1), _still(0.0)
    assert changing_share(_sprayed(2), now, BOX) > 0.2
    elsewhere[:40] = _sprayed(2)[:40]
    assert changing_share(_still(0.0), elsewhere, BOX) == 0


@pytest.mark.parametrize(
    "box", [(0.0, 0.0, 1.0, 1.0), (-0.2, -0.2, 0.1, 0.1), (1.0, 1.0, 1.2, 1.2), (0.5, 0.5, 0.5, 0.5)]
)
def test_boxes_at_the_border_are_no_harm(box: BboxXyxy) -> None:
    assert 0 <= changing_share(_sprayed(1), _sprayed(2), box) <= 1


def test_nothing_is_told_without_two_pictures_a_moment_apart() -> None:
    meter = SprayMeter()
    meter.see(START, _sprayed(1))
    assert meter.is_seen_around(BOX) is None
    meter.see(START + TENTH, _sprayed(2))
    assert meter.is_seen_around(BOX) is True
    meter.see(START + 50 * TENTH, _sprayed(3))
    assert meter.is_seen_around(BOX) is None
    meter.see(START + 51 * TENTH, None)
    assert meter.is_seen_around(BOX) is None


@pytest.mark.slow
def test_the_rendered_trucks_are_seen_in_spray_while_they_wash_and_not_while_they_only_stand() -> None:
    story = gate_story()
    washed = {truck.id: truck for truck in story.trucks if truck.washed_seconds > 0}
    told: dict[str | int, list[bool]] = {name: [] for name in washed}
    meter = SprayMeter()
    with OpenVideo(VideoSource(str(story.clip)), started_at=START) as video:
        for number, frame in enumerate(decode_all(video.packets())):
            meter.see(frame.captured_at, small_grey(frame.image))
            for name, truck in washed.items():
                if (box := _box_standing(truck, number)) and (seen := meter.is_seen_around(box)) is not None:
                    told[name].append(seen)
    for name, truck in washed.items():
        sprayed_s = sum(told[name]) / story.frames_per_second
        assert sprayed_s == pytest.approx(truck.washed_seconds, abs=1.5)
        assert not any(told[name][:3])


def _box_standing(truck: StoryTruck, number: int) -> BboxXyxy | None:
    """Return the truck's box in a frame where it is the same as in the frame before."""
    boxes = {box.frame: box.xyxy for box in truck.boxes}
    return boxes[number] if number in boxes and boxes[number] == boxes.get(number - 1) else None
