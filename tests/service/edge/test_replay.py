"""Rendered stories, replayed through the edge's own parts: what is wrong in them is found, and the same each time."""

from pathlib import Path

import cv2
import pytest

from datasets.stories import gate_story, perimeter_story
from service.config.schema import Config
from service.demo.views import PATROL, RULES, DemoView, rendered_views
from service.edge.cameras import orders
from service.edge.replay import UNDATED, Replayed, replay_recording
from streams.addresses import VideoSource
from streams.frames import DecodeMode, decode_all
from streams.sources import OpenVideo

GATE, YARD, FENCE = rendered_views()
LATE_S = 2.5
"""A truck is reported this long after it crossed the line, at the latest."""


def replayed(view: DemoView, reference: Path | None = None, **rules: object) -> Replayed:
    camera = {"id": view.camera_id, "site": "s", "name": view.name, "url": "rtsp://127.0.0.1:1/x", "zones": view.zones}
    patrol = {} if view.gate else PATROL | {"reference": reference}
    site = {"id": "s", "name": "工地"}
    config = Config.model_validate({"sites": [site], "cameras": [camera | patrol], "rules": RULES | rules})
    return replay_recording(view.clip, orders(config)[view.camera_id], config)


@pytest.mark.slow
def test_exactly_the_unwashed_and_the_muddy_trucks_of_the_gate_are_found() -> None:
    story = gate_story()
    result = replayed(GATE)
    leaving = [(truck, truck.leaves_at) for truck in story.trucks if truck.leaves_at is not None]
    expected = sorted(at for truck, at in leaving if truck.violation or truck.muddy_violation)
    found = [result.seconds_at(violation.opened_at) for violation in result.violations]
    assert len(found) == len(expected)
    for at, leaves_at in zip(found, expected, strict=True):
        assert -0.5 <= at - leaves_at <= LATE_S
    assert result.figures["washed"] == sum(not truck.violation for truck, _ in leaving)
    assert result.figures["muddy"] == sum(truck.muddy_violation for truck, _ in leaving)
    sprayed = {violation.measures["spray_seen"] for violation in result.violations if violation.measures["mud_views"]}
    assert sprayed == {1}


@pytest.mark.slow
def test_where_mud_is_no_violation_only_the_unwashed_trucks_are_found() -> None:
    result = replayed(GATE, unwashed_truck={"muddy_is_violation": False})
    assert len(result.violations) == sum(truck.violation for truck in gate_story().trucks)
    assert result.figures["muddy"] == 1


def test_soil_laid_bare_is_found_once_and_its_course_tells_why() -> None:
    result = replayed(YARD)
    (violation,) = result.violations
    assert violation.opened_at > result.started_at == UNDATED
    assert result.inspected > 0
    assert result.unchanged > 0
    assert result.left_out == 0
    assert result.seconds == pytest.approx(60, abs=0.5)
    (opening,) = [point for point in result.trace.points if point.has_violation]
    assert opening.at == violation.opened_at
    assert opening.figures["zone_bare_soil_share"] >= 0.15


def test_a_longer_grace_time_finds_nothing() -> None:
    times = {"window_s": 4.0, "grace_s": 600.0, "close_after_s": 4.0}
    assert replayed(YARD, uncovered_soil=times).violations == []


def test_no_evidence_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert replayed(YARD).violations
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_perimeter_is_held_against_its_reference(tmp_path: Path) -> None:
    story = perimeter_story()
    with OpenVideo(VideoSource(str(story.clip))) as video:
        frames = [frame.image for frame in decode_all(video.packets(), DecodeMode.FULL)]
    (missing,) = story.missing
    whole, gone = tmp_path / "whole.png", tmp_path / "gone.png"
    cv2.imwrite(str(whole), frames[20])
    cv2.imwrite(str(gone), frames[round((missing.whole_since + 1) * story.frames_per_second)])
    plain, held = replayed(FENCE), replayed(FENCE, whole)
    (seen,), (seen_too,) = plain.violations, held.violations
    assert seen_too.measures["gap_share"] == pytest.approx(seen.measures["gap_share"], abs=0.02)
    assert abs(held.seconds_at(seen_too.opened_at) - plain.seconds_at(seen.opened_at)) <= 2
    assert replayed(FENCE, gone).violations == []  # what was not there at commissioning is not missed
