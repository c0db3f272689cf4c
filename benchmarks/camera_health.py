"""How surely camera health is judged: damage done to rendered and real clips against the kind that was found.

Usage: python -m benchmarks.camera_health [--json]. Real clips are those in DUSTWATCH_CLIPS, where there are any.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import picture_damage as damage
from benchmarks.machine import describe_machine
from datasets.stories import FOLDER as STORIES
from streams.addresses import VideoSource
from streams.frames import BgrImage, decode_all
from streams.health.observation import CONNECTION_KINDS, HealthKind
from streams.health.parameters import HealthParameters
from streams.health.watch import HealthWatch
from streams.sources import OpenVideo

RESULTS = Path(__file__).parent / "results"
CLIPS = Path(os.environ.get("DUSTWATCH_CLIPS", Path(__file__).parents[2] / "shared" / "data" / "clips"))
PICTURES, INTERVAL = 22, timedelta(seconds=60)
"""A sequence lasts longer than the longest hold time."""
HEALTHY_PICTURES = 6
"""So many at a sequence's start are left as they are."""
SECONDS_CUT = {"site_cctv": 11.5}
"""An advertisement at a clip's end is no site."""
NONE = "none"
PICTURE_KINDS = tuple(kind for kind in HealthKind if kind not in CONNECTION_KINDS)
BEGIN = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One row: what is done, what should be found (None: nothing), and how often it must be (None: only reported)."""

    name: str
    damage: damage.Damage
    expected: HealthKind | None
    required_share: float | None = 0.9


CASES = (
    Case("as it is", damage.healthy, None, 1.0),
    Case("light x 0.6", damage.gain(0.6), None, 1.0),
    Case("light x 1.5", damage.gain(1.5), None, 1.0),
    Case("nightfall", damage.nightfall, None, 1.0),
    Case("infrared at night", damage.infrared, None, 1.0),
    Case("rain", damage.rain, None, 1.0),
    Case("H.264 at crf 36", damage.low_bit_rate(36), None, 1.0),
    Case("H.264 at crf 40", damage.low_bit_rate(40), None, required_share=None),
    Case("people", damage.people, None, 1.0),
    Case("ribbed truck, 30 %", damage.truck_in_front(0.3), None, 1.0),
    Case("plain truck, 15 %", damage.truck_in_front(0.15, ribs=False), None, 1.0),
    Case("plain truck, 35 %", damage.truck_in_front(0.35, ribs=False), None, required_share=None),
    Case("frozen", damage.frozen, HealthKind.FROZEN),
    Case("frozen, clock ticks, crf 25", damage.frozen_with_clock(25), HealthKind.FROZEN),
    Case("frozen, clock ticks, crf 28", damage.frozen_with_clock(28), HealthKind.FROZEN, required_share=None),
    Case("frozen, clock ticks, crf 38", damage.frozen_with_clock(38), HealthKind.FROZEN, required_share=None),
    Case("black", damage.gain(0.0), HealthKind.BLACK),
    Case("black with noise", damage.gain(0.03, noise=4.0), HealthKind.BLACK),
    Case("overexposed", damage.gain(3.5, 90), HealthKind.OVEREXPOSED),
    Case("covered 65 %, white", damage.covered(220, 0.65), HealthKind.COVERED, required_share=0.8),
    Case("covered 75 %, grey", damage.covered(120, 0.75), HealthKind.COVERED),
    Case("covered 85 %, dark", damage.covered(50, 0.85), HealthKind.COVERED),
    Case("covered wholly", damage.covered(90, 1.0), HealthKind.COVERED),
    Case("covered 75 %, black", damage.covered(8, 0.75), HealthKind.COVERED, required_share=None),
    Case("blurred, 2 px", damage.blurred(2), HealthKind.BLURRED_OR_DIRTY, required_share=None),
    Case("blurred, 3 px", damage.blurred(3), HealthKind.BLURRED_OR_DIRTY),
    Case("blurred, 8 px", damage.blurred(8), HealthKind.BLURRED_OR_DIRTY),
    Case("blurred, 16 px", damage.blurred(16), HealthKind.BLURRED_OR_DIRTY),
    Case("dirt, 30 %", damage.dirt(0.3), HealthKind.BLURRED_OR_DIRTY, required_share=None),
    Case("dirt, 50 %", damage.dirt(0.5), HealthKind.BLURRED_OR_DIRTY, required_share=0.8),
    Case("pan 2 %", damage.moved(pan=0.02), HealthKind.MOVED),
    Case("pan 5 %", damage.moved(pan=0.05), HealthKind.MOVED),
    Case("pan 20 %", damage.moved(pan=-0.2), HealthKind.MOVED),
    Case("pan 40 %", damage.moved(pan=0.4), HealthKind.MOVED),
    Case("turned 3 degrees", damage.moved(degrees=3), HealthKind.MOVED),
    Case("zoomed x 1.15", damage.moved(zoom=1.15), HealthKind.MOVED),
    Case("turned away", damage.turned_away, HealthKind.MOVED),
)


@dataclass
class Row:
    """How many sequences with one damage were judged which kinds; one judged two kinds counts under both."""

    case: str
    expected: str
    required_share: float | None
    sequences: int = 0
    right: int = 0
    judged: dict[str, int] = field(default_factory=dict)


def main() -> None:
    """Build the tables, print them, and write them to results/camera_health.json."""
    sources = {"rendered": sorted(STORIES.glob("*.mp4")), "real": sorted(CLIPS.glob("*.mp4"))}
    tables = {source: confusion(clips) for source, clips in sources.items() if clips}
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "sequences": f"two of each clip, {PICTURES} pictures {INTERVAL.seconds} s apart, defaults",
        "ms_a_picture": round(_cost_ms(sources["rendered"][0]), 2),
        "tables": {source: [asdict(row) for row in rows] for source, rows in tables.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "camera_health.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    for source, rows in tables.items():
        Console(width=150).print(_table(source, rows))
    print(f"{result['ms_a_picture']} ms a picture")


def confusion(clips: list[Path], cases: tuple[Case, ...] = CASES) -> list[Row]:
    """Judge each case on two sequences of each clip, the clips side by side."""
    names = [case.name for case in cases]
    with ProcessPoolExecutor() as processes:
        by_clip = list(processes.map(_judge_clip, clips, [names] * len(clips)))
    rows = []
    for case in cases:
        row = Row(case.name, case.expected or NONE, case.required_share)
        for kinds in (kinds for judged in by_clip for kinds in judged[case.name]):
            row.sequences += 1
            for kind in kinds or {NONE}:
                row.judged[kind] = row.judged.get(kind, 0) + 1
            row.right += kinds == ({case.expected} if case.expected else set())
        rows.append(row)
    return rows


def _judge_clip(clip: Path, names: list[str]) -> dict[str, list[set[str]]]:
    """Return the kinds judged in each sequence of a clip, by the case's name."""
    reference, sequences = sequences_of(clip)
    return {
        case.name: [judge(reference, _damaged(pictures, case, number)) for number, pictures in enumerate(sequences)]
        for case in CASES
        if case.name in names
    }


def sequences_of(clip: Path) -> tuple[BgrImage, list[list[BgrImage]]]:
    """Return a clip's first picture, and the pictures of its first and second half."""
    with OpenVideo(VideoSource(str(clip))) as video:
        frames = list(decode_all(video.packets()))
    seconds = SECONDS_CUT.get(clip.stem, 0.0)
    last_at = frames[-1].captured_at - timedelta(seconds=seconds)
    images = [frame.image for frame in frames if frame.captured_at <= last_at]
    chosen = [images[index] for index in np.linspace(0, len(images) - 1, 2 * PICTURES).astype(int)]
    return images[0], [chosen[:PICTURES], chosen[PICTURES:]]


def judge(reference: BgrImage, pictures: list[BgrImage]) -> set[str]:
    """Return the kinds that were ever judged while a camera gave these pictures."""
    watch = HealthWatch("camera", HealthParameters(), reference)
    for at, image in _dated(pictures):
        watch.see_picture(image, at)
    return {observation.kind.value for observation in watch.take_changes()}


def _damaged(pictures: list[BgrImage], case: Case, number: int) -> list[BgrImage]:
    rng = np.random.default_rng([number, *case.name.encode()])
    return pictures[:HEALTHY_PICTURES] + case.damage(pictures[HEALTHY_PICTURES:], rng)


def _dated(pictures: list[BgrImage]) -> Iterator[tuple[datetime, BgrImage]]:
    for number, image in enumerate(pictures):
        yield BEGIN + number * INTERVAL, image


def _cost_ms(clip: Path) -> float:
    """Return the mean CPU time of one look, milliseconds, with pictures each 5 s: the view is looked at each 30 s."""
    reference, (pictures, _) = sequences_of(clip)
    watch = HealthWatch("camera", HealthParameters(), reference)
    began = time.thread_time()
    for number, image in enumerate(pictures):
        watch.see_picture(image, BEGIN + number * timedelta(seconds=5))
    return 1000 * (time.thread_time() - began) / len(pictures)


def _table(source: str, rows: list[Row]) -> Table:
    columns = [NONE, *(kind.value for kind in PICTURE_KINDS)]
    table = Table("damage", "expected", "right", *columns, title=source)
    for row in rows:
        counts = [str(row.judged.get(column, "")) for column in columns]
        mark = "" if row.required_share else " *"
        table.add_row(row.case + mark, row.expected, f"{row.right}/{row.sequences}", *counts)
    return table


if __name__ == "__main__":
    main()
