"""Writes remembered packets as an MP4 without encoding them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av

from streams.packets import Packet

ASSUMED_FRAME_RATE = 25
LARGEST_STEP_S = 5.0
"""Seconds between two packets above which the camera's count is taken to have jumped."""


class ClipRefused(Exception):
    """The packets can't be made into a clip."""


@dataclass(frozen=True)
class WrittenClip:
    """The time a clip covers (UTC)."""

    starts_at: datetime
    ends_at: datetime


def write_clip(packets: Sequence[Packet], path: Path) -> WrittenClip:
    """Write `packets`, which share one format and begin with a keyframe, to `path`; the pictures stay as they came.

    Raises ValueError where there are no packets or the first one is no keyframe, ClipRefused where the muxer won't
    take them, OSError where the disk refuses.
    """
    if not packets or not packets[0].is_keyframe:
        raise ValueError("a clip begins with a keyframe")
    try:
        _mux(packets, path)
    except OSError:
        raise
    except av.error.FFmpegError as error:
        raise ClipRefused(error.strerror or type(error).__name__) from error
    times = [packet.captured_at for packet in packets]
    return WrittenClip(starts_at=min(times), ends_at=max(times))


def _mux(packets: Sequence[Packet], path: Path) -> None:
    stream_format = packets[0].format
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        track = container.add_mux_stream(
            stream_format.codec,
            rate=Fraction(stream_format.frame_rate or ASSUMED_FRAME_RATE).limit_denominator(1001),
            width=stream_format.width,
            height=stream_format.height,
            time_base=stream_format.time_base,
        )
        for index, (packet, shift) in enumerate(zip(packets, timestamp_shifts(packets), strict=True)):
            # The muxer learns the parameter sets from the first packet, as a stream of bare packets has no header.
            data = stream_format.extradata + packet.data if index == 0 else packet.data
            encoded = av.Packet(data)
            encoded.dts = packet.dts + shift
            encoded.pts = max(packet.pts, packet.dts) + shift
            encoded.time_base = stream_format.time_base
            encoded.is_keyframe = packet.is_keyframe
            encoded.stream = track
            container.mux(encoded)


def timestamp_shifts(packets: Sequence[Packet]) -> list[int]:
    """Return what to add to each packet's timestamps so that they begin at 0 and always grow.

    Cameras repeat timestamps, jump back and jump ahead; a file may not. Where the step to the next packet is none, or
    larger than `LARGEST_STEP_S`, the time between their captures takes its place.
    """
    ticks_per_s = 1 / packets[0].format.time_base
    shifts = [-packets[0].dts]
    for before, packet in pairwise(packets):
        step = packet.dts - before.dts
        if 0 < step <= LARGEST_STEP_S * ticks_per_s:
            shifts.append(shifts[-1])
            continue
        waited_s = (packet.captured_at - before.captured_at).total_seconds()
        wanted = max(1, round(min(waited_s, LARGEST_STEP_S) * ticks_per_s))
        shifts.append(shifts[-1] + wanted - step)
    return shifts
