"""Films of two pictures of a clip in turn: something is covered or in its place, and then it is not."""

from fractions import Fraction
from pathlib import Path

import av

from streams.addresses import VideoSource
from streams.frames import BgrImage, decode_all
from streams.sources import OpenVideo

RATE = 5


def write_two_stills(
    path: Path, clip: Path, first_at_s: float, second_at_s: float, *, first_s: int, second_s: int
) -> None:
    """Write one picture for `first_s` seconds and the other for `second_s`, a keyframe a second."""
    first, second = _still(clip, first_at_s), _still(clip, second_at_s)
    height, width = first.shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "superfast", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, RATE)
        stream.codec_context.gop_size = RATE
        stream.codec_context.max_b_frames = 0
        for number in range((first_s + second_s) * RATE):
            picture = av.VideoFrame.from_ndarray(first if number < first_s * RATE else second, format="bgr24")
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def _still(clip: Path, at_s: float) -> BgrImage:
    with OpenVideo(VideoSource(str(clip))) as video:
        rate = video.format.frame_rate or RATE
        for number, frame in enumerate(decode_all(video.packets())):
            if number >= at_s * rate:
                return frame.image
    raise ValueError("the story is shorter")
