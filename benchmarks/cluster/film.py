"""What the cluster's cameras see: a rendered yard that is covered and laid bare in turn, the same for every viewer."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from datasets.stories import yard_story
from streams.addresses import VideoSource
from streams.frames import BgrImage, decode_all
from streams.sources import OpenVideo

RATE = 5
COVERED_S = 75
BARE_S = 75
CYCLE_S = COVERED_S + BARE_S
COVERED_AT_S, BARE_AT_S = 2.0, 30.0
"""Moments of the story with next to no bare soil, and with much of it."""
PHASE_S = 37.0
"""By so much each camera's soil is laid bare later than the one's before."""


@dataclass(frozen=True)
class Bare:
    """One stretch of time in which a camera's soil lies bare, in Unix seconds."""

    camera: str
    begins: float
    ends: float


def make_film(path: Path) -> Path:
    """Write the film: stills, a keyframe a second."""
    covered, bare = _still(COVERED_AT_S), _still(BARE_AT_S)
    height, width = covered.shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "superfast", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.codec_context.gop_size = RATE
        stream.codec_context.max_b_frames = 0
        for number in range(CYCLE_S * RATE):
            image = covered if number < COVERED_S * RATE else bare
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def bare_times(camera: str, offset_s: float, first: float, last: float) -> list[Bare]:
    """Return the times in which the camera's soil lies bare from beginning to end between two Unix times."""
    found, begins = [], COVERED_S - offset_s
    begins += (first - begins) // CYCLE_S * CYCLE_S
    while begins + BARE_S <= last:
        if begins >= first:
            found.append(Bare(camera, begins, begins + BARE_S))
        begins += CYCLE_S
    return found


def _still(at_s: float) -> BgrImage:
    with OpenVideo(VideoSource(str(yard_story().clip))) as video:
        rate = video.format.frame_rate or RATE
        for number, frame in enumerate(decode_all(video.packets())):
            if number >= at_s * rate:
                return frame.image
    raise ValueError("the story is shorter")
