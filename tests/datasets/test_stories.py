"""The clips that come with the project are those that their truth tells of."""

import av
import pytest

from datasets.render.gate.story import gate_story as rendered_gate
from datasets.render.perimeter.story import perimeter_story as rendered_perimeter
from datasets.render.yard.story import yard_story as rendered_yard
from datasets.stories import FOLDER, gate_story, perimeter_story, yard_story

MOST_BYTES = 15_000_000
STORIES = {
    "gate": (gate_story, rendered_gate),
    "yard": (yard_story, rendered_yard),
    "perimeter": (perimeter_story, rendered_perimeter),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_clip_has_the_length_rate_and_size_that_its_truth_tells(name):
    story = STORIES[name][0]()
    with av.open(str(story.clip)) as container:
        stream = container.streams.video[0]
        assert (stream.codec.canonical_name, stream.width, stream.height) == ("h264", 640, 360)
        assert stream.average_rate == story.frames_per_second
        assert sum(1 for packet in container.demux(stream) if packet.size) == story.seconds * story.frames_per_second


@pytest.mark.parametrize("name", STORIES)
def test_the_truth_is_that_of_the_rendered_story(name):
    stored, rendered = STORIES[name][0](), STORIES[name][1]()
    truth = type(stored).model_validate(rendered.truth())
    assert truth.model_dump(exclude={"homography"}) == stored.model_dump(exclude={"homography"})


def test_the_clips_are_small():
    clips = list(FOLDER.glob("*.mp4"))
    assert {clip.stem for clip in clips} == set(STORIES)
    assert sum(clip.stat().st_size for clip in clips) <= MOST_BYTES
