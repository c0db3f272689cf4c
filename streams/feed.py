"""One live camera: a thread that reads it for ever, remembers its packets, and hands over the newest frame."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from streams.addresses import VideoSource
from streams.backoff import Backoff
from streams.codecs import HERE, Decoders
from streams.errors import StreamEnded, StreamError
from streams.frames import BgrImage, DecodedPicture, DecodeMode, Frame, FrameDecoder
from streams.looks import Look, RecordOnly, Sampler
from streams.packets import Packet, PacketRing
from streams.sources import OpenVideo
from streams.steady_clock import SteadyClock

log = structlog.get_logger(__name__)

ALL_READ = timedelta(milliseconds=40)
"""A packet younger than this is the newest there is."""
HELD_BACK = timedelta(milliseconds=500)
"""So much later packets may have to be decoded until a picture comes out, where pictures are not sent in order."""


class CameraState(StrEnum):
    """What a camera's connection is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    STOPPED = "stopped"


@dataclass(frozen=True)
class FeedStatus:
    """One camera's connection at a glance.

    `problem` is the last failure in one line. Counts are since the start, over all connections; times are UTC.
    `frames` are looks that took place, and `unchanged` those among them that showed nothing new. `decoder_deaths` are
    the decoding processes that its pictures ended.
    `clock_drift_s` tells by how many seconds the camera's clock fell behind ours during this connection.
    """

    state: CameraState = CameraState.CONNECTING
    problem: str = ""
    packets: int = 0
    frames: int = 0
    unchanged: int = 0
    dropped: int = 0
    damaged: int = 0
    connections: int = 0
    decoder_deaths: int = 0
    received_bytes: int = 0
    last_packet_at: datetime | None = None
    last_keyframe_at: datetime | None = None
    clock_drift_s: float = 0.0


Retouch = Callable[[BgrImage], BgrImage]
"""Paints over what nobody may see of a camera's pictures (BGR)."""


class CameraFeed:
    """Reads one camera in a thread of its own and connects again, with back-off, whenever it breaks.

    Every packet goes into the ring; what of it is decoded, its sampler chooses. `next_look()` does that work in the
    caller's thread, so that reading never waits for decoding, and a caller that is too slow loses old looks, which are
    counted. `cut()` and `picture_at()` give what lies around an event. What they give is for people's eyes: with
    `retouch`, pictures go through it, and there are no packets, since these can't be retouched.
    """

    def __init__(
        self,
        name: str,
        source: VideoSource,
        sampler: Sampler | None = None,
        *,
        ring: PacketRing | None = None,
        on_work: Callable[[], None] = lambda: None,
        backoff: Backoff | None = None,
        decoders: Decoders = HERE,
        clock: SteadyClock | None = None,
    ) -> None:
        """`on_work` is called, in the camera's thread, whenever a look is due; without a sampler nothing is decoded.

        `decoders` are the sampler's own; what they cost and broke is told with the rest. `clock` is another feed's of
        the same camera: both then date by one clock, and that feed tells when a step of it may be followed.
        """
        self.name = name
        self._source = source
        self._sampler = sampler or RecordOnly()
        self._ring = ring or PacketRing(seconds=30.0)
        self._on_work = on_work
        self._backoff = backoff or Backoff()
        self._decoders = decoders
        self.clock = clock or SteadyClock()
        self._keeps_clock = clock is None
        self._status = FeedStatus()
        self._lock = threading.Lock()
        self.retouch: Retouch | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read_for_ever, name=f"camera-{name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop reading; a read that hangs is left to its own time limit."""
        self.begin_to_stop()
        self._thread.join(timeout_s)

    def begin_to_stop(self) -> None:
        """Ask the thread to end, without waiting for it: many cameras stop at once."""
        self._stopping.set()

    @property
    def status(self) -> FeedStatus:
        """The connection as it stands now."""
        with self._lock:
            return replace(
                self._status,
                dropped=self._sampler.dropped,
                damaged=self._sampler.damaged,
                decoder_deaths=self._decoders.deaths,
            )

    def has_work(self) -> bool:
        """Tell whether a look is due."""
        return self._sampler.has_work()

    def next_look(self) -> Look | None:
        """Decode what the next look needs; None where nothing comes of it. One caller at a time."""
        look = self._sampler.next_look(self._ring)
        if look is not None:
            with self._lock:
                status = self._status
                self._status = replace(status, frames=status.frames + 1, unchanged=status.unchanged + look.is_unchanged)
        return look

    def cut(self, start: datetime, end: datetime) -> list[Packet]:
        """Return the remembered packets from the keyframe before `start` to `end` (UTC); none of a retouched camera."""
        return [] if self.retouch is not None else self._ring.cut(start, end)

    def picture_at(self, moment: datetime) -> Frame | None:
        """Return the remembered picture nearest before `moment` (UTC), or None where there is none."""
        newest: DecodedPicture | None = None
        decoder = FrameDecoder(DecodeMode.FULL, self._decoders)
        for packet in self._ring.cut(moment, moment + HELD_BACK):  # a decoder gives a picture out when later ones came
            for picture in decoder.decode(packet, lambda at: at <= moment):
                newest = picture
        return None if newest is None else self.retouched(newest.to_frame())

    def retouched(self, frame: Frame) -> Frame:
        """Return the picture as people may see it."""
        return frame if self.retouch is None else replace(frame, image=self.retouch(frame.image))

    @property
    def newest_packet_at(self) -> datetime | None:
        """How far the memory reaches, UTC."""
        return self._ring.newest_at

    @property
    def cpu_s(self) -> float:
        """Processor seconds that the camera's own thread, and its decoding elsewhere, have used so far."""
        if self._thread.ident is None or not self._thread.is_alive():
            return self._decoders.cpu_s
        return self._decoders.cpu_s + time.clock_gettime(time.pthread_getcpuclockid(self._thread.ident))

    @property
    def ring_bytes(self) -> int:
        """Bytes of encoded video remembered."""
        return self._ring.size_bytes

    def _read_for_ever(self) -> None:
        while not self._stopping.is_set():
            try:
                self._read_connection()
                failure: StreamError = StreamEnded(url=self._source.address)
            except StreamError as error:
                failure = error
            except Exception as error:
                log.exception("camera.failed", camera=self.name)
                failure = StreamError(detail=type(error).__name__)
            self._wait_after(failure)
        self._set(state=CameraState.STOPPED)

    def _read_connection(self) -> None:
        self._follow_clock()
        with OpenVideo(self._source, now=self.clock.now) as video:
            self._set(connections=self.status.connections + 1)
            for packet in video.packets():
                if self._stopping.is_set():
                    return
                self._receive(packet, video.clock_drift_s)
                self._let_packets_gather(packet)

    def _receive(self, packet: Packet, drift_s: float) -> None:
        if packet.is_keyframe and self.status.state is not CameraState.LIVE:
            self._backoff.reset()
            self._set(state=CameraState.LIVE, problem="")
            log.info("camera.live", camera=self.name, codec=packet.format.codec, width=packet.format.width)
        number = self._ring.append(packet)
        self._note(packet, drift_s)
        if number is None:
            return
        self._sampler.offer(packet, number)
        if self._sampler.has_work():
            self._on_work()
        elif self._sampler.may_step():
            self._follow_clock()

    def _follow_clock(self) -> None:
        """Take over a step of the system's clock, since nothing is lost by it now."""
        if self._keeps_clock and (step := self.clock.follow()):
            number = self._sampler.step(step)
            if number is not None:
                self._ring.shift(number, step)
            log.warning("camera.clock_stepped", camera=self.name, step_s=round(step.total_seconds(), 1))

    def _let_packets_gather(self, newest: Packet) -> None:
        """Rest a moment where all that came has been read: a packet alone costs twice what it costs among others.

        Not over UDP, where what is not fetched in time is lost.
        """
        patience_s = self._sampler.patience_s
        if patience_s and self._source.transport == "tcp" and self.clock.now() - newest.captured_at < ALL_READ:
            self._stopping.wait(patience_s)

    def _note(self, packet: Packet, drift_s: float) -> None:
        with self._lock:
            self._status = replace(
                self._status,
                packets=self._status.packets + 1,
                received_bytes=self._status.received_bytes + len(packet.data),
                last_packet_at=packet.captured_at,
                last_keyframe_at=packet.captured_at if packet.is_keyframe else self._status.last_keyframe_at,
                clock_drift_s=drift_s,
            )

    def _wait_after(self, failure: StreamError) -> None:
        if self._stopping.is_set():
            return
        delay_s = self._backoff.next_delay_s()
        self._set(state=CameraState.RECONNECTING, problem=str(failure))
        log.warning("camera.reconnecting", camera=self.name, problem=str(failure), delay_s=round(delay_s, 1))
        self._stopping.wait(delay_s)

    def _set(self, **changes: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]
