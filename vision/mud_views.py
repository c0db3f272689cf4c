"""What the single views of a truck said of its mud, and whether that makes it muddy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class MudLimits(Protocol):
    """From when on a truck is muddy."""

    @property
    def muddy_score(self) -> float:
        """The probability (0..1) from which a view shows mud."""

    @property
    def mud_views(self) -> int:
        """How many views have to show mud."""

    @property
    def muddy_share(self) -> float:
        """What share (0..1) of all views they have to be."""


@dataclass
class MudViews:
    """How many views of one truck were judged, and how many of them showed mud."""

    judged: int = 0
    muddy: int = 0

    def add(self, probability: float, limits: MudLimits) -> None:
        """Count one view, by the probability (0..1) that the truck in it is muddy."""
        self.judged += 1
        self.muddy += probability >= limits.muddy_score

    def is_muddy(self, limits: MudLimits) -> bool:
        """Tell whether enough views agree that the truck is muddy."""
        return tells_mud(self.measures, limits)

    @property
    def measures(self) -> dict[str, float]:
        """How many views showed mud, and what share (0..1) of those judged they are; no share where none was judged."""
        share = {"muddy_share": round(self.muddy / self.judged, 2)} if self.judged else {}
        return {"mud_views": self.muddy, **share}


def tells_mud(measures: Mapping[str, float], limits: MudLimits) -> bool:
    """Tell whether a truck is muddy, by the measures of its violation."""
    return measures.get("mud_views", 0) >= limits.mud_views and measures.get("muddy_share", 0.0) >= limits.muddy_share
