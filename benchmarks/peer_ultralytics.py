"""The peer: ultralytics' own prediction over many streams, alone in this process, which measures itself.

Usage: python -m benchmarks.peer_ultralytics FILE.streams WEIGHTS STRIDE WARM_UP_S SECONDS. Prints a line of JSON.
"""

import importlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def main(streams: Path, weights: Path, stride: int, warm_up_s: float, seconds: float) -> None:
    """Predict on the cameras whose URLs stand in `streams`, and print CPU seconds and inspections of the window."""
    yolo = importlib.import_module("ultralytics").YOLO
    cameras = len(streams.read_text().split())
    results = yolo(weights).predict(
        str(streams), stream=True, vid_stride=stride, imgsz=640, device="cpu", verbose=False, save=False
    )
    # Results come in rounds, one picture of every camera; whole rounds are counted, or the window's ends would weigh.
    warm = time.monotonic() + warm_up_s
    while time.monotonic() < warm:
        _take(results, cameras)
    inspections, began, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() < began + seconds:
        _take(results, cameras)
        inspections += cameras
    passed, cpu_s = time.monotonic() - began, time.process_time() - cpu
    print(json.dumps({"cameras": cameras, "seconds": passed, "cpu_s": cpu_s, "inspections": inspections}), flush=True)


def _take(results: Iterator[object], count: int) -> None:
    for _ in range(count):
        next(results)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]))
