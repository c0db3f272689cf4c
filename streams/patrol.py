"""Patrol: looks at a keyframe now and then, and again only when something changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from streams.change import Mask, Thumbnail, changed_share
from streams.codecs import HERE, Decoders
from streams.frames import DecodeMode, FrameDecoder
from streams.looks import PATIENT_S, Look, PictureTap
from streams.packets import Packet, PacketRing

LONGEST_EARLY = timedelta(seconds=0.5)
"""A keyframe may come this much before it is due: timestamps shiver, and the next keyframe is seconds away."""
SOON = timedelta(seconds=5)
"""A decoder that is needed again this soon is kept: building it up costs a tenth of a keyframe."""


@dataclass(frozen=True)
class PatrolPlan:
    """How often a camera is looked at (seconds), and when a look needs no inspection.

    With the change gate a picture of which less than `change_share` (0..1) differs from the one inspected last is not
    inspected, until that one is `max_age_s` old.
    """

    interval_s: float = 10.0
    change_gate: bool = True
    change_share: float = 0.01
    max_age_s: float = 600.0


class PatrolSampler:
    """Decodes one keyframe each interval, and hands it over if it shows something new.

    A keyframe that nobody had time for before the next was due is dropped and counted.
    """

    patience_s = PATIENT_S

    def __init__(
        self,
        plan: PatrolPlan,
        *,
        mask: Mask | None = None,
        tap: PictureTap | None = None,
        decoders: Decoders = HERE,
    ) -> None:
        self._plan = plan
        self._interval = timedelta(seconds=plan.interval_s)
        self._early = min(self._interval / 10, LONGEST_EARLY)
        self._mask = mask
        self._tap = tap or PictureTap()
        self._decoder = FrameDecoder(DecodeMode.KEYFRAMES, decoders)
        self._due_at: datetime | None = None
        self._pending: Packet | None = None
        self._inspected: tuple[datetime, Thumbnail] | None = None
        self.dropped = 0

    @property
    def damaged(self) -> int:
        """How many keyframes could not be decoded."""
        return self._decoder.damaged

    def offer(self, packet: Packet, number: int) -> None:
        """Keep the keyframe that is due."""
        if not packet.is_keyframe or not self._is_due(packet.captured_at):
            return
        self.dropped += self._pending is not None
        self._pending = packet

    def has_work(self) -> bool:
        """Tell whether a keyframe waits."""
        return self._pending is not None

    def may_step(self) -> bool:
        """Tell whether no keyframe waits: looks stand alone."""
        return not self.has_work()

    def step(self, by: timedelta) -> None:
        """Take no note: the next look is due when it was."""

    def next_look(self, ring: PacketRing) -> Look | None:
        """Decode the keyframe that waits."""
        packet, self._pending = self._pending, None
        if packet is None:
            return None
        pictures = self._decoder.decode(packet)
        if self._interval > SOON:
            self._decoder.rest()
        if not pictures:
            return None
        picture = pictures[-1]
        self._tap.pass_on(picture)
        if self._plan.change_gate:
            thumbnail = picture.thumbnail()
            if not self._shows_news(thumbnail, picture.captured_at):
                return Look(picture.captured_at, None)
            self._inspected = (picture.captured_at, thumbnail)
        return Look(picture.captured_at, picture)

    def _is_due(self, captured_at: datetime) -> bool:
        due = self._due_at
        if due is None or abs(captured_at - due) > 2 * self._interval:  # the first one, a gap, or a clock set back
            due = captured_at
        if captured_at < due - self._early:
            return False
        self._due_at = due + self._interval
        return True

    def _shows_news(self, thumbnail: Thumbnail, captured_at: datetime) -> bool:
        if self._inspected is None:
            return True
        inspected_at, inspected = self._inspected
        if not timedelta(0) <= captured_at - inspected_at < timedelta(seconds=self._plan.max_age_s):
            return True
        return changed_share(inspected, thumbnail, self._mask) >= self._plan.change_share
