"""Encoded video as plain data: one packet, the stream's format, and the ring that remembers the last seconds."""

import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from streams.limits import PACKET_OVERHEAD_BYTES

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

    `data` is Annex B. `pts` and `dts` count ticks of the format's time base. `captured_at` is UTC. Packets share a
    `format` object until a new connection, or new parameter sets within one, brings a new one. `is_shown` is False for
    what a file holds only because later pictures refer to it (it was trimmed): it has to be decoded and is not to be
    seen.
    """

    data: bytes
    pts: int
    dts: int
    is_keyframe: bool
    captured_at: datetime
    format: StreamFormat
    is_shown: bool = True


@dataclass
class _Group:
    """A keyframe and what follows it up to the next; `first` is the keyframe's number."""

    first: int
    packets: list[Packet]


class PacketRing:
    """The last seconds of one camera's packets, in whole groups of pictures; bounded in seconds and in bytes.

    It always begins with a keyframe, and reaches back at least `seconds` once the stream is that old, unless
    `max_bytes` is too small for it. Packets are numbered from 0 in the order they came. Safe to use from several
    threads.
    """

    def __init__(self, seconds: float, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._span = timedelta(seconds=seconds)
        self._max_bytes = max_bytes
        self._groups: deque[_Group] = deque()
        self._bytes = 0
        self._overhead = 0
        self._count = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return sum(len(group.packets) for group in self._groups)

    @property
    def size_bytes(self) -> int:
        """Bytes of encoded video held."""
        return self._bytes

    @property
    def newest_at(self) -> datetime | None:
        """The time of the newest packet, UTC."""
        with self._lock:
            return self._groups[-1].packets[-1].captured_at if self._groups else None

    def append(self, packet: Packet) -> int | None:
        """Remember one packet, forget what is too old, and return the packet's number.

        Packets before the first keyframe are not kept and have no number.
        """
        with self._lock:
            if packet.is_keyframe:
                self._groups.append(_Group(self._count, []))
            elif not self._groups:
                return None
            self._groups[-1].packets.append(packet)
            self._bytes += len(packet.data)
            self._overhead += PACKET_OVERHEAD_BYTES
            self._count += 1
            while self._oldest_group_is_dispensable(packet.captured_at):
                dropped = self._groups.popleft().packets
                self._bytes -= sum(len(old.data) for old in dropped)
                self._overhead -= PACKET_OVERHEAD_BYTES * len(dropped)
            return self._count - 1

    def since(self, number: int) -> tuple[int, list[Packet]]:
        """Return the rest of the group that packet `number` belongs to, from it on, and the number of the first.

        Where the packet is forgotten already it is the oldest group that is returned; where it has not come yet, none.
        """
        with self._lock:
            for group in self._groups:
                if number < group.first + len(group.packets):
                    start = max(number, group.first)
                    return start, group.packets[start - group.first :]
            return number, []

    def keyframe_of(self, number: int) -> int:
        """Return the number of the keyframe that packet `number` refers to; `number` itself where it is not held."""
        with self._lock:
            held = [group.first for group in self._groups if group.first <= number < group.first + len(group.packets)]
            return held[0] if held else number

    def newest_keyframe(self) -> int | None:
        """Return the number of the newest keyframe; None in an empty ring."""
        with self._lock:
            return self._groups[-1].first if self._groups else None

    def shift(self, number: int, by: timedelta) -> None:
        """Set the times of the group that packet `number` belongs to, and of all later ones, by this much later."""
        with self._lock:
            for group in self._groups:
                if number < group.first + len(group.packets):
                    group.packets[:] = [
                        replace(packet, captured_at=packet.captured_at + by) for packet in group.packets
                    ]

    def cut(self, start: datetime, end: datetime) -> list[Packet]:
        """Return the packets from the last keyframe at or before `start` up to `end` (both UTC), of one format.

        Where the camera connected anew or changed its size in between, only what belongs to the newest format before
        `end` is returned, because two formats do not fit into one track.
        """
        with self._lock:
            groups = [list(group.packets) for group in self._groups if group.packets[0].captured_at <= end]
        groups = [group for group in groups if group[0].format is groups[-1][0].format]
        before = [index for index, group in enumerate(groups) if group[0].captured_at <= start]
        first = before[-1] if before else 0
        packets = [packet for group in groups[first:] for packet in group]
        # Packets lie in the order of decoding: one later than `end` stays where earlier pictures are built on it.
        while packets and packets[-1].captured_at > end:
            packets.pop()
        return packets

    def _oldest_group_is_dispensable(self, now: datetime) -> bool:
        if self._bytes + self._overhead > self._max_bytes:
            return bool(self._groups)
        return len(self._groups) > 1 and now - self._groups[1].packets[0].captured_at >= self._span
