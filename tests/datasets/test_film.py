"""Plates become pictures, pictures a clip."""

import av
import cv2
import numpy as np
import pytest

from datasets.render.encode import write_mp4
from datasets.render.film import PlateMissing, faded, pictures
from datasets.render.gate.story import gate_story
from datasets.render.plates import Plate
from datasets.render.story import Placed, Pose

STORY = gate_story()
SIZE = (320, 180)
SPRAYING, DRY = 250, 10


@pytest.fixture
def plates(tmp_path):
    grey = np.full((180, 320, 3), 90, np.uint8)
    still, moving = Plate(0, (), (), None), Plate(1, (), (Placed("A", Pose(), moves=True),), (100, 60, 160, 100))
    cv2.imwrite(str(tmp_path / still.base_name), grey)
    cv2.imwrite(str(tmp_path / moving.crop_name), grey[:40, :60] + 100)
    return [still, moving]


def test_a_crop_is_faded_at_its_edges_but_not_at_the_pictures():
    base, part = np.zeros((60, 80, 3), np.uint8), np.full((30, 40, 3), 200, np.uint8)
    made = faded(base, part, (0, 10, 40, 40))
    assert made[25, 0, 0] == made[25, 20, 0] == 200
    assert 0 < made[25, 39, 0] < 100
    assert made[5, 5, 0] == made[25, 41, 0] == 0


def test_the_same_seed_gives_the_same_pictures(plates, tmp_path):
    first, second = (list(pictures(STORY, plates, tmp_path)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    assert first[1][80, 130].mean() > first[0][80, 130].mean() + 50


def test_a_missing_plate_is_told(plates, tmp_path):
    (tmp_path / plates[1].crop_name).unlink()
    with pytest.raises(PlateMissing, match=plates[1].crop_name):
        list(pictures(STORY, plates, tmp_path))


def test_spray_brightens_the_bay_while_it_is_on():
    dark = np.full((180, 320, 3), 40, np.uint8)
    assert (STORY.overlay(dark, DRY) == dark).all()
    wet = STORY.overlay(dark, SPRAYING)
    assert wet.max() > 80
    assert (wet[120:] == dark[120:]).all()


def test_a_clip_has_a_key_frame_every_two_seconds_and_no_b_frames(tmp_path):
    path = tmp_path / "a.mp4"
    random = np.random.default_rng(1)
    write_mp4(path, (random.integers(0, 255, (180, 320, 3), np.uint8) for _ in range(45)), SIZE, 10)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.average_rate, stream.width, stream.height) == (10, *SIZE)
        packets = [packet for packet in container.demux(stream) if packet.size]
    assert [i for i, packet in enumerate(packets) if packet.is_keyframe] == [0, 20, 40]
    assert all(packet.pts == packet.dts for packet in packets)
