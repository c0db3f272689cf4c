"""Writes recordings whose pictures lie any time apart, as a camera's recorder would: H.264, some of them keyframes."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

TICKS_A_SECOND = 100
CRF = "27"


@dataclass(frozen=True)
class TimedPicture:
    """A picture (height, width, 3) BGR of a recording, `seconds` from its start."""

    seconds: float
    image: NDArray[np.uint8]
    is_keyframe: bool = True


def write_recording(path: Path, pictures: Iterable[TimedPicture], size: tuple[int, int]) -> None:
    """Write the pictures; the file appears when it is whole."""
    part = path.with_name(f".{path.name}.part")
    options = {"crf": CRF, "preset": "veryfast", "bf": "0", "sc_threshold": "0", "forced-idr": "1"}
    with av.open(str(part), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=TICKS_A_SECOND, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 10_000
        stream.max_b_frames = 0
        stream.codec_context.time_base = stream.time_base = Fraction(1, TICKS_A_SECOND)
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture.image, format="bgr24")
            frame.pts, frame.time_base = round(picture.seconds * TICKS_A_SECOND), Fraction(1, TICKS_A_SECOND)
            frame.pict_type = PictureType.I if picture.is_keyframe else PictureType.P
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    part.replace(path)
