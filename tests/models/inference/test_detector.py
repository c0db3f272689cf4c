"""The detector answers alike for one picture and for many, and boxes lie where the objects are."""

from pathlib import Path

import numpy as np
import pytest

from datasets.stories import yard_story
from models.errors import ModelError
from models.inference.detector import CLASS_SCORES, USUAL_THRESHOLD, Detector
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.sources import OpenVideo
from vision.truck_vote import VEHICLE_CLASSES


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_model(), VEHICLE_CLASSES, input_size=640)


def test_nothing_is_found_in_an_empty_picture(detector: Detector) -> None:
    (found,) = detector.detect([np.full((360, 640, 3), 127, np.uint8)])
    assert len(found) == 0
    assert detector.detect([]) == []


def test_a_class_that_the_model_does_not_know() -> None:
    with pytest.raises(ModelError, match="dust"):
        Detector(load_model(), ["truck", "dust"])


def test_each_class_has_the_threshold_of_its_card_where_none_is_given() -> None:
    model, names = load_model("vehicles"), ("car", "bus", "truck", "excavator")
    with OpenVideo(VideoSource(str(yard_story().clip))) as video:
        pictures = [frame.image for number, frame in enumerate(decode_all(video.packets())) if number % 25 == 0]
    sure, all_ = (Detector(model, names, score_threshold=least, threads=1).detect(pictures) for least in (None, 0.1))
    thresholds = np.array([model.card.thresholds.get(name, USUAL_THRESHOLD) for name in names])
    assert 0 < sum(map(len, sure)) < sum(map(len, all_))
    for found in sure:
        assert found.confidence is not None
        assert (found.confidence >= thresholds[found.class_id]).all()


@pytest.mark.clips
def test_a_lorry_is_found_where_it_is(detector: Detector, clips: Path) -> None:
    with OpenVideo(VideoSource(str(clips / "video9.mp4"))) as video:
        frame = next(frame for number, frame in enumerate(decode_all(video.packets())) if number == 247)
    (found,) = detector.detect([frame.image])
    lorry = np.array([0.229 * 640, 0.431 * 360, 0.379 * 640, 0.702 * 360])
    nearest = np.abs(found.xyxy - lorry).max(axis=1).argmin()
    assert np.abs(found.xyxy[nearest] - lorry).max() < 12
    scores = found.data[CLASS_SCORES][nearest]
    assert scores[1] + scores[2] > scores[0]


@pytest.mark.clips
def test_a_batch_of_mixed_sizes_gives_what_single_pictures_give(detector: Detector, clips: Path) -> None:
    with OpenVideo(VideoSource(str(clips / "video9.mp4"))) as video:
        frames = [frame.image for number, frame in enumerate(decode_all(video.packets())) if number in (0, 247)]
    pictures = [frames[0], np.ascontiguousarray(frames[1][:, 100:500]), frames[1]]
    together = detector.detect(pictures)
    for picture, in_batch in zip(pictures, together, strict=True):
        (alone,) = detector.detect([picture])
        assert in_batch.xyxy == pytest.approx(alone.xyxy, abs=0.5)
        assert in_batch.confidence == pytest.approx(alone.confidence, abs=0.01)
