"""The reference: what never had a hoarding is not missed, and what looks the same still stands, whatever the light."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.stories import perimeter_story
from streams.addresses import VideoSource
from streams.frames import BgrImage, DecodeMode, decode_all
from streams.sources import OpenVideo
from vision.perimeter import PARTS, Perimeter
from vision.reference import HoardingReference, view_of

STORY = perimeter_story()
GATE = (STORY.fraction_at(STORY.gate.from_m), STORY.fraction_at(STORY.gate.to_m))
PERIMETER = Perimeter(STORY.line.points, (GATE,))
ALL, NONE = np.ones(PARTS, np.float32), np.zeros(PARTS, np.float32)
(MISSING,) = STORY.missing
WHOLE_AT, GONE_AT = 2.0, MISSING.whole_since + 6


@pytest.fixture(scope="module")
def frame_at() -> Callable[[float], BgrImage]:
    """Give the story's picture nearest to a second."""
    with OpenVideo(VideoSource(str(STORY.clip))) as video:
        frames = [frame.image for frame in decode_all(video.packets(), DecodeMode.FULL)]
    return lambda second: frames[round(second * STORY.frames_per_second)]


@pytest.fixture(scope="module")
def reference(frame_at: Callable[[float], BgrImage]) -> HoardingReference:
    return HoardingReference.of(PERIMETER, view_of(frame_at(WHOLE_AT)), ALL)


def _darker(image: BgrImage) -> BgrImage:
    return (255 * 0.7 * (image / 255.0) ** 1.5).astype(np.uint8)


def _brighter(image: BgrImage) -> BgrImage:
    return (255 * np.clip(1.2 * (image / 255.0) ** 0.7, 0, 1)).astype(np.uint8)


def _low_sun(image: BgrImage) -> BgrImage:
    across = np.linspace(0.5, 1.1, image.shape[1])[None, :, None]
    return np.clip(image * across * (0.7, 0.95, 1.1), 0, 255).astype(np.uint8)


def _noisy(image: BgrImage) -> BgrImage:
    noise = np.random.default_rng(3).normal(0, 8, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


LIGHTS = [_darker, _brighter, _low_sun, _noisy]


@pytest.mark.parametrize("light", LIGHTS)
def test_what_still_stands_is_known_again_in_another_light(
    reference: HoardingReference, frame_at: Callable[[float], BgrImage], light: Callable[[BgrImage], BgrImage]
) -> None:
    told = reference.judged(NONE, view_of(light(frame_at(MISSING.until + 2))))
    assert told[~PERIMETER.in_gates()].mean() > 0.97


@pytest.mark.parametrize("light", [lambda image: image, *LIGHTS])
def test_a_panel_that_is_gone_is_not_taken_for_the_one_that_stood_there(
    reference: HoardingReference, frame_at: Callable[[float], BgrImage], light: Callable[[BgrImage], BgrImage]
) -> None:
    told = reference.judged(NONE, view_of(light(frame_at(GONE_AT))))
    ((from_m, to_m),) = STORY.gaps_m[int(GONE_AT)]
    start, end = (round(STORY.fraction_at(metres) * PARTS) for metres in (from_m, to_m))
    assert (told[start + 1 : end - 1] == 0).all()
    elsewhere = ~PERIMETER.in_gates()
    elsewhere[start - 5 : end + 5] = False
    assert told[elsewhere].mean() > 0.85  # somebody walks past


def test_what_stands_before_the_hoarding_is_left_to_the_network(
    reference: HoardingReference, frame_at: Callable[[float], BgrImage]
) -> None:
    picture = frame_at(WHOLE_AT).copy()
    foot = PERIMETER.stretch(0.15, 0.22)
    (left, _), (right, bottom) = foot[0], foot[-1]
    box = [
        int(edge * size) for edge, size in zip((left, bottom - 0.2, right, bottom + 0.1), (640, 360) * 2, strict=True)
    ]
    cv2.rectangle(picture, (box[0], box[1]), (box[2], box[3]), (40, 90, 200), -1)
    said = ALL.copy()
    said[30:44] = 0.25
    said[:5] = np.nan
    told = reference.judged(said, view_of(picture))
    assert told[32:42] == pytest.approx(0.25)
    assert np.isnan(told[:5]).all()
    assert (told[60:] == 1).all()


def test_a_stretch_that_never_had_a_hoarding_is_not_judged_and_named() -> None:
    covered = ALL.copy()
    covered[20:40] = 0.0
    covered[100:102] = 0.0  # too short: the network's error
    covered[150:170] = np.nan  # something stood before it
    view = np.zeros((360, 640), np.uint8)
    reference = HoardingReference.of(Perimeter(STORY.line.points), view, covered)
    told = reference.judged(NONE, view)
    assert np.flatnonzero(np.isnan(told)).tolist() == list(range(20, 40))
    assert reference.stretches_without == [pytest.approx((0.1, 0.2))]


def test_a_gate_that_stood_open_in_the_reference_is_not_named() -> None:
    reference = HoardingReference.of(PERIMETER, np.zeros((360, 640), np.uint8), ~PERIMETER.in_gates() * ALL)
    assert reference.stretches_without == []


@given(st.floats(0.6, 1.0), st.floats(0, 40))
def test_brightness_and_contrast_change_nothing(gain: float, offset: float) -> None:
    view = np.random.default_rng(5).integers(20, 200, (360, 640)).astype(np.uint8)
    reference = HoardingReference.of(PERIMETER, view, ALL)
    assert reference.looks_the_same(np.rint(view * gain + offset).astype(np.uint8)).all()


def test_a_smooth_picture_looks_like_nothing() -> None:
    smooth = np.full((360, 640), 128, np.uint8)
    assert not HoardingReference.of(PERIMETER, smooth, ALL).looks_the_same(smooth).any()


def test_a_larger_picture_is_compared_as_well(
    reference: HoardingReference, frame_at: Callable[[float], BgrImage]
) -> None:
    large = cv2.resize(frame_at(WHOLE_AT), (1920, 1080), interpolation=cv2.INTER_CUBIC)
    assert reference.looks_the_same(view_of(np.asarray(large, np.uint8))).mean() > 0.95
