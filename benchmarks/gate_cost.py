"""What a gate costs whose trucks come in a quarter of the time, and how large its violations and pictures are.

Usage: python -m benchmarks.gate_cost [--gates N] [--rounds N] [--work DIR]
"""

import argparse
import json
import os
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.camera_footage import main_stream, make_footage
from benchmarks.camera_parts import DAY_MOVING_S, DAY_STILL_S
from benchmarks.camera_servers import CameraServers
from benchmarks.machine import describe_machine
from benchmarks.watched_run import WatchedRun
from datasets.stories import gate_story
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.sources import OpenVideo
from vision.evidence.manifest import MANIFEST_NAME
from vision.shown_picture import ShownPicture

PICTURES = ("clean.jpg", "annotated.jpg", "best_view.jpg")
"""Of a truck's package; a later picture's holds the first two."""
RESULTS = Path(__file__).parent / "results" / "gate_cost.json"


def measure(gates: int, rounds: int, work: Path) -> dict[str, Any]:
    """Watch gates, out of step with each other, for whole rounds of the film; weigh what they leave in the outbox."""
    story = gate_story()
    line = {"points": [list(point) for point in story.exit_line.points], "outward": list(story.exit_line.outward)}
    zones = {"exit_line": line, "wash_bay": [list(point) for point in story.wash_bay]}
    footage = main_stream("gate", DAY_MOVING_S, DAY_STILL_S)
    film = make_footage(footage, work / "films")
    folder = Path(tempfile.mkdtemp(prefix="gate-cost-", dir=work))
    with (
        CameraServers(film, gates, folder / "cameras", phase_s=footage.loop_s / gates) as servers,
        WatchedRun(folder, servers.urls, {"mode": "gate", "zones": zones}) as run,
    ):
        run.wait_until_live()
        cost = run.measure(footage.loop_s * rounds)
    sizes = weigh(folder / "edge" / "ready")
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine() | {"load": round(os.getloadavg()[1], 1)},
        "film": footage.name,
        "gates": gates,
        "seconds": round(cost.seconds, 1),
        "cpu_s_per_gate_s": round(cost.cpu_s_per_camera_s, 4),
        "inspected": sum(cost.inspected),
        "looks_left_out": cost.dropped,
        # As if none had been left out, each costing what those cost that took place: an upper bound.
        "cpu_s_per_gate_s_with_all_looks": round(cost.cpu_s_per_camera_s * (1 + cost.dropped / sum(cost.inspected)), 4),
        "mb_by_file": sizes,
        "package_pictures_mb": round(sum(sizes.get(name, 0) for name in PICTURES), 4),
        "later_package_mb": round(sum(sizes.get(name, 0) for name in PICTURES[:2]), 4),
        "shown_picture_kb": round(shown_bytes(film) / 1000, 1),
    }


def weigh(ready: Path) -> dict[str, float]:
    """Return the mean size of each file of the packages, in MB, and under `packages` how many there are."""
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    packages = [manifest.parent for manifest in ready.glob(f"*/{MANIFEST_NAME}")]
    for package in packages:
        for path in package.iterdir():
            sizes[path.name].append(path.stat().st_size)
    return {"packages": len(packages)} | {
        name: round(sum(each) / len(packages) / 1e6, 4) for name, each in sizes.items()
    }


def shown_bytes(film: Path, every: int = 250) -> int:
    """Return the mean bytes of the picture of a camera that the edge sends to the camera wall."""
    found = []
    with OpenVideo(VideoSource(str(film))) as video:
        for number, frame in enumerate(decode_all(video.packets())):
            if number % every == 0:
                shown = ShownPicture()
                shown.see(frame)
                found += [len(shown.newest.jpeg)] if shown.newest else []
    return round(fmean(found))


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate_cost", description=__doc__)
    parser.add_argument("--gates", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1, help="times the film of two minutes is played")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "dustwatch-cameras")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    text = json.dumps(measure(options.gates, options.rounds, options.work), ensure_ascii=False, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
