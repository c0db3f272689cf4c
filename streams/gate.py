"""Gate: a cheap test on keyframes notices motion and opens a burst at full rate, from before the motion began."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from streams.change import Mask, Thumbnail, changed_share
from streams.codecs import HERE, Decoders
from streams.frames import DecodedPicture, DecodeMode, FrameDecoder
from streams.full_rate import FullRateSampler
from streams.looks import PATIENT_S, Look, PictureTap
from streams.packets import Packet, PacketRing, StreamFormat

COMPARED_WITH = timedelta(seconds=1)
"""Within a burst, a picture is compared with the one this much before it."""
MOMENT = timedelta(seconds=1)
"""After a keyframe that showed nothing; too short for a truck to come well into sight."""
MOST_WAITING = 4
"""Keyframes that may wait for somebody to have time; older ones are dropped and counted."""


@dataclass(frozen=True)
class GatePlan:
    """How fast a burst looks, and when it begins and ends.

    Motion is a share of at least `motion_share` (0..1) of the zone that differs. A burst ends after `quiet_s` seconds
    without motion. A picture in which nothing moved is inspected all the same each `max_age_s` seconds.
    """

    frames_per_second: float = 10.0
    motion_share: float = 0.01
    quiet_s: float = 4.0
    max_age_s: float = 60.0


@dataclass(frozen=True)
class _Still:
    """The last keyframe that showed nothing new: where a burst has to begin."""

    number: int
    captured_at: datetime


class GateSampler:
    """Decodes keyframes while nothing moves, and everything while something does.

    The frames between the last quiet keyframe and the one that shows the motion come from the packet ring, so that an
    approach is not lost.
    """

    def __init__(
        self,
        plan: GatePlan,
        *,
        mask: Mask | None = None,
        tap: PictureTap | None = None,
        decoders: Decoders = HERE,
    ) -> None:
        self._plan = plan
        self._mask = mask
        self._tap = tap or PictureTap()
        self._decoders = decoders
        self._decoder = FrameDecoder(DecodeMode.KEYFRAMES, decoders)
        self._keyframes: deque[tuple[int, Packet]] = deque()
        self._format: StreamFormat | None = None
        self._inspected: tuple[datetime, Thumbnail] | None = None
        self._still: _Still | None = None
        self._burst: FullRateSampler | None = None
        self._seen: deque[tuple[datetime, Thumbnail]] = deque()
        self._moved_at: datetime | None = None
        self._newest_at: datetime | None = None
        self._stepped_to: datetime | None = None
        self._is_testing = False
        self._dropped = 0
        self._damaged = 0

    @property
    def dropped(self) -> int:
        """How many looks were due and did not take place."""
        return self._dropped + (self._burst.dropped if self._burst else 0)

    @property
    def damaged(self) -> int:
        """How many pictures could not be decoded."""
        return self._damaged + self._decoder.damaged + (self._burst.damaged if self._burst else 0)

    @property
    def is_bursting(self) -> bool:
        """Tell whether something moves, and every picture is decoded."""
        return self._burst is not None

    @property
    def patience_s(self) -> float:
        """None within a burst."""
        return 0.0 if self.is_bursting else PATIENT_S

    def offer(self, packet: Packet, number: int) -> None:
        """Take note of a packet; keyframes wait to be tested."""
        self._newest_at = packet.captured_at
        burst = self._burst
        if burst is not None:
            burst.offer(packet, number)
        if not packet.is_keyframe:
            return
        self._keyframes.append((number, packet))
        if len(self._keyframes) > MOST_WAITING:
            self._keyframes.popleft()
            self._dropped += burst is None

    def has_work(self) -> bool:
        """Tell whether a keyframe waits, or a picture of the burst is due."""
        burst = self._burst
        waits = self._stepped_to is not None or bool(self._keyframes)
        return burst.has_work() if burst is not None else waits

    def may_step(self) -> bool:
        """Tell whether a keyframe showed a moment ago that nothing moves.

        Later on, what came since may show a truck already: the next keyframe tells, and a burst begins before it.
        """
        still, newest_at = self._still, self._newest_at
        if self.has_work() or self._is_testing or self.is_bursting or still is None or newest_at is None:
            return False
        return newest_at - still.captured_at < MOMENT

    def step(self, by: timedelta) -> int | None:
        """Have all times step from the quiet keyframe on, and have it looked at once more: a burst may begin there."""
        still, inspected = self._still, self._inspected
        if still is None or inspected is None:
            return None
        self._still = _Still(still.number, still.captured_at + by)
        self._inspected = (inspected[0] + by, inspected[1])
        self._stepped_to = self._still.captured_at
        return still.number

    def next_look(self, ring: PacketRing) -> Look | None:
        """Test the next keyframe, or go on with the burst."""
        if self._burst is not None:
            return self._go_on(self._burst, ring)
        if self._stepped_to is not None:
            at, self._stepped_to = self._stepped_to, None
            return Look(at, None)
        self._is_testing = True
        try:
            return self._test(*self._keyframes.popleft(), ring)
        finally:
            self._is_testing = False

    def _test(self, number: int, packet: Packet, ring: PacketRing) -> Look | None:
        """Look for motion in a keyframe."""
        pictures = self._decoder.decode(packet)
        if not pictures:
            return None
        picture = pictures[-1]
        self._tap.pass_on(picture)
        thumbnail = picture.thumbnail()
        if packet.format is not self._format or self._inspected is None:
            self._format = packet.format
            return self._inspect(number, picture, thumbnail)
        if changed_share(self._inspected[1], thumbnail, self._mask) >= self._plan.motion_share:
            return self._begin_burst(number, packet, ring)
        if picture.captured_at - self._inspected[0] >= timedelta(seconds=self._plan.max_age_s):
            return self._inspect(number, picture, thumbnail)
        self._still = _Still(number, picture.captured_at)
        return Look(picture.captured_at, None)

    def _inspect(self, number: int, picture: DecodedPicture, thumbnail: Thumbnail) -> Look:
        self._inspected = (picture.captured_at, thumbnail)
        self._still = _Still(number, picture.captured_at)
        return Look(picture.captured_at, picture)

    def _begin_burst(self, number: int, packet: Packet, ring: PacketRing) -> Look | None:
        """Decode from the last quiet keyframe on."""
        self._decoder.rest()
        start, after = (self._still.number, self._still.captured_at) if self._still else (number, None)
        self._burst = FullRateSampler(
            self._plan.frames_per_second,
            start=ring.keyframe_of(start),
            after=after,
            tap=self._tap,
            decoders=self._decoders,
        )
        self._burst.offer(packet, number)
        self._seen.clear()
        self._moved_at = packet.captured_at
        return self._go_on(self._burst, ring)

    def _go_on(self, burst: FullRateSampler, ring: PacketRing) -> Look | None:
        look = burst.next_look(ring)
        if look is None or look.picture is None:
            return look
        thumbnail = look.picture.thumbnail()
        if self._moves(thumbnail, look.captured_at):
            self._moved_at = look.captured_at
        quiet = look.captured_at - (self._moved_at or look.captured_at)
        if quiet >= timedelta(seconds=self._plan.quiet_s):
            self._end_burst(burst, look.captured_at, thumbnail)
        return look

    def _moves(self, thumbnail: Thumbnail, at: datetime) -> bool:
        """Tell whether the picture differs from the one a second ago; none that old means not enough is known."""
        while len(self._seen) > 1 and at - self._seen[1][0] >= COMPARED_WITH:
            self._seen.popleft()
        self._seen.append((at, thumbnail))
        compared_at, compared = self._seen[0]
        return (
            at - compared_at < COMPARED_WITH
            or changed_share(compared, thumbnail, self._mask) >= self._plan.motion_share
        )

    def _end_burst(self, burst: FullRateSampler, at: datetime, thumbnail: Thumbnail) -> None:
        """Go back to keyframes; what was looked at last is what they are compared with."""
        self._dropped += burst.dropped
        self._damaged += burst.damaged
        self._still = _Still(burst.next_number - 1, at)
        self._inspected = (at, thumbnail)
        self._burst = None
        while self._keyframes and self._keyframes[0][0] < self._still.number:
            self._keyframes.popleft()
