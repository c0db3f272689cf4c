"""Holds the queue's cases against what was to be seen: each stretch of bare soil is a case once."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cluster.film import COVERED_S, Bare
from service.evidence_check import Reference, check_evidence
from vision.evidence.verify import find_packages

LATE_S = COVERED_S / 2
"""A violation may open so long after its soil is covered again: looks and the median lag behind."""


@dataclass(frozen=True)
class Counted:
    """What became of the stretches of bare soil; `other` cases are in none of them. Faults are of the evidence.

    `events` are the packages that the queue took in: a violation's first, and later pictures.
    """

    stretches: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    other: int
    cases: int
    events: int
    faults: tuple[str, ...]


def count(queue: Path, expected: Sequence[Bare]) -> Counted:
    """Return what the queue has of what was to be seen."""
    cases, later = _cases(queue), _later(queue)
    found = {one: [at for camera, at in cases if _is_of(one, camera, at)] for one in expected}
    lost = tuple(_told(one) for one, at in found.items() if not at)
    doubled = tuple(_told(one) for one, at in found.items() if len(at) > 1)
    other = sum(not any(_is_of(one, camera, at) for one in expected) for camera, at in cases)
    report = check_evidence(find_packages(queue / "evidence"), Reference(), as_chains=True)
    faults = tuple(f"{fault.package.name} {fault.problem} {fault.params}" for fault in report.faults)
    return Counted(len(expected), lost, doubled, other, len(cases), len(cases) + later, faults)


def _is_of(one: Bare, camera: str, at: float) -> bool:
    return camera == one.camera and one.begins <= at < one.ends + LATE_S


def _cases(queue: Path) -> list[tuple[str, float]]:
    with closing(sqlite3.connect(queue / "cases.db")) as database:
        rows = database.execute("SELECT camera_id, opened_at FROM cases ORDER BY id").fetchall()
    return [(camera, datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()) for camera, at in rows]


def _later(queue: Path) -> int:
    with closing(sqlite3.connect(queue / "cases.db")) as database:
        return int(database.execute("SELECT count(*) FROM later_packages").fetchone()[0])


def _told(one: Bare) -> str:
    return f"{one.camera} {datetime.fromtimestamp(one.begins, UTC):%H:%M:%S}"
