"""Rendered stories that come with the project: clips, and the truth of what happens in each of them."""

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
RelativePoint = tuple[float, float]
RelativeBox = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Homography = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""From relative places on the picture to metres (x, y) on the ground."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Story(_Part):
    """What is true of every clip; times are seconds from its start, places are relative to its picture."""

    story: str
    frames_per_second: float
    seconds: float

    @property
    def clip(self) -> Path:
        """The clip that this is the truth of."""
        return FOLDER / f"{self.story}.mp4"


class SeenBox(_Part):
    """Where something is seen in one frame; what hides it is not considered."""

    frame: int
    xyxy: RelativeBox


class ExitLine(_Part):
    """The line across the gate, and a point on its outer side."""

    points: tuple[RelativePoint, RelativePoint]
    outward: RelativePoint


class StoryTruck(_Part):
    """One truck: when it leaves, how long it washed, and what is unlawful about that."""

    id: int | str
    muddy: bool
    leaves_at: float | None
    washed_seconds: float
    violation: bool
    """It leaves without having stood in the wash bay long enough."""
    muddy_violation: bool
    """It leaves visibly muddy, however long it stood."""
    boxes: list[SeenBox]


class GateStory(_Story):
    """What is true in the clip of a gate."""

    exit_line: ExitLine
    wash_bay: list[RelativePoint]
    trucks: list[StoryTruck]


class Surface(_Part):
    """A polygon in which one surface is seen."""

    # Pydantic's alias, because `class` is a word of Python's.
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.rstrip("_"))

    class_: Literal["bare_soil", "dust_net", "hoarding"]
    polygon: list[RelativePoint]


class YardState(_Part):
    """A span of the clip in which the same ground is bare; `surfaces` are in painter's order, without machines."""

    since: float
    until: float
    soil_area_m2: float
    soil_share: float
    surfaces: list[Surface]


class YardStory(_Story):
    """What is true in the time-lapse of a yard; areas are as seen from above, the share is of the zone."""

    minutes_per_second: float
    zone: list[RelativePoint]
    zone_area_m2: float
    homography: Homography
    laid_bare_at: float
    covered_at: float
    soil_area_m2: list[float]
    """One for each second of the clip, from 0 on."""
    soil_share: list[float]
    states: list[YardState]


class PerimeterLine(_Part):
    """The foot of the hoarding: its ends on the picture and on the ground, and its length."""

    points: tuple[RelativePoint, RelativePoint]
    points_m: tuple[RelativePoint, RelativePoint]
    length_m: float


class Missing(_Part):
    """A stretch that is missing: from when on at all and wholly, and until when."""

    since: float
    whole_since: float
    whole_until: float
    until: float
    width_m: float


class GateOpen(_Part):
    """A time at which the gate is open: from when on at all and wide, and until when."""

    since: float
    wide_since: float
    wide_until: float
    until: float


class Stretch(_Part):
    """A stretch of the perimeter line, metres from its start."""

    from_m: float
    to_m: float


class Occluder(_Part):
    """Something that passes before the hoarding."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.rstrip("_"))

    id: str
    class_: Literal["truck", "person"]
    boxes: list[SeenBox]


class PerimeterStory(_Story):
    """What is true in the clip of a hoarding."""

    line: PerimeterLine
    homography: Homography
    gaps_m: list[list[tuple[float, float]]]
    """For each second of the clip, from 0 on, the stretches without hoarding; an open gate is none."""
    missing: list[Missing]
    gate: Stretch
    gate_open: list[GateOpen]
    occluders: list[Occluder]

    def fraction_at(self, metres: float) -> float:
        """Return where along the line, as it is seen on the picture (0..1), a place lies `metres` from its start."""
        (start_m, end_m), (start, end) = np.array(self.line.points_m), np.array(self.line.points)
        ground = start_m + (end_m - start_m) * metres / self.line.length_m
        x, y, scale = np.linalg.inv(np.array(self.homography)) @ (*ground, 1.0)
        way = end - start
        return float((np.array([x, y]) / scale - start) @ way / (way @ way))


def gate_story() -> GateStory:
    """Return the truth of the gate's story."""
    return GateStory.model_validate_json((FOLDER / "gate.json").read_bytes())


def yard_story() -> YardStory:
    """Return the truth of the yard's story."""
    return YardStory.model_validate_json((FOLDER / "yard.json").read_bytes())


def perimeter_story() -> PerimeterStory:
    """Return the truth of the perimeter's story."""
    return PerimeterStory.model_validate_json((FOLDER / "perimeter.json").read_bytes())
