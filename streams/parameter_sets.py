"""The parameter sets inside a keyframe, by which a camera announces another picture without connecting anew."""

import io
import re
from collections.abc import Iterator

import av

from streams.limits import MOST_PARAMETER_BYTES, MOST_PIXELS, PARSED_ALONE
from streams.packets import Codec

H264_SPS, H264_PPS = 7, 8
HEVC_VPS, HEVC_SPS, HEVC_PPS = 32, 33, 34
SEQUENCE: dict[Codec, frozenset[int]] = {"h264": frozenset({H264_SPS}), "hevc": frozenset({HEVC_SPS})}
ALL: dict[Codec, frozenset[int]] = {
    "h264": frozenset({H264_SPS, H264_PPS}),
    "hevc": frozenset({HEVC_VPS, HEVC_SPS, HEVC_PPS}),
}
_START = re.compile(rb"\x00\x00\x01")


def sequence_parameters(data: bytes, codec: Codec) -> bytes:
    """Return the sequence parameter sets of an Annex B packet, as Annex B; empty where it carries none.

    They tell size, profile and timing: where they differ from the last ones, a new sequence begins.
    """
    return _joined(data, codec, SEQUENCE[codec])


def parameter_sets(data: bytes, codec: Codec) -> bytes:
    """Return all parameter sets of an Annex B packet, as Annex B; empty where it carries none."""
    return _joined(data, codec, ALL[codec])


def picture_size(keyframe: bytes, codec: Codec) -> tuple[int, int] | None:
    """Return width and height (pixels) of an Annex B keyframe with its parameter sets; None where unreadable."""
    options = {"max_pixels": str(MOST_PIXELS), **PARSED_ALONE}
    try:
        with av.open(io.BytesIO(keyframe), format=codec, options=options) as container:
            stream = container.streams.video[0]
            return (stream.width, stream.height) if stream.width and stream.height else None
    except (av.error.FFmpegError, IndexError):
        return None


def _joined(data: bytes, codec: Codec, kinds: frozenset[int]) -> bytes:
    return b"".join(b"\0\0\0\1" + unit for kind, unit in _units_before_picture(data, codec) if kind in kinds)


def _units_before_picture(data: bytes, codec: Codec) -> Iterator[tuple[int, bytes]]:
    """Yield kind and bytes of each unit up to the first slice, which is most of the packet and not looked through."""
    data = data[:MOST_PARAMETER_BYTES]
    start = _START.search(data)
    while start is not None and start.end() < len(data):
        header = data[start.end()]
        kind = header & 31 if codec == "h264" else header >> 1 & 63
        if kind in range(1, 6) if codec == "h264" else kind < HEVC_VPS:
            return
        following = _START.search(data, start.end())
        end = following.start() if following else len(data)
        yield kind, data[start.end() : end].rstrip(b"\0")
        start = following
