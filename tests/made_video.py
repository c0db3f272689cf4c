"""Makes small videos for tests: moving shapes with a frame counter, encoded as a camera would."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from av.video.stream import VideoStream
from numpy.typing import NDArray

COUNTER_BLOCK = 16
"""Pixels a side of the black and white squares that spell a frame's number in binary, top left, lowest bit first."""
COUNTER_BITS = 12


def draw_frame(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """Return an RGB picture of a gradient with a moving box, and its number written in squares."""
    across = np.linspace(40, 200, width, dtype=np.uint8)
    picture = np.repeat(np.repeat(across[None, :, None], height, axis=0), 3, axis=2)
    x = (number * 4) % (width - 60)
    picture[height // 2 : height // 2 + 40, x : x + 60] = (200, 60, 40)
    for bit in range(COUNTER_BITS):
        shade = 235 if number >> bit & 1 else 16
        picture[:COUNTER_BLOCK, bit * COUNTER_BLOCK : (bit + 1) * COUNTER_BLOCK] = shade
    return picture


def read_number(image: NDArray[np.uint8]) -> int:
    """Return the number that `draw_frame` wrote, from a decoded picture in any colour order."""
    middles = range(COUNTER_BLOCK // 2, COUNTER_BLOCK * COUNTER_BITS, COUNTER_BLOCK)
    return sum(1 << bit for bit, x in enumerate(middles) if image[COUNTER_BLOCK // 2, x].mean() > 128)


def make_video(
    path: Path,
    *,
    frames: int = 100,
    rate: int = 25,
    gop: int = 25,
    width: int = 320,
    height: int = 240,
    codec: str = "libx264",
    b_frames: int = 0,
) -> Path:
    """Write a video of `frames` numbered pictures and return its path."""
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast"} if codec.startswith("libx26") else {}
        stream = container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, rate)
        stream.codec_context.gop_size = gop
        stream.codec_context.max_b_frames = b_frames
        for number, packet_source in enumerate(_pictures(frames, width, height)):
            packet_source.pts = number
            container.mux(stream.encode(packet_source))
        container.mux(stream.encode(None))
    return path


def _pictures(frames: int, width: int, height: int) -> Iterator[av.VideoFrame]:
    for number in range(frames):
        yield av.VideoFrame.from_ndarray(draw_frame(number, width, height), format="rgb24")


def join_videos(parts: list[Path], path: Path) -> Path:
    """Write the pictures of `parts`, one after the other as they are, as one MPEG transport stream; return its path.

    The parts share a codec, and may differ in size: then the size changes in the middle, as it does in a camera.
    """
    clock = Fraction(1, 90_000)
    with av.open(str(path), "w", format="mpegts") as joined:
        with av.open(str(parts[0])) as first:
            track = joined.add_stream_from_template(first.streams.video[0], opaque=True)
        shift = 0
        for part in parts:
            with av.open(str(part)) as opened:
                stream = opened.streams.video[0]
                to_annex_b = BitStreamFilterContext(f"{stream.codec_context.name}_mp4toannexb", in_stream=stream)
                packets = [one for raw in opened.demux(stream) if raw.size for one in to_annex_b.filter(raw)]
                assert stream.time_base is not None
                assert stream.duration is not None
                ticks = stream.time_base / clock
                for packet in packets:
                    assert packet.pts is not None
                    assert packet.dts is not None
                    packet.pts = round(packet.pts * ticks) + shift
                    packet.dts = round(packet.dts * ticks) + shift
                    packet.time_base, packet.stream = clock, track
                    joined.mux(packet)
                shift += round(stream.duration * ticks)
    return path
