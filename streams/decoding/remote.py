"""A camera's codecs in the edge's decoding processes."""

import weakref
from collections.abc import Callable
from typing import TypeVar

import av

from streams.codecs import Decoded, DecoderKilled, DecoderLost
from streams.decoding import wire
from streams.decoding.pool import DecoderPool, Place
from streams.decoding.process import DecodingProcess
from streams.decoding.wire import Asked, PictureTold, Request
from streams.packets import Packet, StreamFormat

MOST_REPEATED_PACKETS = 512
MOST_REPEATED_BYTES = 32 * 1024 * 1024
"""What is kept since the keyframe, to be decoded again where another camera ended the process."""


_T = TypeVar("_T")


class CameraDecoders:
    """Gives one camera its codecs, and knows what they cost and broke."""

    def __init__(self, pool: DecoderPool, camera: str) -> None:
        self.pool = pool
        self.camera = camera
        self.cpu_s = 0.0

    def open(self, stream_format: StreamFormat) -> "RemoteCodec":
        """Return a codec. Raises DecoderLost while the camera is left alone."""
        self.check()
        return RemoteCodec(self, stream_format)

    @property
    def deaths(self) -> int:
        """How many processes the camera's pictures have ended."""
        return self.pool.quarantine.deaths(self.camera)

    def check(self) -> None:
        """Raise DecoderLost while the camera is left alone."""
        if self.pool.quarantine.holds(self.camera):
            raise DecoderLost


class RemoteCodec:
    """One stream's codec in a decoding process; it moves into the next one where another camera ended the process."""

    def __init__(self, owner: CameraDecoders, stream_format: StreamFormat) -> None:
        self._owner = owner
        self._format = stream_format
        self._place, self._session = owner.pool.new_session()
        self._home = _Home()
        self._repeated: list[Packet] | None = []
        self._repeated_bytes = 0
        self._given: set[int | None] = set()
        self._leave = weakref.finalize(self, _leave, owner.pool, self._place, self._session, self._home)

    def decode(self, packet: Packet) -> list[Decoded]:
        """Return the pictures that this packet completes."""
        if packet.is_keyframe:
            self._repeated, self._repeated_bytes = [], 0
            self._given.clear()
        return _once_more(lambda: self._decode(packet))

    def _decode(self, packet: Packet) -> list[Decoded]:
        with self._place.lock, self._owner.pool.blaming(self._owner.camera, self._place):
            process, regained = self._settled()
            told = self._ask(process, wire.decoding(Request.DECODE, self._session, packet))
        self._remember(packet)
        self._given.update(one.pts for one in told)
        return regained + [self._decoded(process, one, number) for number, one in enumerate(told)]

    def decode_alone(self, keyframe: Packet) -> list[Decoded]:
        """Return the picture of a keyframe, and forget it."""
        return _once_more(lambda: self._decode_alone(keyframe))

    def _decode_alone(self, keyframe: Packet) -> list[Decoded]:
        with self._place.lock, self._owner.pool.blaming(self._owner.camera, self._place):
            process, _ = self._settled()
            told = self._ask(process, wire.decoding(Request.DECODE_ALONE, self._session, keyframe))
            first = [process.shared_picture(one) for one in told[:1]]
        return [
            _fetched(one, first[0]) if number == 0 else self._decoded(process, one, number)
            for number, one in enumerate(told)
        ]

    def drain(self) -> list[Decoded]:
        """Return what is still held back."""
        return _once_more(self._drain)

    def _drain(self) -> list[Decoded]:
        with self._place.lock, self._owner.pool.blaming(self._owner.camera, self._place):
            process, regained = self._settled()
            told = self._ask(process, Asked(Request.DRAIN, self._session))
        return regained + [self._decoded(process, one, number) for number, one in enumerate(told)]

    def close(self) -> None:
        """Free what the process holds for this stream."""
        self._leave()

    def _settled(self) -> tuple[DecodingProcess, list[Decoded]]:
        """Return the process; where it is a new one, with the stream brought up to where it was.

        What comes out then and had not come before is returned, too.
        """
        process = self._place.living()
        if process is self._home.process:
            return process, []
        self._owner.check()
        if self._repeated is None:
            raise DecoderLost
        process.ask_later(wire.opening(self._session, self._format))
        self._home.process = process
        regained = []
        for packet in self._repeated:
            told = self._ask(process, wire.decoding(Request.DECODE, self._session, packet))
            new = [(number, one) for number, one in enumerate(told) if one.pts not in self._given]
            regained += [_fetched(one, process.fetch(one, self._session, number)) for number, one in new]
            self._given.update(one.pts for one in told)
        return process, regained

    def _ask(self, process: DecodingProcess, asked: Asked) -> list[PictureTold]:
        told = process.ask(asked)
        self._owner.cpu_s += process.cpu_ns / 1e9
        return told

    def _remember(self, packet: Packet) -> None:
        if self._repeated is None:
            return
        self._repeated.append(packet)
        self._repeated_bytes += len(packet.data)
        if len(self._repeated) > MOST_REPEATED_PACKETS or self._repeated_bytes > MOST_REPEATED_BYTES:
            self._repeated = None
            self._given.clear()

    def _decoded(self, process: DecodingProcess, told: PictureTold, number: int) -> Decoded:
        def fetch_once() -> av.VideoFrame:
            with self._place.lock, self._owner.pool.blaming(self._owner.camera, self._place):
                if self._place.living() is process:
                    return process.fetch(told, self._session, number)
                self._given.discard(told.pts)  # another camera ended the process in between
                _, regained = self._settled()
                again = [one for one in regained if one.pts == told.pts]
                if not again:
                    raise DecoderLost
                return again[0].fetch()

        return Decoded(told.pts, told.is_corrupt, told.is_keyframe, lambda: _once_more(fetch_once))


class _Home:
    """The process in which a stream is being decoded; apart from its codec, so that it is known after its end."""

    process: DecodingProcess | None = None


def _once_more(ask: Callable[[], _T]) -> _T:
    """Ask, and ask the next process the same where somebody killed this one."""
    try:
        return ask()
    except DecoderKilled:
        return ask()


def _fetched(told: PictureTold, picture: av.VideoFrame) -> Decoded:
    return Decoded(told.pts, told.is_corrupt, told.is_keyframe, lambda: picture)


def _leave(pool: DecoderPool, place: Place, session: int, home: _Home) -> None:
    if home.process is not None:
        home.process.ask_later(Asked(Request.CLOSE, session))
    pool.leave(place)
