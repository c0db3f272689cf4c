"""The uncovered-soil rule: too much of a zone is bare soil for longer than a grace time."""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vision.geometry import BboxXyxy
from vision.ground_plane import Measured
from vision.lasting import Lasting, LastingMemory, Level, WatchedTime, WatchedTimeMemory
from vision.violations import RuleName, Violation

BY_GROUND_AREA = "by_ground_area"
"""Name of the measure that tells whether shares are of the ground's area (1) or of the picture's (0)."""


class UncoveredSoilParameters(BaseModel):
    """What the office may set for this rule; shares are of the zone (0..1), times count by daylight alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    open_share: float = Field(default=0.15, gt=0, le=1)
    """Bare soil on this much of the zone is a violation."""
    close_share: float = Field(default=0.08, ge=0, lt=1)
    """The violation ends when less than this is bare."""
    window_s: float = Field(default=300.0, ge=0, le=3600)
    """What is judged is the median over this time."""
    grace_s: float = Field(default=1800.0, ge=0, le=48 * 3600)
    """How long soil may lie bare."""
    close_after_s: float = Field(default=1800.0, ge=0, le=48 * 3600)
    """How long it has to be covered before bare soil is a new violation."""
    earthworks_factor: float = Field(default=4.0, ge=1, le=100)
    """While earthworks go on, the grace time is this many times as long."""

    @model_validator(mode="after")
    def _closes_below_where_it_opens(self) -> Self:
        if self.close_share >= self.open_share:
            raise ValueError("close_share has to be less than open_share")
        return self


@dataclass(frozen=True)
class SoilObservation:
    """What one look at the zone showed; `captured_at` is UTC.

    `bare_soil_share` is the share (0..1) of what is in sight of the zone, None where too little is;
    `bare_soil_m2` is its area where the camera is calibrated, and the share then one of the ground's area.
    """

    captured_at: datetime
    bare_soil_share: float | None
    has_earthworks: bool = False
    is_light: bool = True
    bare_soil_m2: Measured | None = None


class SoilMemory(BaseModel):
    """All that the rule knows of one zone, from which another process goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    time: WatchedTimeMemory
    lasting: LastingMemory
    looks: tuple[tuple[float, SoilObservation], ...] = ()
    """Those within the window, each with the seconds watched before it."""
    worked_at_s: float | None = None
    share: float | None = None
    violation: Violation | None = None
    """The one that lasts."""

    @model_validator(mode="after")
    def _what_is_open_is_a_violation(self) -> Self:
        if self.lasting.is_open != (self.violation is not None):
            raise ValueError("a violation lasts without being told, or is told without lasting")
        return self

    def open_alone(self) -> "SoilMemory | None":
        """Return the open violation alone, for a rule that judges otherwise now; None where none is open."""
        if self.violation is None:
            return None
        return SoilMemory(time=WatchedTimeMemory(), lasting=self.lasting.open_alone(), violation=self.violation)


class UncoveredSoilRule:
    """Judges one zone of one camera. Pure: it knows what it is told and nothing else.

    A violation is told once, when it opens, and stays the same one until the zone has been covered for a while.
    """

    def __init__(
        self,
        camera_id: str,
        zone_xyxy: BboxXyxy,
        parameters: UncoveredSoilParameters,
        *,
        longest_gap_s: float,
        memory: SoilMemory | None = None,
    ) -> None:
        """`zone_xyxy` is the box around the zone. Longer than `longest_gap_s` without a look: no time ran.

        The rule goes on from a `memory` as if there had been no other one before it.
        """
        self._camera_id = camera_id
        self._zone_xyxy = zone_xyxy
        self._parameters = parameters
        self._time = WatchedTime(longest_gap_s, memory.time if memory else None)
        self._lasting = Lasting(parameters.grace_s, parameters.close_after_s, memory.lasting if memory else None)
        self._looks: deque[tuple[float, SoilObservation]] = deque(memory.looks if memory else ())
        self._worked_at_s: float | None = memory.worked_at_s if memory else None
        self._violation: Violation | None = memory.violation if memory else None
        self.share: float | None = memory.share if memory else None
        """The median share of bare soil, None before anything was seen."""
        self.is_lawful = False
        """Whether the last look showed the zone covered, by daylight, and no violation lasts."""

    @property
    def is_open(self) -> bool:
        """Whether a violation lasts."""
        return self._lasting.is_open

    @property
    def open_violations(self) -> tuple[Violation, ...]:
        """The violation that lasts, if there is one."""
        return () if self._violation is None else (self._violation,)

    def memory(self) -> SoilMemory:
        """Return what another rule goes on from."""
        return SoilMemory(
            time=self._time.memory(),
            lasting=self._lasting.memory(),
            looks=tuple(self._looks),
            worked_at_s=self._worked_at_s,
            share=self.share,
            violation=self._violation,
        )

    def observe(self, look: SoilObservation) -> Violation | None:
        """Take in one look, the later ones later; return the violation that opens with it."""
        self.is_lawful = False
        if not look.is_light:
            self._time.pause()
            return None
        passed = 0.0 if look.bare_soil_share is None else self._time.advance(look.captured_at)
        if look.has_earthworks:
            self._worked_at_s = self._time.seconds
        if look.bare_soil_share is None:
            return None
        self._remember(look)
        self.share = median(seen.bare_soil_share for _, seen in self._looks if seen.bare_soil_share is not None)
        pace = 1 / self._parameters.earthworks_factor if self._has_earthworks() else 1.0
        opens = self._lasting.look(self._level(self.share), passed, pace)
        if opens:
            self._violation = self._judged(look)
        elif not self._lasting.is_open:
            self._violation = None
            self.is_lawful = self._level(max(self.share, look.bare_soil_share)) is Level.ABSENT
        return self._violation if opens else None

    def _remember(self, look: SoilObservation) -> None:
        """Keep the looks within the window."""
        self._looks.append((self._time.seconds, look))
        while self._looks[0][0] < self._time.seconds - self._parameters.window_s:
            self._looks.popleft()

    def _has_earthworks(self) -> bool:
        """Tell whether earthworks were seen within the window: machines pass in and out of sight."""
        return self._worked_at_s is not None and self._time.seconds - self._worked_at_s <= self._parameters.window_s

    def _level(self, share: float) -> Level:
        if share >= self._parameters.open_share:
            return Level.PRESENT
        return Level.ABSENT if share < self._parameters.close_share else Level.BETWEEN

    def _judged(self, look: SoilObservation) -> Violation:
        return Violation(
            rule=RuleName.UNCOVERED_SOIL,
            camera_id=self._camera_id,
            opened_at=look.captured_at,
            track_id=0,
            bbox_xyxy=self._zone_xyxy,
            measures=self._measures(self._lasting.lasted_s),
        )

    def measured_now(self, violation: Violation, at: datetime) -> Violation:
        """Return a violation as it stands at the look at `at` (UTC), also one that has just ended.

        It then lasted from when it began, nights and what nobody watched included.
        """
        lasted_s = violation.lasted_until(at)
        return replace(violation, opened_at=at, measures=self._measures(lasted_s))

    def _measures(self, lasted_s: float) -> dict[str, float]:
        assert self.share is not None
        measures = {
            "bare_soil_share": round(self.share, 3),
            "lasted_s": round(lasted_s, 1),
            "earthworks": float(self._has_earthworks()),
            "looks": float(len(self._looks)),
        }
        areas = [seen.bare_soil_m2 for _, seen in self._looks if seen.bare_soil_m2 is not None]
        measures[BY_GROUND_AREA] = float(bool(areas))
        if areas:
            middle = sorted(areas, key=lambda area: area.value)[len(areas) // 2]
            measures |= middle.as_measures("bare_soil_m2", 1)
        return measures
