"""One live camera: a thread that reads it for ever, remembers its packets, and hands over the newest frame."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from streams.backoff import Backoff
from streams.errors import StreamEnded, StreamError
from streams.frames import DecodedPicture, DecodeMode, Frame, FrameDecoder
from streams.packets import Packet, PacketRing
from streams.sources import OpenVideo, VideoSource

log = structlog.get_logger(__name__)


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
    `clock_drift_s` tells by how many seconds the camera's clock fell behind ours during this connection.
    """

    state: CameraState = CameraState.CONNECTING
    problem: str = ""
    packets: int = 0
    frames: int = 0
    dropped: int = 0
    damaged: int = 0
    connections: int = 0
    received_bytes: int = 0
    last_packet_at: datetime | None = None
    last_keyframe_at: datetime | None = None
    clock_drift_s: float = 0.0


class CameraFeed:
    """Reads one camera in a thread of its own and connects again, with back-off, whenever it breaks.

    `take()` gives the newest frames; a reader that is too slow loses the oldest frames, which are counted, and never
    slows the camera. `cut()` gives the packets around an event.
    """

    def __init__(
        self,
        name: str,
        source: VideoSource,
        *,
        mode: DecodeMode = DecodeMode.FULL,
        frames_per_second: float = 12.5,
        ring_seconds: float = 30.0,
        queue_length: int = 8,
        on_frame: Callable[[], None] = lambda: None,
        backoff: Backoff | None = None,
    ) -> None:
        self.name = name
        self._source = source
        self._decoder = FrameDecoder(mode)
        self._sampler = FrameSampler(frames_per_second)
        self._ring = PacketRing(ring_seconds)
        self._pictures: deque[DecodedPicture] = deque(maxlen=queue_length)
        self._on_frame = on_frame
        self._backoff = backoff or Backoff()
        self._status = FeedStatus()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read_for_ever, name=f"camera-{name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop reading; a read that hangs is left to its own time limit."""
        self._stopping.set()
        self._thread.join(timeout_s)

    @property
    def status(self) -> FeedStatus:
        """The connection as it stands now."""
        with self._lock:
            return self._status

    def take(self) -> Frame | None:
        """Return the oldest frame not yet taken, or None."""
        with self._lock:
            picture = self._pictures.popleft() if self._pictures else None
        return picture.to_frame() if picture else None

    def cut(self, start: datetime, end: datetime) -> list[Packet]:
        """Return the remembered packets from the keyframe before `start` to `end` (UTC)."""
        with self._lock:
            return self._ring.cut(start, end)

    @property
    def newest_packet_at(self) -> datetime | None:
        """How far the memory reaches, UTC."""
        with self._lock:
            return self._ring.newest_at

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
        with OpenVideo(self._source) as video:
            self._set(connections=self.status.connections + 1)
            for packet in video.packets():
                if self._stopping.is_set():
                    return
                self._receive(packet, video.clock_drift_s)

    def _receive(self, packet: Packet, drift_s: float) -> None:
        if packet.is_keyframe and self.status.state is not CameraState.LIVE:
            self._backoff.reset()
            self._set(state=CameraState.LIVE, problem="")
            log.info("camera.live", camera=self.name, codec=packet.format.codec, width=packet.format.width)
        with self._lock:
            self._ring.append(packet)
        pictures = [picture for picture in self._decoder.decode(packet) if self._sampler.wants(picture.captured_at)]
        with self._lock:
            dropped = 0
            for picture in pictures:
                dropped += len(self._pictures) == self._pictures.maxlen
                self._pictures.append(picture)
            self._status = replace(
                self._status,
                packets=self._status.packets + 1,
                frames=self._status.frames + len(pictures),
                dropped=self._status.dropped + dropped,
                damaged=self._decoder.damaged,
                received_bytes=self._status.received_bytes + len(packet.data),
                last_packet_at=packet.captured_at,
                last_keyframe_at=packet.captured_at if packet.is_keyframe else self._status.last_keyframe_at,
                clock_drift_s=drift_s,
            )
        if pictures:
            self._on_frame()

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


class FrameSampler:
    """Chooses pictures so that at most `frames_per_second` are looked at, evenly spread."""

    def __init__(self, frames_per_second: float) -> None:
        self._interval = timedelta(seconds=1 / frames_per_second)
        self._next_at: datetime | None = None

    def wants(self, captured_at: datetime) -> bool:
        """Tell whether the picture of this time (UTC) is the next to look at."""
        due = self._next_at
        if due is None or abs(captured_at - due) > 2 * self._interval:  # the first one, a gap, or a clock set back
            due = captured_at
        if captured_at < due:
            return False
        self._next_at = due + self._interval
        return True
