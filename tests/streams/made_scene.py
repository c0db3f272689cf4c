"""Makes the packets of a scene that mostly stands still, and shows them to a sampler as they would arrive."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

from streams.looks import Look, Sampler
from streams.packets import Packet, PacketRing, StreamFormat

START = datetime(2026, 3, 1, tzinfo=UTC)
RATE, GOP_S = 10, 2
WIDTH, HEIGHT = 320, 180
Draw = Callable[[float], NDArray[np.uint8]]
"""Gives the grey picture (HEIGHT, WIDTH) at a time in seconds."""


def ground(light: float = 1.0) -> NDArray[np.uint8]:
    """Return a structured still picture."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    return np.asarray((90 + 40 * np.sin(x / 9) + 30 * np.cos(y / 7)) * light, dtype=np.uint8)


def with_box(left: float, light: float = 1.0) -> NDArray[np.uint8]:
    """Return the picture with a bright box of 60 x 60 pixels, its left edge at this share of the width."""
    picture, x = ground(light), round(left * WIDTH)
    picture[60:120, max(0, x) : max(0, x + 60)] = 235
    return picture


def scene_packets(draw: Draw, seconds: float) -> Iterator[Packet]:
    """Yield the scene as H.264 packets, `RATE` a second, a keyframe each `GOP_S` seconds."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"  # type: ignore[attr-defined]
    encoder.time_base = Fraction(1, RATE)
    encoder.gop_size, encoder.max_b_frames = RATE * GOP_S, 0  # type: ignore[attr-defined]
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "sc_threshold": "0"}
    stream_format = StreamFormat("h264", WIDTH, HEIGHT, b"", Fraction(1, RATE), float(RATE))
    for number in range(round(seconds * RATE)):
        picture = av.VideoFrame.from_ndarray(draw(number / RATE), format="gray").reformat(format="yuv420p")
        picture.pts = number
        for encoded in encoder.encode(picture):  # type: ignore[attr-defined]
            at = START + timedelta(seconds=number / RATE)
            yield Packet(bytes(encoded), number, number, encoded.is_keyframe, at, stream_format)


def looks_at(sampler: Sampler, draw: Draw, seconds: float, *, ring_s: float = 30.0) -> list[Look]:
    """Show the scene to the sampler, which always has somebody to look at once, and return what it hands over."""
    ring, looks = PacketRing(ring_s), []
    for packet in scene_packets(draw, seconds):
        number = ring.append(packet)
        assert number is not None
        sampler.offer(packet, number)
        while sampler.has_work():
            look = sampler.next_look(ring)
            if look is not None:
                looks.append(look)
    return looks


def offered(sampler: Sampler, draw: Draw, seconds: float, *, ring_s: float = 60.0) -> PacketRing:
    """Offer the scene to the sampler while nobody has time to look, and return the ring that remembers it."""
    ring = PacketRing(ring_s)
    for packet in scene_packets(draw, seconds):
        number = ring.append(packet)
        assert number is not None
        sampler.offer(packet, number)
    return ring


def second_of(look: Look) -> float:
    """Return the time of a look in seconds since the scene began."""
    return (look.captured_at - START).total_seconds()


def seconds_with_picture(looks: list[Look]) -> list[float]:
    """Return the times of the looks that brought a picture."""
    return [second_of(look) for look in looks if look.picture is not None]
