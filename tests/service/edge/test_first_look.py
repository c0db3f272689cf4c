"""What is seen where a camera is to judge, before it judges."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import datasets.stories
from service.config.schema import Config
from service.edge.edge_models import EdgeModels
from service.edge.first_look import DARK, NEEDS, FirstLook, first_look
from streams.addresses import VideoSource
from streams.frames import DecodeMode, Frame, decode_all
from streams.sources import OpenVideo
from vision.networks import Networks

STORIES = Path(datasets.stories.__file__).parent


def story(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((STORIES / f"{name}.json").read_text(encoding="utf-8"))
    return told


def picture_at(name: str, second: float) -> Frame:
    """The story's picture at a second of its film."""
    with OpenVideo(VideoSource(str(STORIES / f"{name}.mp4"))) as video:
        frames = decode_all(video.packets(), DecodeMode.FULL)
        start = None
        for frame in frames:
            start = start or frame.captured_at
            if (frame.captured_at - start).total_seconds() >= second:
                return frame
    raise AssertionError("the film is shorter")


def configured(**zones: object) -> Config:
    camera = {"id": "c", "site": "s", "name": "c", "url": "rtsp://10.0.0.3/x", "zones": zones}
    return Config.model_validate({"sites": [{"id": "s", "name": "s"}], "cameras": [camera]})


@pytest.fixture(scope="module")
def networks() -> Iterator[Networks]:
    made = EdgeModels(configured()).networks(NEEDS, workers=1)
    yield made
    made.close()


def look(frame: Frame, networks: Networks, **zones: object) -> FirstLook:
    config = configured(**zones)
    return first_look(config, config.cameras[0], frame, networks)


def test_what_looks_bare_is_told_and_drawn(networks: Networks) -> None:
    seen = look(picture_at("yard", 12.0), networks, yard=story("yard")["zone"])
    (note,) = seen.notes
    assert "像裸土" in note
    assert json.loads(note.split("mask_out: ")[1]) == [[list(point) for point in mask] for mask in seen.masks]
    assert seen.marks


def test_where_all_looks_bare_no_mask_is_proposed(networks: Networks) -> None:
    frame = picture_at("yard", 12.0)
    (mask, *_) = look(frame, networks, yard=story("yard")["zone"]).masks
    left, top = np.mean(mask, axis=0) - 0.02
    inside = [[left, top], [left + 0.04, top], [left + 0.04, top + 0.04], [left, top + 0.04]]
    (note,) = look(frame, networks, yard=inside).notes
    assert "mask_out" not in note


def test_masked_as_proposed_the_yard_looks_covered(networks: Networks) -> None:
    frame, yard = picture_at("yard", 12.0), story("yard")["zone"]
    seen = look(frame, networks, yard=yard)
    assert seen.masks
    assert look(frame, networks, yard=yard, mask_out=seen.masks) == FirstLook([], [], [])


def test_of_a_covered_yard_nothing_is_told(networks: Networks) -> None:
    assert look(picture_at("yard", 2.0), networks, yard=story("yard")["zone"]) == FirstLook([], [], [])


def test_it_is_told_how_much_of_the_line_looks_like_hoarding(networks: Networks) -> None:
    (note,) = look(
        picture_at("perimeter", 0.0), networks, perimeter={"line": story("perimeter")["line"]["points"]}
    ).notes
    assert int(note.split("现在 ")[1].split("%")[0]) >= 90


def test_by_night_nothing_is_told_but_that(networks: Networks) -> None:
    night = Frame(np.full((180, 320, 3), 5, np.uint8), datetime.now(UTC), is_keyframe=True)
    assert look(night, networks, yard=story("yard")["zone"]).notes == [DARK]


def test_a_camera_of_a_gate_alone_is_not_looked_at(networks: Networks) -> None:
    assert look(picture_at("gate", 0.0), networks) == FirstLook([], [], [])
