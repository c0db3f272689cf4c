"""Encoded video as plain data: one packet, the stream's format, and the ring that remembers the last seconds."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

Codec = Literal["h264", "hevc"]


@dataclass(frozen=True)
class StreamFormat:
    """What a decoder or a muxer must know of a stream.

    `extradata` holds the parameter sets as Annex B (start codes); `time_base` is the length of one tick in seconds.
    """

    codec: Codec
    width: int
    height: int
    extradata: bytes
    time_base: Fraction
    frame_rate: float | None


@dataclass(frozen=True)
class Packet:
    """One encoded picture.

    `data` is Annex B. `pts` and `dts` count ticks of the format's time base. `captured_at` is UTC. Packets of one
    connection share a `format` object; a new connection brings a new one. `is_shown` is False for what a file holds
    only because later pictures refer to it (it was trimmed): it has to be decoded and is not to be seen.
    """

    data: bytes
    pts: int
    dts: int
    is_keyframe: bool
    captured_at: datetime
    format: StreamFormat
    is_shown: bool = True


class PacketRing:
    """The last seconds of one camera's packets, in whole groups of pictures; bounded in seconds and in bytes.

    It always begins with a keyframe, and reaches back at least `seconds` once the stream is that old, unless
    `max_bytes` is too small for it.
    """

    def __init__(self, seconds: float, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._span = timedelta(seconds=seconds)
        self._max_bytes = max_bytes
        self._groups: deque[list[Packet]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups)

    @property
    def size_bytes(self) -> int:
        """Bytes of encoded video held."""
        return self._bytes

    @property
    def newest_at(self) -> datetime | None:
        """The time of the newest packet, UTC."""
        return self._groups[-1][-1].captured_at if self._groups else None

    def append(self, packet: Packet) -> None:
        """Remember one packet and forget what is too old; packets before the first keyframe are not kept."""
        if packet.is_keyframe:
            self._groups.append([])
        elif not self._groups:
            return
        self._groups[-1].append(packet)
        self._bytes += len(packet.data)
        while self._oldest_group_is_dispensable(packet.captured_at):
            self._bytes -= sum(len(old.data) for old in self._groups.popleft())

    def cut(self, start: datetime, end: datetime) -> list[Packet]:
        """Return the packets from the last keyframe at or before `start` up to `end` (both UTC), of one format.

        Where the camera connected anew in between, only what belongs to the newest format before `end` is returned,
        because two formats do not fit into one track.
        """
        groups = [group for group in self._groups if group[0].captured_at <= end]
        groups = [group for group in groups if group[0].format is groups[-1][0].format]
        before = [index for index, group in enumerate(groups) if group[0].captured_at <= start]
        first = before[-1] if before else 0
        return [packet for group in groups[first:] for packet in group if packet.captured_at <= end]

    def _oldest_group_is_dispensable(self, now: datetime) -> bool:
        if self._bytes > self._max_bytes:
            return True
        return len(self._groups) > 1 and now - self._groups[1][0].captured_at >= self._span
