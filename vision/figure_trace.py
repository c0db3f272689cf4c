"""The course of a watch's figures over time: kept where one changed notably, and now and then where none did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTABLE_SHARE = 0.02
"""A share (0..1) that moved by this much has changed; a count by one."""
LONGEST_SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class TracePoint:
    """The figures as they stood at `at` (UTC), and whether a violation opened then."""

    at: datetime
    figures: Mapping[str, float]
    has_violation: bool


class FigureTrace:
    """Takes every look's figures, the later ones later, and keeps in `points` those that tell something."""

    def __init__(self) -> None:
        self.points: list[TracePoint] = []

    def add(self, point: TracePoint) -> None:
        """Keep a point that opens a violation, differs notably from the one kept last, or comes long after it."""
        if not self.points or point.has_violation or _is_news(self.points[-1], point):
            self.points.append(point)


def _is_news(kept: TracePoint, point: TracePoint) -> bool:
    if point.at - kept.at >= LONGEST_SILENCE or kept.figures.keys() != point.figures.keys():
        return True
    return any(abs(value - kept.figures[name]) >= _notable(name) for name, value in point.figures.items())


def _notable(name: str) -> float:
    return NOTABLE_SHARE if name.endswith("_share") else 1.0
