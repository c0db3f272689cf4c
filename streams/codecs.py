"""What turns one stream's packets into pictures: FFmpeg's decoders in this process, or whatever else behaves so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import av
from av.video.codeccontext import VideoCodecContext

from streams.limits import MOST_PIXELS
from streams.packets import Packet, StreamFormat


class DecoderLost(Exception):
    """What decoded this stream is gone, and with it what later pictures refer to: begin again at a keyframe."""


class DecoderKilled(DecoderLost):
    """What decoded this stream was ended by somebody else: the same may be asked for once more, of its successor."""


@dataclass(frozen=True)
class Decoded:
    """A picture that a codec has made; `fetch` gives it, before the codec is asked for anything else."""

    pts: int | None
    is_corrupt: bool
    is_keyframe: bool
    fetch: Callable[[], av.VideoFrame]


class Codec(Protocol):
    """Decodes the packets of one stream. What can't be decoded gives no picture; each call may raise DecoderLost."""

    def decode(self, packet: Packet) -> list[Decoded]:
        """Return the pictures that this packet completes."""

    def decode_alone(self, keyframe: Packet) -> list[Decoded]:
        """Return the picture of a keyframe, and forget it: nothing that comes refers to it."""

    def drain(self) -> list[Decoded]:
        """Return what is still held back at the end of a stream."""

    def close(self) -> None:
        """Free what the codec holds."""


class Decoders(Protocol):
    """Gives one camera its codecs."""

    def open(self, stream_format: StreamFormat) -> Codec:
        """Return a codec for a stream of this format. Raises DecoderLost."""

    @property
    def deaths(self) -> int:
        """How many processes the camera's pictures have ended."""

    @property
    def cpu_s(self) -> float:
        """Processor seconds used for this camera outside of the callers' threads."""


class CodecHere:
    """FFmpeg's decoder in this process: a flaw in it is a flaw of the process."""

    def __init__(self, stream_format: StreamFormat) -> None:
        codec = av.CodecContext.create(stream_format.codec, "r")
        assert isinstance(codec, VideoCodecContext)
        codec.extradata = stream_format.extradata or None
        codec.options = {"max_pixels": str(MOST_PIXELS)}
        codec.thread_count = (
            1  # many cameras share the cores; threads within one would cost time and hold pictures back
        )
        self._codec = codec
        self._time_base = stream_format.time_base

    def decode(self, packet: Packet) -> list[Decoded]:
        """Return the pictures that this packet completes."""
        return self.decode_data(packet.data, packet.pts, packet.dts)

    def decode_alone(self, keyframe: Packet) -> list[Decoded]:
        """Return the picture of a keyframe."""
        return self.decode_data_alone(keyframe.data, keyframe.pts, keyframe.dts)

    def decode_data(self, data: bytes, pts: int, dts: int) -> list[Decoded]:
        """Decode one packet's data; `pts` and `dts` are in ticks of the format."""
        encoded = av.Packet(data)
        encoded.pts, encoded.dts, encoded.time_base = pts, dts, self._time_base
        return self._run(encoded)

    def decode_data_alone(self, data: bytes, pts: int, dts: int) -> list[Decoded]:
        """Decode one keyframe's data; the decoder would wait for the next one to settle the order."""
        pictures = self.decode_data(data, pts, dts) + self.drain()
        self._codec.flush_buffers()
        return pictures

    def drain(self) -> list[Decoded]:
        """Return what is still held back."""
        return self._run(None)

    def close(self) -> None:
        """Leave it to the memory's own order: nothing outside refers to it."""

    def _run(self, encoded: "av.Packet[Any] | None") -> list[Decoded]:
        try:
            pictures = self._codec.decode(encoded)
        except av.error.FFmpegError:
            return []
        return [_decoded(picture) for picture in pictures]


class DecodersHere:
    """Codecs in this process, for recordings and where a process of their own is not wanted."""

    deaths = 0
    cpu_s = 0.0

    def open(self, stream_format: StreamFormat) -> CodecHere:
        """Return a codec."""
        return CodecHere(stream_format)


HERE = DecodersHere()


def _decoded(picture: av.VideoFrame) -> Decoded:
    return Decoded(picture.pts, bool(picture.is_corrupt), bool(picture.key_frame), lambda: picture)
