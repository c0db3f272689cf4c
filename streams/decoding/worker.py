"""A decoding process: `python -m streams.decoding.worker SOCKET MEMORY`; decodes what its edge hands it, nothing else.

It is given two open descriptors and no arguments beside, no environment worth stealing, and shuts itself in before
the first byte of a camera reaches it. Pictures stay here until the next packet of their stream; the edge fetches those
it wants through the shared memory.
"""

import io
import mmap
import os
import socket
import sys
import time

import av
import numpy as np

from streams.codecs import CodecHere, Decoded
from streams.decoding import sandbox, wire
from streams.decoding.wire import Asked, PictureTold, Request

GIVES_UP_S = 60.0
"""Beyond the time that the edge waits: for one whose edge is gone."""


REQUEST_BUFFER = 64 * 1024


class Sessions:
    """The streams that are being decoded, and of each the pictures that came last."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = np.frombuffer(memory, dtype=np.uint8)
        self._codecs: dict[int, CodecHere] = {}
        self._pictures: dict[int, list[av.VideoFrame]] = {}

    def answer(self, asked: Asked) -> list[PictureTold] | None:
        """Do what is asked for; None where that is not answered."""
        match asked.request:
            case Request.OPEN:
                self._codecs[asked.session] = CodecHere(wire.opened_format(asked))
                return None
            case Request.CLOSE:
                self._codecs.pop(asked.session, None)
                self._pictures.pop(asked.session, None)
                return None
            case Request.FETCH:
                self._write(self._pictures[asked.session][asked.number])
                return []
            case _:
                return self._decode(asked)

    def _decode(self, asked: Asked) -> list[PictureTold]:
        self._pictures.pop(asked.session, None)
        codec = self._codecs[asked.session]
        decoded = [one for one in _run(codec, asked) if one.fetch().format.name in wire.SHAPES][: wire.MOST_PICTURES]
        pictures = [one.fetch() for one in decoded]
        self._pictures[asked.session] = pictures
        if pictures and asked.request is Request.DECODE_ALONE:
            self._write(pictures[0])
        return [_told(one) for one in decoded]

    def _write(self, picture: av.VideoFrame) -> None:
        places = wire.planes_of(picture.format.name, picture.width, picture.height)
        for place, plane in zip(places, picture.planes, strict=True):
            rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
            room = self._memory[place.start : place.start + place.rows * place.row_bytes]
            room.reshape(place.rows, place.row_bytes)[:] = rows[: place.rows, : place.row_bytes]


def _run(codec: CodecHere, asked: Asked) -> list[Decoded]:
    try:
        match asked.request:
            case Request.DECODE:
                return codec.decode_data(asked.data, asked.pts, asked.dts)
            case Request.DECODE_ALONE:
                return codec.decode_data_alone(asked.data, asked.pts, asked.dts)
            case _:
                return codec.drain()
    except (MemoryError, ValueError, OSError):
        return []


def _told(decoded: Decoded) -> PictureTold:
    picture = decoded.fetch()
    colours = (picture.colorspace, picture.color_range, picture.color_trc, picture.color_primaries)
    known = [
        int(colour) if 0 <= int(colour) <= most else unknown
        for colour, most, unknown in zip(colours, wire.COLOUR_LIMITS, wire.COLOUR_UNKNOWN, strict=True)
    ]
    return PictureTold(
        decoded.pts,
        decoded.is_corrupt,
        decoded.is_keyframe,
        picture.width,
        picture.height,
        picture.format.name,
        (known[0], known[1], known[2], known[3]),
    )


def _receive(requests: io.BufferedIOBase, length: int) -> bytes:
    """Read exactly so much; the process ends where the edge is gone."""
    data = requests.read(length)
    if len(data) < length:
        os._exit(0)
    return data


def _warm_up(sessions: Sessions) -> None:
    """Let everything that is needed later be loaded while files can still be opened."""
    for name in ("h264", "hevc"):
        sessions.answer(Asked(Request.OPEN, 0, 1, 90000, data=name.encode() + b"\0\0\0\0\1\x67\x42"))
        for request in (Request.DECODE, Request.DECODE_ALONE, Request.DRAIN):
            sessions.answer(Asked(request, 0, data=b"\0\0\1\x65\x88\x84"))
        sessions.answer(Asked(Request.CLOSE, 0))
    picture = av.VideoFrame(64, 64, "yuv420p")
    sessions._write(picture)
    _told(Decoded(0, is_corrupt=False, is_keyframe=True, fetch=lambda: picture))


def main() -> None:
    """Serve the edge until it hangs up."""
    edge = socket.socket(fileno=int(sys.argv[1]))
    memory = mmap.mmap(int(sys.argv[2]), wire.SHARED_BYTES)
    sessions = Sessions(memory)
    _warm_up(sessions)
    sandbox.limit_resources(sandbox.MEMORY_BYTES)
    os.dup2(sys.stdout.fileno(), sys.stderr.fileno())  # what a camera makes this process say belongs into no log
    is_shut_in = sandbox.shut_in()
    edge.sendall(wire.READY + bytes([is_shut_in]))
    requests = io.BufferedReader(socket.SocketIO(edge, "r"), REQUEST_BUFFER)
    while True:
        asked, length = wire.read_asked(_receive(requests, wire.ASKED_BYTES))
        if length > wire.MOST_DATA_BYTES:
            os._exit(2)
        asked = Asked(asked.request, asked.session, asked.pts, asked.dts, asked.number, _receive(requests, length))
        sandbox.end_after(GIVES_UP_S)
        began = time.thread_time_ns()
        pictures = sessions.answer(asked)
        if pictures is not None:
            edge.sendall(wire.write_answer(pictures, time.thread_time_ns() - began))
        sandbox.end_after(0)


if __name__ == "__main__":
    main()
