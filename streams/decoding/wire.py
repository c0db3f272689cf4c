"""What an edge and its decoding processes say to each other, and the checks on what comes back.

The edge asks one thing at a time. A process that a camera has taken over may answer anything: each answer is held
against the limits here before any of it is used.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from streams.limits import MOST_PACKET_BYTES, MOST_PARAMETER_BYTES, MOST_PIXELS
from streams.packets import Codec, Packet, StreamFormat

READY = b"dustwatch decodes"
"""What a process says first, followed by one byte: whether it is shut in."""
MOST_PICTURES = 64
"""Pictures that one packet may complete."""
MAX_TICKS = 2**63 - 1


class MalformedAnswer(Exception):
    """The process answered what no honest one would."""


class Request(IntEnum):
    """What the process is asked for; OPEN and CLOSE are not answered."""

    OPEN = 1
    CLOSE = 2
    DECODE = 3
    DECODE_ALONE = 4
    DRAIN = 5
    FETCH = 6


@dataclass(frozen=True)
class Asked:
    """One request: `number` is a picture's place in the last answer; for OPEN, pts and dts are the time base."""

    request: Request
    session: int
    pts: int = 0
    dts: int = 0
    number: int = 0
    data: bytes = b""


@dataclass(frozen=True)
class PictureTold:
    """What is told of a picture that the process holds; the colours are FFmpeg's numbers."""

    pts: int | None
    is_corrupt: bool
    is_keyframe: bool
    width: int
    height: int
    pixel_format: str
    colours: tuple[int, int, int, int]


@dataclass(frozen=True)
class Plane:
    """Where one plane lies in the shared memory, without padding: `rows` of `row_bytes` from `start` on."""

    start: int
    rows: int
    row_bytes: int


_ASKED = struct.Struct("<BIqqBI")
_ANSWER = struct.Struct("<BQ")
_PICTURE = struct.Struct("<qBIIB4B")
ASKED_BYTES, ANSWER_BYTES, PICTURE_BYTES = _ASKED.size, _ANSWER.size, _PICTURE.size
MOST_ANSWER_BYTES = ANSWER_BYTES + MOST_PICTURES * PICTURE_BYTES
_HAS_PTS, _IS_CORRUPT, _IS_KEYFRAME = 1, 2, 4
MOST_DATA_BYTES = MOST_PACKET_BYTES + MOST_PARAMETER_BYTES

_PLANAR = {"yuv420p": (1, 1), "yuv422p": (1, 0), "yuv444p": (0, 0), "gbrp": (0, 0)}
_DEEP = ("9le", "10le", "12le", "14le")
SHAPES: dict[str, tuple[int, int, int, int]] = {
    "gray": (1, 1, 0, 0),
    **{f"gray{depth}": (2, 1, 0, 0) for depth in _DEEP},
    **{name: (1, 3, *shift) for name, shift in _PLANAR.items()},
    **{f"{name}{depth}": (2, 3, *shift) for name, shift in _PLANAR.items() for depth in _DEEP},
    **{name.replace("yuv", "yuvj"): (1, 3, *shift) for name, shift in _PLANAR.items() if name != "gbrp"},
}
"""Bytes of a sample, planes, and by how many bits colour planes are narrower and lower; all that FFmpeg's decoders of
H.264 and H.265 give out."""
PIXEL_FORMATS = tuple(SHAPES)
COLOUR_LIMITS = (14, 2, 18, 22)
"""The greatest numbers of colour space, range, transfer and primaries that are passed on."""
COLOUR_UNKNOWN = (2, 0, 2, 2)
SHARED_BYTES = MOST_PIXELS * 3 * 2
"""Room for the largest picture that there may be."""


def planes_of(pixel_format: str, width: int, height: int) -> list[Plane]:
    """Return where the planes of a picture lie in the shared memory."""
    sample_bytes, count, narrower, lower = SHAPES[pixel_format]
    planes: list[Plane] = []
    start = 0
    for number in range(count):
        across, down = (0, 0) if number == 0 else (narrower, lower)
        plane = Plane(start, -(-height >> down), -(-width >> across) * sample_bytes)
        planes.append(plane)
        start += plane.rows * plane.row_bytes
    return planes


def write_asked(asked: Asked) -> bytes:
    """Return a request as bytes."""
    head = (asked.request, asked.session, _ticks(asked.pts), _ticks(asked.dts), asked.number, len(asked.data))
    return _ASKED.pack(*head) + asked.data


def read_asked(head: bytes) -> tuple[Asked, int]:
    """Return a request without its data, and how many bytes of that follow."""
    request, session, pts, dts, number, length = _ASKED.unpack(head)
    return Asked(Request(request), session, pts, dts, number), length


def opening(session: int, stream_format: StreamFormat) -> Asked:
    """Return the request that opens a session for streams of this format."""
    base = stream_format.time_base
    data = stream_format.codec.encode() + b"\0" + stream_format.extradata
    return Asked(Request.OPEN, session, base.numerator, base.denominator, data=data)


def opened_format(asked: Asked) -> StreamFormat:
    """Return what `opening` was told of."""
    name, _, extradata = asked.data.partition(b"\0")
    codec: Codec = "h264" if name == b"h264" else "hevc"
    return StreamFormat(codec, 0, 0, extradata, Fraction(asked.pts, asked.dts), None)


def decoding(request: Request, session: int, packet: Packet) -> Asked:
    """Return the request to decode a packet."""
    return Asked(request, session, packet.pts, packet.dts, data=packet.data)


def write_answer(pictures: list[PictureTold], cpu_ns: int) -> bytes:
    """Return an answer: what is told of the pictures, and the processor time (ns) that the request took."""
    told = [_ANSWER.pack(len(pictures), cpu_ns)]
    for one in pictures:
        flags = _HAS_PTS * (one.pts is not None) | _IS_CORRUPT * one.is_corrupt | _IS_KEYFRAME * one.is_keyframe
        index = PIXEL_FORMATS.index(one.pixel_format)
        told.append(_PICTURE.pack(one.pts or 0, flags, one.width, one.height, index, *one.colours))
    return b"".join(told)


def is_whole(answer: bytes) -> bool:
    """Tell whether an answer has come to its end. Raises MalformedAnswer where more came than belongs to one."""
    if len(answer) < ANSWER_BYTES:
        return False
    count, _ = _ANSWER.unpack_from(answer)
    if count > MOST_PICTURES:
        raise MalformedAnswer(f"{count} pictures")
    missing: int = ANSWER_BYTES + count * PICTURE_BYTES - len(answer)
    if missing < 0:
        raise MalformedAnswer(f"{-missing} bytes too many")
    return missing == 0


def read_answer(answer: bytes) -> tuple[list[PictureTold], int]:
    """Return what a whole answer tells of its pictures, and the processor time (ns). Raises MalformedAnswer."""
    _, cpu_ns = _ANSWER.unpack_from(answer)
    told = range(ANSWER_BYTES, len(answer), PICTURE_BYTES)
    return [_read_picture(answer[at : at + PICTURE_BYTES]) for at in told], cpu_ns


def _read_picture(told: bytes) -> PictureTold:
    pts, flags, width, height, index, *colours = _PICTURE.unpack(told)
    if not (width > 0 and height > 0 and width * height <= MOST_PIXELS):
        raise MalformedAnswer(f"a picture of {width} x {height}")
    if index >= len(PIXEL_FORMATS):
        raise MalformedAnswer(f"pixel format {index}")
    if any(colour > most for colour, most in zip(colours, COLOUR_LIMITS, strict=True)):
        raise MalformedAnswer(f"colours {colours}")
    return PictureTold(
        pts if flags & _HAS_PTS else None,
        bool(flags & _IS_CORRUPT),
        bool(flags & _IS_KEYFRAME),
        width,
        height,
        PIXEL_FORMATS[index],
        (colours[0], colours[1], colours[2], colours[3]),
    )


def _ticks(count: int) -> int:
    return max(-MAX_TICKS, min(MAX_TICKS, count))
