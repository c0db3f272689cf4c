"""Cases are held against the stretches of bare soil that were to be seen."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cluster.counting import count
from benchmarks.cluster.film import BARE_S, COVERED_S, CYCLE_S, Bare, bare_times

BEGINS = datetime(2026, 5, 4, 8, tzinfo=UTC).timestamp()
GATE, YARD = (Bare(camera, BEGINS, BEGINS + BARE_S) for camera in ("gate", "yard"))


def queue_with(folder: Path, *cases: tuple[str, float], later: int = 0) -> Path:
    (folder / "evidence").mkdir()
    with closing(sqlite3.connect(folder / "cases.db")) as database, database:
        database.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, camera_id TEXT, opened_at TEXT)")
        database.execute("CREATE TABLE later_packages (id INTEGER PRIMARY KEY)")
        for camera, after in cases:
            at = datetime.fromtimestamp(BEGINS + after, UTC).replace(tzinfo=None)
            database.execute("INSERT INTO cases (camera_id, opened_at) VALUES (?, ?)", (camera, at.isoformat(" ")))
        database.executemany("INSERT INTO later_packages DEFAULT VALUES", [()] * later)
    return folder


def test_a_stretch_is_lost_without_a_case_and_doubled_with_two(tmp_path: Path) -> None:
    found = count(queue_with(tmp_path, ("gate", 10), ("gate", 30), ("road", 10), later=2), [GATE, YARD])
    assert (found.stretches, found.cases, found.events, found.other) == (2, 3, 5, 1)
    assert (found.doubled, found.lost) == (("gate 08:00:00",), ("yard 08:00:00",))


def test_a_case_may_open_late_but_not_before_its_soil_is_bare(tmp_path: Path) -> None:
    found = count(queue_with(tmp_path, ("gate", BARE_S + 5), ("yard", -1)), [GATE, YARD])
    assert (found.lost, found.doubled, found.other) == (("yard 08:00:00",), (), 1)


def test_stretches_are_those_that_lie_in_the_time_from_end_to_end() -> None:
    first = 10 * CYCLE_S
    whole = bare_times("gate", 0.0, first, first + 2 * CYCLE_S)
    assert [(each.begins - first, each.ends - first) for each in whole] == [
        (COVERED_S, COVERED_S + BARE_S),
        (CYCLE_S + COVERED_S, 2 * CYCLE_S),
    ]
    assert bare_times("gate", 1.0, first + COVERED_S, first + CYCLE_S) == []
