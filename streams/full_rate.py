"""Looks at every picture of a stream, or at some a second, and catches up where it falls behind."""

from collections import deque
from datetime import datetime, timedelta
from functools import partial

from streams.codecs import HERE, Decoders
from streams.frames import DecodedPicture, DecodeMode, FrameDecoder
from streams.looks import Look, PictureTap
from streams.packets import Packet, PacketRing

THINNING_STEP = timedelta(seconds=0.5)
"""For each such step that it lies behind, one look more is left out after each that takes place."""
LEAST_RATE = 2.5
"""Looks a second that are kept up all the same: a vehicle has to be followed from one to the next."""
LONGEST_GROUP = timedelta(seconds=60)
"""Keyframes are never further apart. What seems to lie so much before another picture was captured after it, and the
clock was set back in between."""
SKIP_BEHIND = timedelta(seconds=10)
"""Further behind than this, all up to the newest keyframe is left out."""


class FrameSampler:
    """Chooses pictures so that at most `frames_per_second` are looked at, evenly spread."""

    def __init__(self, frames_per_second: float) -> None:
        self._interval = timedelta(seconds=1 / frames_per_second)
        self._next_at: datetime | None = None

    def is_due(self, captured_at: datetime) -> bool:
        """Tell whether a picture of this time (UTC) would be chosen."""
        return self._next_at is None or captured_at >= self._next_at or self._is_far_off(captured_at, self._next_at)

    def wants(self, captured_at: datetime) -> bool:
        """Tell whether the picture of this time (UTC) is the next to look at."""
        if not self.is_due(captured_at):
            return False
        due = self._next_at
        if due is None or self._is_far_off(captured_at, due):  # the first one, a gap, or a clock set back
            due = captured_at
        self._next_at = due + self._interval
        return True

    def _is_far_off(self, captured_at: datetime, due: datetime) -> bool:
        return abs(captured_at - due) > 2 * self._interval


class FullRateSampler:
    """Decodes every packet in turn and looks at `frames_per_second` pictures of each second.

    It reads the packet ring at its own pace. Where it falls behind it looks at fewer pictures (the decoding can't be
    spared), and at last skips to the newest keyframe; what was left out is counted in `dropped`.
    """

    patience_s = 0.0

    def __init__(
        self,
        frames_per_second: float,
        *,
        start: int = 0,
        after: datetime | None = None,
        tap: PictureTap | None = None,
        decoders: Decoders = HERE,
    ) -> None:
        """Begin with the packet numbered `start`; pictures up to `after` (UTC) are decoded and not looked at."""
        self._sampler = FrameSampler(frames_per_second)
        self._frames_per_second = frames_per_second
        self._decoder = FrameDecoder(DecodeMode.FULL, decoders)
        self._next = start
        self._after = after
        self._tap = tap or PictureTap()
        self._newest_at: datetime | None = None
        self._newest = -1
        self._ready: deque[DecodedPicture] = deque()
        self._most_left_out = max(0, round(frames_per_second / LEAST_RATE) - 1)
        self._left_out = 0
        self.dropped = 0

    @property
    def damaged(self) -> int:
        """How many pictures could not be decoded."""
        return self._decoder.damaged

    @property
    def next_number(self) -> int:
        """The number of the packet to be decoded next."""
        return self._next

    def offer(self, packet: Packet, number: int) -> None:
        """Take note of the newest packet."""
        self._newest_at, self._newest = packet.captured_at, number

    def has_work(self) -> bool:
        """Tell whether a picture that is due has arrived."""
        if self._ready:
            return True
        if self._newest_at is None or self._newest < self._next:
            return False
        return self._sampler.is_due(self._newest_at)

    def may_step(self) -> bool:
        """Never: what is in sight is followed from picture to picture."""
        return False

    def step(self, by: timedelta) -> None:
        """Take no note: times go on from the next packet."""

    def next_look(self, ring: PacketRing) -> Look | None:
        """Decode up to the next picture that is due; None where the stream has not got there yet."""
        while not self._ready:
            number, packets = ring.since(self._next)
            if not packets:
                return None
            if number == self._next and self._behind(packets[0]) > SKIP_BEHIND:
                number, packets = self._skip(ring, packets[0])
            self._decode(number, packets)
        picture = self._ready.popleft()
        self._tap.pass_on(picture)
        return Look(picture.captured_at, picture)

    def _decode(self, number: int, packets: list[Packet]) -> None:
        """Decode until a picture is ready, or to the end of these packets."""
        for place, packet in enumerate(packets):
            self._next = number + place + 1
            self._ready.extend(self._decoder.decode(packet, partial(self._wants, packet)))
            if self._ready:
                return

    def _wants(self, packet: Packet, captured_at: datetime) -> bool:
        if self._after is not None and timedelta(0) <= self._after - captured_at < LONGEST_GROUP:
            return False
        if not self._sampler.wants(captured_at):
            return False
        if self._left_out < min(self._most_left_out, self._behind(packet) // THINNING_STEP):
            self._left_out += 1
            self.dropped += 1
            return False
        self._left_out = 0
        return True

    def _behind(self, packet: Packet) -> timedelta:
        return timedelta(0) if self._newest_at is None else self._newest_at - packet.captured_at

    def _skip(self, ring: PacketRing, packet: Packet) -> tuple[int, list[Packet]]:
        """Go on at the newest keyframe."""
        keyframe = ring.newest_keyframe()
        number, packets = ring.since(self._next if keyframe is None else keyframe)
        left_out_s = (packets[0].captured_at - packet.captured_at).total_seconds()
        self.dropped += round(max(0.0, left_out_s) * self._frames_per_second)
        return number, packets
