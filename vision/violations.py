"""A violation: what a rule hands over to evidence and delivery."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

KEY_NAMESPACE = uuid.UUID("6b0d5b0e-5f0a-5c1d-9a34-3f6c1f0f2d11")


class RuleName(StrEnum):
    """The rules that dustwatch judges by."""

    UNWASHED_TRUCK = "unwashed_truck"
    UNCOVERED_SOIL = "uncovered_soil"
    MISSING_HOARDING = "missing_hoarding"


@dataclass(frozen=True)
class Violation:
    """One broken rule, seen once by one camera.

    `opened_at` is timezone-aware UTC. `bbox_xyxy` is relative (0..1 of the picture's width and height).
    `measures` are the figures that decided, in the units their names end in (`wash_seconds`).
    """

    rule: RuleName
    camera_id: str
    opened_at: datetime
    track_id: int
    bbox_xyxy: tuple[float, float, float, float]
    measures: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name the violation the same way however often it is posted (a UUID made of what it is)."""
        identity = f"{self.camera_id}|{self.rule}|{self.opened_at.isoformat()}|{self.track_id}"
        return str(uuid.uuid5(KEY_NAMESPACE, identity))

    def lasted_until(self, at: datetime) -> float:
        """Return for how many seconds a lasting one has lasted at `at` (UTC): never less than it had when it opened.

        A clock that was set back meanwhile takes nothing away.
        """
        return self.measures["lasted_s"] + max(0.0, (at - self.opened_at).total_seconds())
