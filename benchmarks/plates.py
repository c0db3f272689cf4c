"""How often number plates are read, refused and read wrongly, by their width: plates drawn onto a rendered truck.

Usage: python -m benchmarks.plates [--json] [--plates N]. Writes benchmarks/results/plates.json.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.drawn_plates import BgrImage, Seen, draw_plate, put_on, random_text, worsen
from benchmarks.machine import describe_machine
from datasets.stories import FOLDER as STORIES
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.sources import OpenVideo
from vision.plates.plate_reading import PlateReading
from vision.plates.reader import PlateReader

RESULTS = Path(__file__).parent / "results"
WIDTHS_PX = (50, 60, 80, 100, 120, 160)
VIEWS = {
    "usual": Seen(0, blur_px=0.6, noise=4.0, jpeg_quality=80, turned_deg=2.0),
    "poor": Seen(0, blur_px=1.2, noise=8.0, jpeg_quality=50, turned_deg=6.0),
}
PLATES = 18
"""Plates a row: as many in front (one line), at the back (two lines) and of new-energy lorries."""
TRUCK_FRAMES = (70, 80, 90, 100)
TRUCK_WIDTH_PX = 640
SEED = 36


class Outcome(StrEnum):
    """What became of a plate."""

    RIGHT = "right"
    REFUSED = "refused"
    WRONG = "wrong"


@dataclass
class Row:
    """Plates of one width, seen equally well."""

    view: str
    width_px: int
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    wrong: list[dict[str, object]] = field(default_factory=list)


def outcome_of(reading: PlateReading | None, truth: str) -> Outcome:
    """Return what a reading is worth: refused is none, or one that says itself that no plate reads so."""
    if reading is None or not reading.is_valid_format:
        return Outcome.REFUSED
    return Outcome.RIGHT if reading.text == truth else Outcome.WRONG


def measure(reader: PlateReader, plates: int) -> Iterator[Row]:
    """Measure row by row."""
    trucks = rendered_trucks()
    for view, seen in VIEWS.items():
        for width in WIDTHS_PX:
            random = np.random.default_rng((SEED, width, len(view)))
            row = Row(view, width)
            for number in range(plates):
                text, picture = drawn_truck(trucks[number % len(trucks)], number, width, seen, random)
                reading = reader.read(picture)
                outcome = outcome_of(reading, text)
                row.outcomes[outcome] += 1
                if outcome is Outcome.WRONG and reading is not None:
                    row.wrong.append({"is": text, "read": reading.text, "confidence": round(reading.confidence, 3)})
            yield row


def drawn_truck(
    truck: BgrImage, number: int, width_px: int, seen: Seen, random: np.random.Generator
) -> tuple[str, BgrImage]:
    """Return a plate's text and the truck with it: in front, at the back and new-energy ones by turns."""
    text = random_text(random, new_energy=number % 3 == 2)
    turned = float(random.uniform(-seen.turned_deg, seen.turned_deg))
    seen = Seen(width_px, seen.blur_px, seen.noise, seen.jpeg_quality, turned)
    height, width = truck.shape[:2]
    centre = (width * random.uniform(0.35, 0.65), height * random.uniform(0.5, 0.75))
    plate = draw_plate(text, two_lines=number % 3 == 1)
    return text, worsen(put_on(truck, plate, centre, seen), seen, random)


def rendered_trucks() -> list[BgrImage]:
    """Return pictures of the rendered gate's first truck, cut to its box and made large."""
    truth = json.loads((STORIES / "gate.json").read_text(encoding="utf-8"))
    boxes = {box["frame"]: box["xyxy"] for box in truth["trucks"][0]["boxes"]}
    trucks = []
    with OpenVideo(VideoSource(str(STORIES / "gate.mp4"))) as video:
        for number, frame in enumerate(decode_all(video.packets())):
            if number in TRUCK_FRAMES:
                height, width = frame.image.shape[:2]
                left, top, right, bottom = np.array(boxes[number]) * (width, height, width, height)
                truck = frame.image[int(top) : int(bottom), int(left) : int(right)]
                scale = TRUCK_WIDTH_PX / truck.shape[1]
                trucks.append(cv2.resize(truck, None, fx=scale, fy=scale).astype(np.uint8, copy=False))
            if number >= max(TRUCK_FRAMES):
                break
    return trucks


def main() -> None:
    """Measure, show the table (or JSON with --json), and keep the figures."""
    plates = int(sys.argv[sys.argv.index("--plates") + 1]) if "--plates" in sys.argv else PLATES
    reader = PlateReader.load()
    began, rows = time.thread_time(), []
    for row in measure(reader, plates):
        rows.append(row)
        sys.stderr.write(f"{row.view} {row.width_px} px: {row.outcomes}\n")
    seconds = (time.thread_time() - began) / (plates * len(rows))
    without = [reader.read(truck) for truck in rendered_trucks()]
    result = {
        "machine": describe_machine(),
        "plates_a_row": plates,
        "cpu_s_a_picture": round(seconds, 2),
        "read_where_there_is_none": sum(reading is not None and reading.is_valid_format for reading in without),
        "rows": [asdict(row) for row in rows],
    }
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (RESULTS / "plates.json").write_text(text + "\n", encoding="utf-8")
    if "--json" in sys.argv:
        print(text)
        return
    table = Table("seen", "width, px", *Outcome)
    for row in rows:
        table.add_row(row.view, str(row.width_px), *(str(row.outcomes[outcome]) for outcome in Outcome))
    Console().print(table)


if __name__ == "__main__":
    main()
