"""What can ail a camera, and one observation of it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

KEY_NAMESPACE = uuid.UUID("b6a4f3f2-3f0c-5c57-8a6b-52d1f0a7c9e4")


class HealthKind(StrEnum):
    """What can ail a camera."""

    OFFLINE = "offline"
    """Nothing arrives."""
    NO_KEYFRAME = "no_keyframe"
    """Packets arrive, but none that a picture can begin with."""
    CLOCK_DRIFT = "clock_drift"
    """The camera's clock runs faster or slower than ours."""
    BIT_RATE_COLLAPSE = "bit_rate_collapse"
    """Far fewer bytes arrive than this camera usually sends."""
    FROZEN = "frozen"
    """The picture stands still, though packets arrive."""
    BLACK = "black"
    """The picture is black."""
    OVEREXPOSED = "overexposed"
    """Most of the picture is white."""
    COVERED = "covered"
    """Something uniform before the lens hides most of the view."""
    BLURRED_OR_DIRTY = "blurred_or_dirty"
    """The picture is out of focus, or parts of it are hidden by dirt on the lens."""
    MOVED = "moved"
    """The camera looks elsewhere than when it was commissioned."""


CONNECTION_KINDS = (
    HealthKind.OFFLINE,
    HealthKind.NO_KEYFRAME,
    HealthKind.CLOCK_DRIFT,
    HealthKind.BIT_RATE_COLLAPSE,
)
"""The kinds judged by the connection; the others are judged by pictures."""


@dataclass(frozen=True)
class Finding:
    """What one look says of one kind: faulty, healthy, or None where no judgement is possible; and why."""

    faulty: bool | None
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class HealthObservation:
    """One camera ailed in one way for a while.

    Times are timezone-aware UTC: `started_at` is when the fault was first seen, `ended_at` when it was first seen gone,
    None while it lasts. `figures` are what decided when it began, in the units their names end in (`silent_s`).
    """

    camera_id: str
    kind: HealthKind
    started_at: datetime
    ended_at: datetime | None = None
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name the observation the same way when it begins and when it ends (a UUID made of what it is)."""
        return str(uuid.uuid5(KEY_NAMESPACE, f"{self.camera_id}|{self.kind}|{self.started_at.isoformat()}"))
