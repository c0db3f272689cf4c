"""Makes what the simulated cameras play: a rendered scene with a sensor's noise, encoded as a camera encodes it.

A story is enlarged, noise is laid over it so that neither texture nor bits are missing, and the encoder holds the
bit rate. The files are kept and made only once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from datasets.stories import FOLDER as STORIES
from streams.addresses import VideoSource
from streams.frames import BgrImage, decode_all
from streams.sources import OpenVideo

RATE = 25
KEYFRAME_EVERY_S = 2
NOISE_LEVEL = 4.0
"""Standard deviation of the sensor's noise, in levels of 255."""
NOISE_FIELDS = 12


@dataclass(frozen=True)
class Footage:
    """What a simulated camera plays: the first `seconds` of a clip of `datasets/stories`, then its first picture still.

    The stories are busy from end to end; `still_s` is the quiet between two events that a real day has.
    """

    story: str
    seconds: float
    width: int
    height: int
    bit_rate: int
    still_s: float = 0.0

    @property
    def loop_s(self) -> float:
        """Seconds until it begins again."""
        return self.seconds + self.still_s

    @property
    def name(self) -> str:
        """The file's name, which tells everything that the file depends on."""
        return f"{self.story}-{self.seconds:g}s-{self.still_s:g}s-{self.height}p-{self.bit_rate // 1000}k.mp4"


def main_stream(story: str, seconds: float, still_s: float = 0.0) -> Footage:
    """Return a camera's main stream: 1080p25 at 3 Mbit/s."""
    return Footage(story, seconds, 1920, 1080, 3_000_000, still_s)


def substream(story: str, seconds: float) -> Footage:
    """Return a camera's substream: 640x360 at 0.5 Mbit/s."""
    return Footage(story, seconds, 640, 360, 500_000)


def make_footage(footage: Footage, folder: Path) -> Path:
    """Return the file in `folder`, encoding it where it is not there yet."""
    path = folder / footage.name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        building = path.with_suffix(".building.mp4")
        _encode(building, footage)
        building.rename(path)
    return path


def bit_rate_of(path: Path) -> float:
    """Return the bits a second of a file's pictures, counted."""
    with OpenVideo(VideoSource(str(path))) as video:
        sizes = [len(packet.data) for packet in video.packets()]
    return 8 * sum(sizes) * RATE / len(sizes)


def _encode(path: Path, footage: Footage) -> None:
    rate = footage.bit_rate
    options = {"preset": "superfast", "maxrate": str(rate), "bufsize": str(2 * rate), "sc_threshold": "0"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = footage.width, footage.height, "yuv420p"
        stream.bit_rate = rate
        stream.time_base = Fraction(1, RATE)
        stream.codec_context.gop_size = KEYFRAME_EVERY_S * RATE
        stream.codec_context.max_b_frames = 0
        for number, image in enumerate(_noisy(footage)):
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def _noisy(footage: Footage) -> Iterator[BgrImage]:
    """Yield the enlarged pictures, each with noise; an offset of 128 lets unsigned bytes carry its sign."""
    random = np.random.default_rng(1)
    shape = (footage.height, footage.width)
    fields = [random.normal(128, NOISE_LEVEL, shape).clip(0, 255).astype(np.uint8) for _ in range(NOISE_FIELDS)]
    grey = [cv2.merge([field] * 3) for field in fields]
    for image in _at_rate(footage):
        noise = grey[int(random.integers(NOISE_FIELDS))]
        yield np.asarray(cv2.addWeighted(image, 1, noise, 1, -128), np.uint8)


def _at_rate(footage: Footage) -> Iterator[BgrImage]:
    """Yield the story's pictures at the camera's rate: its own pictures stand until the next is due."""
    with OpenVideo(VideoSource(str(STORIES / f"{footage.story}.mp4"))) as video:
        story_rate = video.format.frame_rate or RATE
        wanted = round(footage.seconds * story_rate)
        shown, first = 0, None
        for number, frame in enumerate(islice(decode_all(video.packets()), wanted)):
            image = np.asarray(cv2.resize(frame.image, (footage.width, footage.height)), np.uint8)
            first = image if first is None else first
            until = round((number + 1) * RATE / story_rate)
            for _ in range(shown, until):
                yield image
            shown = until
    if first is not None:
        for _ in range(round(footage.still_s * RATE)):
            yield first
