"""What a story is: a clip, and which things stand or move where in each of its frames. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from datasets.render.camera import Camera

Image = NDArray[np.uint8]
"""(height, width, 3), BGR."""
Points = NDArray[np.float64]
"""(n, 3), metres, z up."""

STARTS_AT = datetime(2026, 5, 12, 10, 14, 0, tzinfo=UTC)
"""What the burnt-in clock shows first."""


@dataclass(frozen=True)
class Pose:
    """Where a thing is: its middle on the ground, its heading (radians from +x), how far it rolled, its joints."""

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    rolled: float = 0.0
    joints: tuple[float, ...] = ()
    """Angles in radians, or what else the thing's model calls its joints."""


@dataclass(frozen=True)
class Placed:
    """A thing that is there, and whether it moves; what stands still is part of a base that many frames share."""

    thing: str
    pose: Pose
    moves: bool = False


@dataclass(frozen=True)
class Clip:
    """The clip of a story: its length and rate, the camera that sees it, and what is burnt into its pictures."""

    name: str
    seconds: float
    frames_per_second: int
    seed: int
    camera: Camera
    caption: str
    minutes_per_second: float = 1 / 60
    """How much time passes in a second of the clip; more than 1/60 in a time-lapse."""

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return round(self.seconds * self.frames_per_second)

    def at(self, frame: int) -> float:
        """Return the time of a frame in seconds of the clip."""
        return frame / self.frames_per_second

    def clock(self, frame: int) -> datetime:
        """Return what the burnt-in clock shows."""
        return STARTS_AT + timedelta(minutes=self.at(frame) * self.minutes_per_second)


class Story(Protocol):
    """What happens in one clip."""

    @property
    def clip(self) -> Clip:
        """The clip that shows it."""

    def placed(self, frame: int) -> tuple[Placed, ...]:
        """Return the things that are there in a frame, beside what always is."""

    def outline(self, placed: Placed) -> Points:
        """Return points between which the thing lies."""

    def overlay(self, image: Image, frame: int) -> Image:
        """Return the picture with what is drawn over the rendered one, such as spray."""

    def truth(self) -> dict[str, Any]:
        """Return everything that is known of the story, ready for JSON; places are relative to the picture."""
