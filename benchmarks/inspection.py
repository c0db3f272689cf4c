"""What one camera costs, step by step: demuxing, decoding keyframes, decoding everything, one inference.

Usage: python -m benchmarks.inspection [--json]. Prints CPU seconds a second of video and the ratios between them.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe_machine
from models.inference.detector import Detector
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import DecodeMode, decode_all
from streams.sources import OpenVideo
from tests.made_video import make_video
from vision.truck_vote import VEHICLE_CLASSES

RESULTS = Path(__file__).parent / "results"
SECONDS = 20
RATE = 25
ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds a second of video (or an inference); the least of several rounds."""

    step: str
    cpu_s: float
    wall_s: float


def main() -> None:
    """Measure, print a table, and write the figures to results/inspection.json."""
    with TemporaryDirectory() as folder:
        frames = SECONDS * RATE
        path = make_video(Path(folder) / "video.mp4", frames=frames, rate=RATE, gop=2 * RATE, width=1920, height=1080)
        costs = [
            _measure("demux", lambda: _demux(path), SECONDS),
            _measure("decode keyframes", lambda: _decode(path, DecodeMode.KEYFRAMES), SECONDS),
            _measure("decode every frame", lambda: _decode(path, DecodeMode.FULL), SECONDS),
            _measure("one inference (640, 1 thread)", _inference(), 1),
        ]
    by_step = {cost.step: cost.cpu_s for cost in costs}
    ratios = {
        "every frame / keyframes": round(by_step["decode every frame"] / by_step["decode keyframes"], 1),
        "every frame / demux": round(by_step["decode every frame"] / by_step["demux"], 1),
    }
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "video": f"1920x1080 H.264, {RATE} frames a second, a keyframe each 2 s, made",
        "costs": [asdict(cost) for cost in costs],
        "ratios": ratios,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "inspection.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    table = Table("step", "CPU s / s", "wall s / s", title=f"{result['machine']}")
    for cost in costs:
        table.add_row(cost.step, f"{cost.cpu_s:.4f}", f"{cost.wall_s:.4f}")
    Console().print(table, ratios)


def _measure(step: str, work: Callable[[], None], per: float) -> Cost:
    cpu_s, wall_s = [], []
    for _ in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        cpu_s.append((time.process_time() - cpu) / per)
        wall_s.append((time.perf_counter() - wall) / per)
    return Cost(step, round(min(cpu_s), 5), round(min(wall_s), 5))


def _demux(path: Path) -> None:
    with OpenVideo(VideoSource(str(path))) as video:
        for _ in video.packets():
            pass


def _decode(path: Path, mode: DecodeMode) -> None:
    with OpenVideo(VideoSource(str(path))) as video:
        for _ in decode_all(video.packets(), mode):
            pass


def _inference() -> Callable[[], None]:
    detector = Detector(load_model(), VEHICLE_CLASSES, threads=1)
    picture = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)

    def once() -> None:
        detector.detect([picture])

    once()
    return once


if __name__ == "__main__":
    main()
