"""Reviewed cases for tests."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from datasets.reviewed.case import ReviewedCase, Shape

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def square(class_name: str, left: float = 0.25, top: float = 0.25, size: float = 0.5) -> Shape:
    right, bottom = left + size, top + size
    return Shape(class_name, ((left, top), (right, top), (right, bottom), (left, bottom)))


def case(number: int = 0, *, confirmed: bool = True, **changes: Any) -> ReviewedCase:
    given: dict[str, Any] = {
        "key": f"00000000-0000-0000-0000-{number:012d}",
        "camera_id": "yard",
        "rule": "uncovered_soil",
        "confirmed": confirmed,
        "decided_at": NOON + timedelta(minutes=number),
        "picture": Path("clean.jpg"),
        "claims": (square("bare_soil"),),
    }
    return ReviewedCase(**{**given, **changes})
