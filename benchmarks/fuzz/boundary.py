"""The decoding processes as a target: what a camera sends goes in, what a hijacked process might answer comes back."""

import itertools
from collections.abc import Callable
from dataclasses import replace

from streams.decoding import wire
from streams.decoding.pool import DecoderPool
from streams.decoding.process import DecodingProcess
from streams.decoding.remote import CameraDecoders
from streams.decoding.wire import MalformedAnswer, PictureTold
from streams.frames import FrameDecoder
from streams.packets import Packet

OTHERS = 5
"""Good packets that follow the damaged one."""


class Boundary:
    """Packets that are decoded in a process, each damaged one as another camera's; `deaths` counts ended processes."""

    def __init__(self, packets: list[Packet]) -> None:
        self._packets = packets
        self._format = replace(packets[0].format)
        self._pool = DecoderPool(most=1)
        self._numbers = itertools.count()
        self.deaths = 0

    def take(self, data: bytes) -> None:
        """Decode damaged data, good packets after it, and then a good camera's; raise where that one is not served."""
        decoders = CameraDecoders(self._pool, f"hostile-{next(self._numbers)}")
        extradata = data[:64] if data[:1] == b"\xff" else b""
        stream_format = replace(self._format, extradata=extradata)
        decoder = FrameDecoder(decoders=decoders)
        for number, packet in enumerate([replace(self._packets[0], data=data), *self._packets[1 : 1 + OTHERS]]):
            for picture in decoder.decode(replace(packet, format=stream_format, pts=number, dts=number)):
                picture.thumbnail()
                picture.to_frame()
        self.deaths += decoders.deaths
        good = FrameDecoder(decoders=CameraDecoders(self._pool, "good"))
        found = [one for packet in self._packets for one in good.decode(packet)] + good.flush()
        if len(found) != len(self._packets):
            raise AssertionError(f"a good camera has {len(found)} of {len(self._packets)} pictures")


def answers() -> tuple[list[bytes], Callable[[bytes], None]]:
    """Return good answers, and what takes them as the edge does, with whatever the shared memory holds."""
    process = DecodingProcess()
    told = [
        PictureTold(number, False, True, 160, 96, pixel_format, (1, 1, 1, 1))
        for number, pixel_format in enumerate(("yuv420p", "yuvj444p", "yuv420p10le", "gray"))
    ]
    good = [wire.write_answer([], 1), *(wire.write_answer([one], 1) for one in told), wire.write_answer(told, 1)]

    def take(data: bytes) -> None:
        try:
            if wire.is_whole(data[: wire.MOST_ANSWER_BYTES]):
                for one in wire.read_answer(data)[0]:
                    process.shared_picture(one)
        except MalformedAnswer:
            return

    return good, take
