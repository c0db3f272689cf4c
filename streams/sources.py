"""Opens a camera or a recording and yields its packets; every failure becomes one of the stream errors."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import av
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.video.stream import VideoStream

from streams.addresses import VideoSource, check_address
from streams.clock import ArrivalClock
from streams.errors import ForbiddenAddress, NotVideo, StreamStalled, TooMuchSent, TruncatedVideo, UnsupportedCodec
from streams.ffmpeg_errors import translated
from streams.host_addresses import forbidden_camera_address
from streams.limits import MOST_PACKET_BYTES, MOST_PARAMETER_BYTES, MOST_PIXELS, PARSED_ALONE
from streams.packets import Codec, Packet, StreamFormat
from streams.parameter_sets import parameter_sets, picture_size, sequence_parameters

CODECS: dict[str, Codec] = {"h264": "h264", "hevc": "hevc"}
ANNEX_B_START = (b"\x00\x00\x00\x01", b"\x00\x00\x01")
SECONDS_MISSING_BEFORE_CUT_OFF = 1.0
"""A file whose last picture ends this much before its stated duration is called cut off."""


class OpenVideo:
    """An open camera or file: `format` tells what it carries now, `packets()` yields it once."""

    def __init__(
        self,
        source: VideoSource,
        started_at: datetime | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Open `source`.

        `started_at` (UTC) is when the first picture of a file was captured; it has no meaning for a camera, whose
        packets are dated by their arrival, which `now` tells. Raises StreamError.
        """
        self.source = source
        self._started_at = started_at or datetime.now(UTC)
        self._clock = ArrivalClock()
        self._now = now
        check_address(source)
        _check_host(source)
        with translated(source):
            self._container = _open_container(source)
        try:
            self._stream = _video_stream(self._container, source)
            with translated(source):  # parameter sets can be too damaged for the filter
                self.format, self._to_annex_b = _describe(self._stream, source)
            self._sequence = sequence_parameters(self.format.extradata, self.format.codec)
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._container.close()

    @property
    def bit_rate(self) -> int | None:
        """Bits a second as the container states them; None where it does not (as over RTSP)."""
        return self._stream.bit_rate or None

    @property
    def clock_drift_s(self) -> float:
        """Seconds by which the camera's clock has fallen behind ours while it was open; ahead is negative."""
        return self._clock.drift_s

    @property
    def created_at(self) -> datetime | None:
        """When a file says that it was made (UTC); None where it does not say, and for a camera."""
        said = self._container.metadata.get("creation_time")
        if self.source.is_camera or not said:
            return None
        try:
            moment = datetime.fromisoformat(said)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    @property
    def duration_s(self) -> float | None:
        """Length of a file in seconds; None for a camera."""
        if self.source.is_camera or self._stream.duration is None or self._stream.time_base is None:
            return None
        return float(self._stream.duration * self._stream.time_base)

    def packets(self) -> Iterator[Packet]:
        """Yield every packet until the stream ends. Raises StreamError."""
        first_pts: int | None = None
        last_pts = 0
        for raw, pts in self._timed_packets():
            is_shown = not raw.is_discard
            first_pts = pts if first_pts is None and is_shown else first_pts
            last_pts = pts
            presentation_s = float((pts - (pts if first_pts is None else first_pts)) * self.format.time_base)
            data = bytes(raw)
            if raw.is_keyframe:
                self._follow_format(data)
            yield Packet(
                data=data,
                pts=pts,
                dts=raw.dts if raw.dts is not None else pts,
                is_keyframe=raw.is_keyframe,
                captured_at=self._date(presentation_s),
                format=self.format,
                is_shown=is_shown,
            )
        self._check_whole(last_pts)

    def _follow_format(self, keyframe: bytes) -> None:
        """Begin a new format where the keyframe brings other parameters, as when someone changes the camera's size."""
        sequence = sequence_parameters(keyframe, self.format.codec)
        if not sequence or sequence == self._sequence:
            return
        is_first, self._sequence = not self._sequence, sequence
        size = None if is_first else picture_size(keyframe, self.format.codec)
        if size is not None:
            extradata = parameter_sets(keyframe, self.format.codec)
            self.format = replace(self.format, width=size[0], height=size[1], extradata=extradata)

    def _date(self, presentation_s: float) -> datetime:
        if self.source.is_camera:
            return self._clock.captured_at(presentation_s, self._now())
        return self._started_at + timedelta(seconds=presentation_s)

    def _timed_packets(self) -> Iterator[tuple["av.Packet[VideoStream]", int]]:
        """Yield every packet with its presentation time in ticks.

        Before the first RTCP report some servers give none: such packets wait for the first that has one, and are
        taken to come before it at the stream's rate; later ones follow the packet before them.
        """
        ticks = self._ticks_per_picture()
        untimed: list[av.Packet[VideoStream]] = []
        last_pts: int | None = None
        for raw in self._raw_packets():
            pts = raw.pts if raw.pts is not None or last_pts is None else last_pts + ticks
            if pts is None:
                untimed.append(raw)
                continue
            for place, early in enumerate(untimed):
                yield early, pts - ticks * (len(untimed) - place)
            untimed.clear()
            last_pts = pts
            yield raw, pts

    def _raw_packets(self) -> Iterator["av.Packet[VideoStream]"]:
        with translated(self.source):
            for packet in self._container.demux(self._stream):
                if packet.size == 0:  # the flushing packet at the end of a file
                    continue
                if packet.size > MOST_PACKET_BYTES:
                    raise TooMuchSent(url=self.source.address, detail=f"a packet of {packet.size} bytes")
                yield from self._to_annex_b.filter(packet) if self._to_annex_b else [packet]

    def _ticks_per_picture(self) -> int:
        rate = self.format.frame_rate or 25.0
        return round(1 / (rate * float(self.format.time_base)))

    def _check_whole(self, last_pts: int) -> None:
        """Raise TruncatedVideo where a file ends earlier than its index says."""
        if self.duration_s is None:
            return
        start = self._stream.start_time or 0
        reached_s = float((last_pts - start) * self.format.time_base)
        if reached_s < self.duration_s - SECONDS_MISSING_BEFORE_CUT_OFF:
            detail = f"it holds {reached_s:.1f} s of {self.duration_s:.1f} s"
            raise TruncatedVideo(url=self.source.address, detail=detail)


def _check_host(source: VideoSource) -> None:
    """Raise ForbiddenAddress for a camera at an address where none may be; asked anew for each connection."""
    host = urlsplit(source.address).hostname if source.is_camera else None
    address = forbidden_camera_address(host) if host else None
    if address is not None:
        raise ForbiddenAddress(url=source.address, address=address)


def _open_container(source: VideoSource) -> InputContainer:
    if not source.is_camera:
        return av.open(source.address, metadata_errors="replace")
    options = {
        "rtsp_transport": source.transport,
        "timeout": str(int(source.timeout_s * 1_000_000)),
        # FFmpeg would watch a second of pictures to measure their rate. Where the time limit ends that watching, it
        # tears the picture that is just arriving into two packets.
        "fpsprobesize": "0",
        "allowed_media_types": "video",  # nobody listens to sound, and what is not asked for need not be parsed
        "max_pixels": str(MOST_PIXELS),
        **PARSED_ALONE,
        "analyzeduration": "1",  # what FFmpeg would find out by decoding it can wait for in vain
    }
    began = time.monotonic()
    try:
        timeouts = (source.timeout_s, source.timeout_s)
        return av.open(source.address, options=options, timeout=timeouts, metadata_errors="replace")
    except av.error.InvalidDataError:
        # FFmpeg calls the silence of a camera that accepts and never answers "invalid data" as well.
        if time.monotonic() - began < source.timeout_s * 0.9:
            raise
        raise StreamStalled(url=source.address, seconds=f"{source.timeout_s:g}") from None


def _video_stream(container: InputContainer, source: VideoSource) -> VideoStream:
    if not container.streams.video:
        raise NotVideo(url=source.address, detail="it has no picture track")
    return container.streams.video[0]


def _describe(stream: VideoStream, source: VideoSource) -> tuple[StreamFormat, BitStreamFilterContext | None]:
    """Return the stream's format, and the filter that turns its packets into Annex B where they are not."""
    # PyAV gives no context where FFmpeg knows no decoder, which its types do not tell.
    name = getattr(stream.codec_context, "name", "unknown")
    if name not in CODECS:
        raise UnsupportedCodec(url=source.address, codec=name)
    if not stream.width or not stream.height or stream.time_base is None:
        raise NotVideo(url=source.address, detail="no picture could be found in it")
    extradata = bytes(stream.codec_context.extradata or b"")
    if stream.width * stream.height > MOST_PIXELS:
        raise TooMuchSent(url=source.address, detail=f"pictures of {stream.width} x {stream.height}")
    if len(extradata) > MOST_PARAMETER_BYTES:
        raise TooMuchSent(url=source.address, detail=f"parameter sets of {len(extradata)} bytes")
    to_annex_b = None
    if extradata and not extradata.startswith(ANNEX_B_START):
        # The filter puts the parameter sets in front of each keyframe, so none are needed beside the packets.
        to_annex_b = BitStreamFilterContext(f"{name}_mp4toannexb", in_stream=stream)
        extradata = b""
    rate = stream.average_rate or stream.guessed_rate
    stream_format = StreamFormat(
        codec=CODECS[name],
        width=stream.width,
        height=stream.height,
        extradata=extradata,
        time_base=Fraction(stream.time_base),
        frame_rate=float(rate) if rate else None,
    )
    return stream_format, to_annex_b
