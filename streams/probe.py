"""Tells what a camera sends and what is wrong with it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from streams.addresses import VideoSource
from streams.errors import StreamEnded, StreamError
from streams.frames import DecodeMode, Frame, FrameDecoder
from streams.packets import Packet
from streams.secrets import mask_secrets
from streams.sources import OpenVideo

LONGEST_GOP_S = 10.0
LEAST_WIDTH = 640
LEAST_FRAME_RATE = 5.0
MOST_BIT_RATE = 12_000_000
DARK_LEVEL = 16
"""Mean brightness (0..255) under which a picture is called black."""


@dataclass(frozen=True)
class ProbeReport:
    """What a camera or a file was found to send. `bit_rate` is bits a second, `gop_frames` pictures a keyframe."""

    address: str
    transport: str
    codec: str
    width: int
    height: int
    frame_rate: float | None
    gop_frames: float | None
    gop_s: float | None
    bit_rate: int
    watched_s: float
    packets: int
    problems: list[str] = field(default_factory=list)


def probe(source: VideoSource, seconds: float = 6.0) -> tuple[ProbeReport, Frame | None]:
    """Watch a camera for `seconds`, or a file of that length, and return what it sends with its first picture.

    Raises StreamError where it can't be opened, or breaks before the first picture.
    """
    with OpenVideo(source) as video:
        packets, broke = _watch(video, seconds)
        stream_format = video.format
        stated_rate = video.format.frame_rate
    if not packets:
        raise broke or StreamEnded(url=source.address)
    first = _first_frame(packets)
    span_s = (packets[-1].pts - packets[0].pts) * float(stream_format.time_base)
    rate = (len(packets) - 1) / span_s if span_s > 0 else stated_rate
    keyframes = [index for index, packet in enumerate(packets) if packet.is_keyframe]
    gop = (keyframes[-1] - keyframes[0]) / (len(keyframes) - 1) if len(keyframes) > 1 else None
    report = ProbeReport(
        address=mask_secrets(source.address),
        transport=source.transport if source.is_camera else "file",
        codec=stream_format.codec,
        width=stream_format.width,
        height=stream_format.height,
        frame_rate=round(rate, 2) if rate else None,
        gop_frames=round(gop, 1) if gop else None,
        gop_s=round(gop / rate, 2) if gop and rate else None,
        bit_rate=round(8 * sum(len(packet.data) for packet in packets) / span_s) if span_s > 0 else 0,
        watched_s=round(span_s, 2),
        packets=len(packets),
    )
    return _with_problems(report, first, broke), first


def _watch(video: OpenVideo, seconds: float) -> tuple[list[Packet], StreamError | None]:
    """Collect packets for `seconds`, and three times as long where the second keyframe has not come by then."""
    packets: list[Packet] = []
    keyframes = 0
    began = datetime.now(UTC)
    try:
        for packet in video.packets():
            packets.append(packet)
            keyframes += packet.is_keyframe
            presented_s = (packet.pts - packets[0].pts) * float(video.format.time_base)
            waited_s = (datetime.now(UTC) - began).total_seconds() if video.source.is_camera else presented_s
            if waited_s >= seconds and (keyframes > 1 or waited_s >= 3 * seconds):
                break
    except StreamError as error:
        return packets, error
    return packets, None


def _first_frame(packets: list[Packet]) -> Frame | None:
    decoder = FrameDecoder(DecodeMode.KEYFRAMES)
    for packet in packets:
        for picture in decoder.decode(packet):
            return picture.to_frame()
    return None


def _with_problems(report: ProbeReport, first: Frame | None, broke: StreamError | None) -> ProbeReport:
    checks = {
        f"it broke off: {broke}": broke is not None,
        "no keyframe could be decoded": first is None,
        "the picture is black": first is not None and float(np.mean(first.image)) < DARK_LEVEL,
        "only one keyframe came: set the keyframe interval to 2 s": report.gop_s is None
        and report.watched_s > LONGEST_GOP_S,
        f"keyframes are more than {LONGEST_GOP_S:g} s apart: set the interval to 2 s": (report.gop_s or 0)
        > LONGEST_GOP_S,
        f"the picture is narrower than {LEAST_WIDTH} pixels: use the main stream": report.width < LEAST_WIDTH,
        f"fewer than {LEAST_FRAME_RATE:g} pictures a second": (report.frame_rate or 0) < LEAST_FRAME_RATE,
        f"more than {MOST_BIT_RATE // 1_000_000} Mbit/s: lower the bit rate": report.bit_rate > MOST_BIT_RATE,
    }
    problems = [text for text, present in checks.items() if present]
    return replace(report, problems=problems)
