"""A city's cases, made by number: sites, cameras, cases of two years and their histories, as rows of the tables."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.cases import CaseState

SITES, CAMERAS_A_SITE, DISTRICTS, STREETS = 400, 3, 8, 40
YEARS = timedelta(days=730)
RECENT = timedelta(days=20)
"""Younger cases are still being dealt with."""
LASTING = timedelta(days=3)
_CATEGORIES = ("construction", "municipal", "road", "demolition", "garden", "water")
_RULES = ("unwashed_truck", "uncovered_soil", "missing_hoarding")
_WORDS = ("滨江", "大桥", "地铁", "新城", "科创", "学府", "河西", "北苑")

_TO_ASSIGNED = ("confirm", "assign")
_TO_CLOSED = (*_TO_ASSIGNED, "accept", "report", "verify", "close")
WAYS: Mapping[CaseState, Sequence[str]] = {
    CaseState.FOUND: (),
    CaseState.UNSURE: ("doubt",),
    CaseState.CONFIRMED: ("confirm",),
    CaseState.REJECTED: ("reject",),
    CaseState.ASSIGNED: _TO_ASSIGNED,
    CaseState.RECTIFYING: (*_TO_ASSIGNED, "accept"),
    CaseState.VERIFIED: _TO_CLOSED[:-1],
    CaseState.CLOSED: _TO_CLOSED,
    CaseState.PASSED: (*_TO_CLOSED, "pass"),
    CaseState.WITHDRAWN: ("confirm", "withdraw"),
}
_AFTER = {
    "confirm": "confirmed",
    "reject": "rejected",
    "doubt": "unsure",
    "assign": "assigned",
    "pass": "passed",
    "accept": "rectifying",
    "report": "rectifying",
    "verify": "verified",
    "close": "closed",
    "withdraw": "withdrawn",
}
_RECENT_SHARES = {"found": 30, "unsure": 2, "confirmed": 10, "rejected": 30, "assigned": 10, "rectifying": 10}
_RECENT_SHARES |= {"verified": 4, "closed": 4}
_OLD_SHARES = {"passed": 55, "rejected": 38, "withdrawn": 4, "closed": 2, "rectifying": 1}
_WAITING = {"found", "unsure", "confirmed", "assigned", "rectifying", "verified", "closed"}
_EVIDENCE = json.dumps(
    [
        {"name": name, "role": role, "media_type": kind, "size_bytes": 312_345, "sha256": "0" * 64}
        for name, role, kind in (
            ("clean.jpg", "clean", "image/jpeg"),
            ("annotated.jpg", "annotated", "image/jpeg"),
            ("clip.mp4", "clip", "video/mp4"),
        )
    ]
)

SITE_COLUMNS = (
    *("id", "name", "category", "district", "street", "is_key_area", "control_level", "point_keeper"),
    *("point_keeper_contact", "latitude", "longitude", "parties", "version"),
)
CASE_COLUMNS = (
    *("id", "key", "rule", "site_id", "site_name", "camera_id", "camera_name", "opened_at", "received_at", "state"),
    *("measures", "evidence", "folder", "manifest_sha256", "version", "changed_by", "assigned_to", "due_at"),
)
STEP_COLUMNS = (
    *("id", "case_id", "number", "step", "before", "after", "actor", "role", "at", "reason", "party", "was_due_at"),
)
Row = tuple[object, ...]


@dataclass(frozen=True)
class City:
    """How many cases there are, and until when; the same city has the same rows."""

    cases: int
    until: datetime

    def site_rows(self) -> Iterator[Row]:
        """Return the sites."""
        for number in range(SITES):
            street = number % STREETS
            category, level = _CATEGORIES[number % len(_CATEGORIES)], "ABC"[number % 3]
            place = (f"{street % DISTRICTS}区", f"{street}街道", number % 4 == 0, level)
            name = _site_name(number)
            yield (f"site-{number}", name, category, *place, "李工", "", 32 + number / 1000, 118.8, "[]", 1)

    def case_rows(self) -> Iterator[tuple[Row, list[Row]]]:
        """Return each case with its steps, the first found first."""
        draw = random.Random(7)
        step_id = 0
        for number in range(1, self.cases + 1):
            opened_at = self.until - YEARS * (1 - number / self.cases)
            shares = _RECENT_SHARES if self.until - opened_at < RECENT else _OLD_SHARES
            state = draw.choices(tuple(shares), tuple(shares.values()))[0]
            steps = _steps(number, state, opened_at, step_id, draw)
            step_id += len(steps)
            yield _case(number, state, opened_at, len(steps), draw), steps


def party_of(number: int) -> str:
    """Return the name of one of fifty firms."""
    return f"第{number % 50}建设集团"


def _site_name(number: int) -> str:
    return f"{_WORDS[number % len(_WORDS)]}{number}号地块"


def _case(number: int, state: str, opened_at: datetime, steps: int, draw: random.Random) -> Row:
    # Squared, so that some sites have many cases and most have few.
    site = int(draw.random() ** 2 * SITES)
    camera = draw.randrange(CAMERAS_A_SITE)
    key = f"{number:08x}-0000-4000-8000-{number:012x}"
    due_at = opened_at + LASTING + timedelta(hours=steps) if state in _WAITING else None
    return (
        *(number, key, _RULES[camera], f"site-{site}", _site_name(site), f"site-{site}-{camera}"),
        *(f"{camera}号摄像头", opened_at, opened_at + timedelta(seconds=20), state, '{"wash_seconds": 4.2}', _EVIDENCE),
        *(key, "1" * 64, steps, "王工" if steps else "", party_of(site) if steps > 1 else "", due_at),
    )


def _steps(number: int, state: str, opened_at: datetime, last_id: int, draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    before, at = "found", opened_at
    for place, step in enumerate(WAYS[CaseState(state)], start=1):
        at += timedelta(hours=draw.expovariate(1 / 6))
        was_due_at = at + timedelta(hours=draw.uniform(-4, 36))
        head = (last_id + place, number, place, step, before, _AFTER[step], "王工", "reviewer", at)
        rows.append((*head, "说明", party_of(number) if step == "assign" else "", was_due_at))
        before = _AFTER[step]
    return rows
