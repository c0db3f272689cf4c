"""Writes remembered packets as an MP4 without encoding them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av

from streams.packets import Packet

ASSUMED_FRAME_RATE = 25


@dataclass(frozen=True)
class WrittenClip:
    """The time a clip covers (UTC)."""

    starts_at: datetime
    ends_at: datetime


def write_clip(packets: Sequence[Packet], path: Path) -> WrittenClip:
    """Write `packets`, which share one format and begin with a keyframe, to `path`; the pictures stay as they came.

    Raises ValueError where there are no packets or the first one is no keyframe, OSError where the disk refuses.
    """
    if not packets or not packets[0].is_keyframe:
        raise ValueError("a clip begins with a keyframe")
    stream_format = packets[0].format
    origin = min(packet.dts for packet in packets)
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        track = container.add_mux_stream(
            stream_format.codec,
            rate=Fraction(stream_format.frame_rate or ASSUMED_FRAME_RATE).limit_denominator(1001),
            width=stream_format.width,
            height=stream_format.height,
            time_base=stream_format.time_base,
        )
        for index, packet in enumerate(packets):
            # The muxer learns the parameter sets from the first packet, as a stream of bare packets has no header.
            data = stream_format.extradata + packet.data if index == 0 else packet.data
            encoded = av.Packet(data)
            encoded.pts, encoded.dts = packet.pts - origin, packet.dts - origin
            encoded.time_base = stream_format.time_base
            encoded.is_keyframe = packet.is_keyframe
            encoded.stream = track
            container.mux(encoded)
    times = [packet.captured_at for packet in packets]
    return WrittenClip(starts_at=min(times), ends_at=max(times))
