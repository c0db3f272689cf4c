"""Writes pictures as an MP4 the way a surveillance camera sends them: H.264, a key frame every two seconds."""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

KEY_FRAME_SECONDS = 2
CRF = 26


def write_mp4(path: Path, pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], frames_per_second: int) -> None:
    """Write the BGR pictures; the file appears when it is whole."""
    part = path.with_name(f".{path.name}.part")
    options = {"crf": str(CRF), "preset": "slow", "bf": "0", "sc_threshold": "0"}
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=frames_per_second, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = KEY_FRAME_SECONDS * frames_per_second
        stream.max_b_frames = 0
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    part.replace(path)
