"""Makes the recordings from the rendered pictures; what lies in the folder already is not made again."""

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from benchmarks.judgement.encode import TimedPicture, write_recording
from benchmarks.judgement.gate_stories import GateRecording, gate_recordings, plates
from benchmarks.judgement.pictures import Image, seen
from benchmarks.judgement.stories import INTERVAL_S, PatrolStory, patrol_stories
from datasets.render.film import PlateMissing, composed
from datasets.render.judged.gate import SETUPS
from datasets.render.judged.setup import SIZE, still_path
from vision.violations import RuleName

Story = PatrolStory | GateRecording
RENDERED, RECORDED = "rendered", "recordings"


def all_stories() -> list[Story]:
    """Return everything that is judged."""
    return [*patrol_stories(), *gate_recordings()]


def recording_path(folder: Path, story: Story) -> Path:
    """Return where a story's recording lies; its truth lies beside it."""
    return folder / RECORDED / f"{story.name}.mp4"


def make_recording(folder: Path, story: Story) -> Path:
    """Return a story's recording, and make it if it is not there. Raises PlateMissing."""
    path = recording_path(folder, story)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".json").write_text(json.dumps(story.truth(), indent=1) + "\n", encoding="utf-8")
        made = _gate(folder, story) if isinstance(story, GateRecording) else _patrol(folder, story)
        write_recording(path, made, SIZE)
    return path


def make_reference(folder: Path, story: Story) -> Path | None:
    """Return the picture of a perimeter when it was commissioned, whole and by day; other cameras have none.

    Raises PlateMissing.
    """
    if isinstance(story, GateRecording) or story.rule is not RuleName.MISSING_HOARDING:
        return None
    path = folder / RECORDED / f"{story.setup.name}-reference.jpg"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = _read(still_path(folder / RENDERED, story.setup, "whole"))
        cv2.imwrite(str(path), seen(whole, story.setup, 0.0))
    return path


def _patrol(folder: Path, story: PatrolStory) -> Iterator[TimedPicture]:
    stills = {name: _read(still_path(folder / RENDERED, story.setup, name)) for name in dict.fromkeys(story.looks)}
    for number, name in enumerate(story.looks):
        seconds = number * INTERVAL_S
        yield TimedPicture(seconds, seen(stills[name], story.setup, seconds))


def _gate(folder: Path, recording: GateRecording) -> Iterator[TimedPicture]:
    setup, story = recording.gate.setup, recording.gate.story
    planned = plates(SETUPS.index(setup))
    bases: dict[str, Image] = {}
    for frame in recording.frames:
        image = composed(story, planned[frame.frame], folder / RENDERED / setup.name, bases)
        yield TimedPicture(frame.seconds, seen(image, setup, frame.seconds), frame.is_keyframe)


def _read(path: Path) -> Image:
    image = cv2.imread(str(path))
    if image is None:
        raise PlateMissing(path)
    return np.asarray(image, np.uint8)
