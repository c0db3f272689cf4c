"""The floor of what a camera costs: decoding one keyframe and one inference of it, measured alone."""

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from models.inference.detector import Detector
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import DecodeMode, FrameDecoder
from streams.packets import Packet
from streams.sources import OpenVideo
from vision.truck_vote import VEHICLE_CLASSES

MOST_KEYFRAMES = 12


@dataclass(frozen=True)
class Floor:
    """CPU seconds of one inspection, by step: the median of several rounds over the same keyframes."""

    decode_s: float
    convert_s: float
    inference_s: float

    @property
    def inspection_s(self) -> float:
        """CPU seconds of one inspection."""
        return self.decode_s + self.convert_s + self.inference_s


def measure_floor(film: Path, rounds: int) -> Floor:
    """Measure with keyframes of `film`, one thread, one picture at a time."""
    with OpenVideo(VideoSource(str(film))) as video:
        keyframes = [packet for packet in video.packets() if packet.is_keyframe][:MOST_KEYFRAMES]
    decoder = FrameDecoder(DecodeMode.KEYFRAMES)
    detector = Detector(load_model(), VEHICLE_CLASSES, threads=1)
    steps = [_one_round(keyframes, decoder, detector) for _ in range(rounds + 1)][1:]  # the first warms up
    decode_s, convert_s, inference_s = (median(step) / len(keyframes) for step in zip(*steps, strict=True))
    return Floor(decode_s, convert_s, inference_s)


def _one_round(keyframes: list[Packet], decoder: FrameDecoder, detector: Detector) -> tuple[float, float, float]:
    """Return CPU seconds of decoding, converting to BGR and inference of all keyframes."""
    times = [time.process_time()]
    pictures = [picture for packet in keyframes for picture in decoder.decode(packet)]
    times.append(time.process_time())
    frames = [picture.to_frame() for picture in pictures]
    times.append(time.process_time())
    for frame in frames:
        detector.detect([frame.image])
    times.append(time.process_time())
    return times[1] - times[0], times[2] - times[1], times[3] - times[2]
