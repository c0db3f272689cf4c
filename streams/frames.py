"""Decodes packets into frames, every picture or keyframes alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import av
import numpy as np
from numpy.typing import NDArray

from streams.change import Thumbnail, thumbnail_of
from streams.codecs import HERE, Codec, Decoded, DecoderLost, Decoders
from streams.limits import has_too_many_units
from streams.packets import Packet, StreamFormat

BgrImage = NDArray[np.uint8]
"""A picture of shape (height, width, 3), dtype uint8, colour order BGR."""


class DecodeMode(StrEnum):
    """Which packets are decoded."""

    KEYFRAMES = "keyframes"
    FULL = "full"


@dataclass(frozen=True)
class Frame:
    """One decoded picture: `image` BGR uint8 of shape (height, width, 3), `captured_at` UTC."""

    image: BgrImage
    captured_at: datetime
    is_keyframe: bool


MAX_PENDING = 64
"""More pictures than a decoder may hold back to bring them into order."""
PLAIN_LUMA = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "gray"})
"""Formats whose first plane is the luma, a byte a pixel."""


class DecodedPicture:
    """A decoded picture still in the decoder's own colours: converting costs more than decoding, so it waits."""

    def __init__(self, picture: av.VideoFrame, captured_at: datetime, *, is_keyframe: bool) -> None:
        self._picture = picture
        self._is_keyframe = is_keyframe
        self.captured_at = captured_at

    def to_frame(self) -> Frame:
        """Convert to BGR."""
        image = np.asarray(self._picture.to_ndarray(format="bgr24"), dtype=np.uint8)
        return Frame(image=image, captured_at=self.captured_at, is_keyframe=self._is_keyframe)

    def luma(self) -> NDArray[np.uint8]:
        """Return the brightness (height, width) uint8; mostly a view, which costs nothing."""
        if self._picture.format.name not in PLAIN_LUMA:
            return np.asarray(self._picture.to_ndarray(format="gray"), dtype=np.uint8)
        plane = self._picture.planes[0]
        rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
        return np.asarray(rows[: self._picture.height, : self._picture.width], dtype=np.uint8)

    def thumbnail(self) -> Thumbnail:
        """Return what changes are told by."""
        return thumbnail_of(self.luma())

    def reduced(self, height: int) -> BgrImage:
        """Return a smaller BGR picture of at most this height."""
        scale = min(1.0, height / self._picture.height)
        width = max(2, round(self._picture.width * scale))
        # In two steps: scaling the decoder's own colours asks where in a pixel they were taken, which is not known of
        # pictures that another process decoded.
        large = self._picture.reformat(format="bgr24")
        small = large.reformat(width=width, height=round(self._picture.height * scale))
        return np.asarray(small.to_ndarray(), dtype=np.uint8)


class FrameDecoder:
    """Turns the packets of one camera into frames, and begins anew where the format changes.

    Pictures that can't be decoded, or only in part, are left out and counted in `damaged`; decoding goes on at the
    next one. What is built on them may be smeared until the next keyframe: decoders don't tell. Where the codec is
    lost, decoding goes on at the next keyframe.
    """

    def __init__(self, mode: DecodeMode = DecodeMode.FULL, decoders: Decoders = HERE) -> None:
        self._mode = mode
        self._decoders = decoders
        self._format: StreamFormat | None = None
        self._codec: Codec | None = None
        self._captured_at: dict[int, datetime] = {}
        self._waits_for_keyframe = True
        self.damaged = 0

    def decode(self, packet: Packet, wants: Callable[[datetime], bool] | None = None) -> list[DecodedPicture]:
        """Return the pictures that this packet completes: none, one, or seldom several.

        `wants` is asked about the time (UTC) of each, in order, and those that it does not want are left out.
        """
        if self._mode is DecodeMode.KEYFRAMES and not packet.is_keyframe:
            return []
        if packet.format is not self._format:
            self.rest()
            self._format = packet.format
        if self._waits_for_keyframe and not packet.is_keyframe:
            return []
        if has_too_many_units(packet.data):
            self.damaged += 1
            return []
        self._waits_for_keyframe = False
        try:
            return self._feed(packet, wants)
        except DecoderLost:
            return self._begin_again()

    def rest(self) -> None:
        """Free the decoder's memory, some ten megabytes at 1080p, until the next keyframe."""
        if self._codec is not None:
            self._codec.close()
        self._format = None
        self._codec = None
        self._waits_for_keyframe = True
        self._captured_at.clear()

    def flush(self) -> list[DecodedPicture]:
        """Return what the decoder still holds at the end of a stream."""
        if self._codec is None:
            return []
        try:
            return self._take(self._codec.drain(), None)
        except DecoderLost:
            return self._begin_again()

    def _begin_again(self) -> list[DecodedPicture]:
        """Count what was under way as damaged, and wait for a keyframe."""
        self.damaged += max(1, len(self._captured_at))
        self.rest()
        return []

    def _feed(self, packet: Packet, wants: Callable[[datetime], bool] | None) -> list[DecodedPicture]:
        if self._codec is None:
            self._codec = self._decoders.open(packet.format)
        if packet.is_shown:
            self._captured_at[packet.pts] = packet.captured_at
        if self._mode is DecodeMode.FULL:
            return self._take(self._codec.decode(packet), wants)
        pictures = self._take(self._codec.decode_alone(packet), wants)
        self._give_up_before(None)
        return pictures

    def _take(self, decoded: Sequence[Decoded], wants: Callable[[datetime], bool] | None) -> list[DecodedPicture]:
        """Return the pictures that are whole and wanted; those that never came are given up when later ones do."""
        pictures = []
        for one in decoded:
            captured_at = self._captured_at.pop(one.pts, None) if one.pts is not None else None
            if captured_at is None:
                continue
            self._give_up_before(one.pts)
            if one.is_corrupt:
                self.damaged += 1
            elif wants is None or wants(captured_at):
                pictures.append(DecodedPicture(one.fetch(), captured_at, is_keyframe=one.is_keyframe))
        if len(self._captured_at) > MAX_PENDING:
            self._captured_at.pop(next(iter(self._captured_at)))
            self.damaged += 1
        return pictures

    def _give_up_before(self, pts: int | None) -> None:
        """Count as damaged what should have been shown before `pts` (or at all) and was not: pictures come in order."""
        lost = [pending for pending in self._captured_at if pts is None or pending < pts]
        for pending in lost:
            del self._captured_at[pending]
        self.damaged += len(lost)


def decode_all(packets: Iterable[Packet], mode: DecodeMode = DecodeMode.FULL) -> Iterator[Frame]:
    """Yield every frame of a recording, in the order of presentation."""
    decoder = FrameDecoder(mode)
    for packet in packets:
        for picture in decoder.decode(packet):
            yield picture.to_frame()
    for picture in decoder.flush():
        yield picture.to_frame()
