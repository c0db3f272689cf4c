"""The missing-hoarding rule: a stretch of the perimeter is not covered by hoarding for longer than a grace time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from vision.ground_plane import Measured
from vision.lasting import Lasting, Level, WatchedTime
from vision.perimeter import PARTS, Perimeter, runs
from vision.violations import RuleName, Violation

COVERED_FROM = 0.5
"""Share of hoarding from which on a part of the line is covered."""
CLOSES_BELOW = 0.5
"""A gap that shrinks below this share of the smallest gap is none any more."""

Stretch = tuple[int, int]
"""Parts of the line: the first, and one after the last."""
LengthM = Callable[[float, float], Measured]
"""Gives the metres on the ground between two fractions of the line, where the camera is calibrated."""


class MissingHoardingParameters(BaseModel):
    """What the office may set for this rule; times count by daylight alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_gap_share: float = Field(default=0.04, gt=0, le=1)
    """The smallest gap, as a share of the line."""
    min_gap_m: float = Field(default=1.0, gt=0, le=1000)
    """The smallest gap in metres, which counts instead where the camera is calibrated."""
    window_s: float = Field(default=300.0, ge=0, le=3600)
    """A part of the line is uncovered when it was in most looks of this time."""
    grace_s: float = Field(default=1800.0, ge=0, le=48 * 3600)
    """How long a gap may stand open."""
    close_after_s: float = Field(default=1800.0, ge=0, le=48 * 3600)
    """How long it has to be covered before a gap there is a new violation."""


@dataclass(frozen=True)
class HoardingObservation:
    """What one look at the perimeter showed; `captured_at` is UTC.

    `covered` is the share of hoarding (0..1) in each part of the line, float32 (PARTS), NaN where it is hidden.
    """

    captured_at: datetime
    covered: NDArray[np.float32]
    is_light: bool = True


@dataclass(eq=False)
class _Gap:
    """A stretch that is uncovered; once open it only grows, so that what is seen of it later is still the same gap."""

    stretch: Stretch
    lasting: Lasting


class MissingHoardingRule:
    """Judges the perimeter of one camera. Pure: it knows what it is told and nothing else.

    Each gap is told once, when it opens. Stretches that overlap are one gap; two that grow together are the older one.
    """

    def __init__(
        self,
        camera_id: str,
        perimeter: Perimeter,
        parameters: MissingHoardingParameters,
        *,
        longest_gap_s: float,
        length_m: LengthM | None = None,
    ) -> None:
        """Longer than `longest_gap_s` without a look: no time ran. With `length_m`, gaps are measured in metres."""
        self._camera_id = camera_id
        self._perimeter = perimeter
        self._parameters = parameters
        self._length_m = length_m
        self._time = WatchedTime(longest_gap_s)
        self._looks = _Majority(parameters.window_s)
        self._may_be_open = perimeter.in_gates()
        self._gaps: list[_Gap] = []

    @property
    def uncovered_share(self) -> float:
        """The share of the line (0..1) without hoarding, gates left out."""
        return float(self._uncovered().mean())

    @property
    def open_gaps(self) -> list[tuple[float, float]]:
        """Every gap that is a violation now, as fractions of the line."""
        return [_fractions(gap.stretch) for gap in self._gaps if gap.lasting.is_open]

    def observe(self, look: HoardingObservation) -> list[Violation]:
        """Take in one look, the later ones later; return the violations that open with it."""
        if not look.is_light:
            self._time.pause()
            return []
        passed = self._time.advance(look.captured_at)
        self._looks.add(self._time.seconds, look.covered)
        stretches = [(run, size) for run in runs(self._uncovered()) if (size := self._size(run)) >= CLOSES_BELOW]
        self._follow(stretches)
        opening = [gap for gap in self._gaps if gap.lasting.look(_level(gap, stretches), passed)]
        self._gaps = [gap for gap in self._gaps if gap.lasting.is_open or _level(gap, stretches) is not Level.ABSENT]
        return [self._violation(look.captured_at, number, gap) for number, gap in enumerate(opening)]

    def _uncovered(self) -> NDArray[np.bool_]:
        return self._looks.uncovered & ~self._may_be_open

    def _size(self, run: Stretch) -> float:
        """Return the size of a stretch, the smallest gap being 1."""
        start, end = _fractions(run)
        if self._length_m is not None:
            return self._length_m(start, end).value / self._parameters.min_gap_m
        # Half a part is forgiven: fractions of the line are not exact.
        return (end - start + 0.5 / PARTS) / self._parameters.min_gap_share

    def _follow(self, stretches: list[tuple[Stretch, float]]) -> None:
        """Bring the gaps to where they are now, and begin new ones."""
        for gap in self._gaps:
            seen = [run for run, _ in stretches if _overlap(run, gap.stretch)]
            if seen:
                gap.stretch = _hull([gap.stretch, *seen] if gap.lasting.is_open else seen)
        self._gaps = _merged(self._gaps)
        for run, size in stretches:
            if size >= 1 and not any(_overlap(run, gap.stretch) for gap in self._gaps):
                self._gaps.append(_Gap(run, Lasting(self._parameters.grace_s, self._parameters.close_after_s)))

    def _violation(self, at: datetime, number: int, gap: _Gap) -> Violation:
        """Make a violation of a gap; `number` tells those apart that open with the same look."""
        start, end = _fractions(gap.stretch)
        measures = {
            "gap_share": round(end - start, 4),
            "at_share": round((start + end) / 2, 4),
            "lasted_s": round(gap.lasting.lasted_s, 1),
            "looks": float(self._looks.count),
        }
        if self._length_m is not None:
            measures |= self._length_m(start, end).as_measures("gap_m", 1)
        return Violation(
            rule=RuleName.MISSING_HOARDING,
            camera_id=self._camera_id,
            opened_at=at,
            track_id=number,
            bbox_xyxy=self._perimeter.bbox_xyxy(start, end),
            measures=measures,
        )


class _Majority:
    """Tells for each part of the line whether most looks of a time window showed it uncovered.

    A part that was hidden all the time stays as it was.
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._looks: deque[tuple[float, NDArray[np.float32]]] = deque()
        self._balance = np.zeros(PARTS, dtype=np.int64)
        self.uncovered = np.zeros(PARTS, dtype=bool)

    @property
    def count(self) -> int:
        """How many looks the window holds."""
        return len(self._looks)

    def add(self, now_s: float, covered: NDArray[np.float32]) -> None:
        """Take in the next look, `now_s` seconds after the first."""
        self._looks.append((now_s, covered))
        self._balance += _votes(covered)
        while self._looks[0][0] < now_s - self._window_s:
            self._balance -= _votes(self._looks.popleft()[1])
        self.uncovered = np.where(self._balance == 0, self.uncovered, self._balance > 0)


def _votes(covered: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return 1 for each part that is uncovered, -1 for covered, 0 for hidden."""
    return np.where(np.isnan(covered), 0, np.where(covered < COVERED_FROM, 1, -1))


def _level(gap: _Gap, stretches: list[tuple[Stretch, float]]) -> Level:
    largest = max((size for run, size in stretches if _overlap(run, gap.stretch)), default=0.0)
    if largest >= 1:
        return Level.PRESENT
    return Level.ABSENT if largest < CLOSES_BELOW else Level.BETWEEN


def _merged(gaps: list[_Gap]) -> list[_Gap]:
    """Make one of those that overlap: the open one, or else the one that lasted longest, goes on."""
    apart: list[_Gap] = []
    for gap in gaps:
        kept = gap
        while touching := [other for other in apart if _overlap(other.stretch, kept.stretch)]:
            apart = [other for other in apart if other not in touching]
            together = [kept, *touching]
            whole = _hull([each.stretch for each in together])
            kept = max(together, key=lambda each: (each.lasting.is_open, each.lasting.lasted_s))
            kept.stretch = whole
        apart.append(kept)
    return apart


def _overlap(a: Stretch, b: Stretch) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _hull(stretches: list[Stretch]) -> Stretch:
    return min(start for start, _ in stretches), max(end for _, end in stretches)


def _fractions(stretch: Stretch) -> tuple[float, float]:
    return stretch[0] / PARTS, stretch[1] / PARTS
