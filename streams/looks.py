"""A look: what a camera hands over when it was looked at, a picture to inspect or the news that nothing changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from streams.frames import BgrImage, DecodedPicture
from streams.packets import Packet, PacketRing


@dataclass(frozen=True)
class Look:
    """One look at a camera at `captured_at` (UTC).

    Without a `picture` nothing changed since the last look, and what was found then still holds.
    """

    captured_at: datetime
    picture: DecodedPicture | None

    @property
    def is_unchanged(self) -> bool:
        """Tell whether nothing changed since the last look."""
        return self.picture is None


PATIENT_S = 0.2
"""How long packets may wait to be read together where nothing is urgent; it halves what reading costs."""


class Sampler(Protocol):
    """Chooses what of one camera's stream is decoded and looked at.

    `offer` is called for every packet by the thread that reads the camera and only takes note; `next_look` decodes,
    and is called by whoever has time for this camera, one caller at a time.
    """

    @property
    def dropped(self) -> int:
        """How many looks were due and did not take place, because nobody had time."""

    @property
    def damaged(self) -> int:
        """How many pictures could not be decoded."""

    @property
    def patience_s(self) -> float:
        """For how many seconds packets may wait before they are read; 0 while every picture is wanted at once."""

    def offer(self, packet: Packet, number: int) -> None:
        """Take note of the ring's newest packet and its number."""

    def has_work(self) -> bool:
        """Tell whether a call of `next_look` may give one."""

    def may_step(self) -> bool:
        """Tell whether times may step after the newest packet: nothing that is followed will lie on both sides."""

    def step(self, by: timedelta) -> int | None:
        """Take note that times step before the next packet.

        Where a packet's number is returned, they do so from the group on that it belongs to.
        """

    def next_look(self, ring: PacketRing) -> Look | None:
        """Decode as much as the next look needs; None where that gives nothing."""


OnPicture = Callable[[BgrImage, datetime], None]
"""Is shown a small BGR picture and told its time (UTC)."""


SMALL_HEIGHT = 360
"""Lines of the small pictures by which a camera's health is told."""


class PictureTap:
    """Shows a small copy of some pictures, that were decoded anyway, to whoever watches the camera's health."""

    def __init__(
        self,
        on_picture: OnPicture | None = None,
        *,
        every: timedelta = timedelta(seconds=10),
        height: int = SMALL_HEIGHT,
    ) -> None:
        self._on_picture = on_picture
        self._every = every
        self._height = height
        self._last_at: datetime | None = None

    def pass_on(self, picture: DecodedPicture) -> None:
        """Show the picture, unless one was shown a moment ago."""
        if self._on_picture is None:
            return
        if self._last_at is not None and timedelta(0) <= picture.captured_at - self._last_at < self._every:
            return
        self._last_at = picture.captured_at
        self._on_picture(picture.reduced(self._height), picture.captured_at)


class RecordOnly:
    """Looks at nothing: the camera's packets are remembered, and no picture of it is decoded."""

    dropped = 0
    damaged = 0
    patience_s = PATIENT_S

    def offer(self, packet: Packet, number: int) -> None:
        """Take no note."""

    def has_work(self) -> bool:
        """Never."""
        return False

    def may_step(self) -> bool:
        """Always."""
        return True

    def step(self, by: timedelta) -> None:
        """Take no note."""

    def next_look(self, ring: PacketRing) -> Look | None:
        """Give nothing."""
        return None
