"""The missing-hoarding rule: a stretch of the perimeter is not covered by hoarding for longer than a grace time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from vision.ground_plane import Measured
from vision.lasting import Lasting, LastingMemory, Level, WatchedTime, WatchedTimeMemory
from vision.perimeter import PARTS, Perimeter, runs
from vision.uncovered_parts import COVERED_FROM, PartsMemory, UncoveredParts
from vision.violations import RuleName, Violation

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

    `covered` tells how likely hoarding is (0..1) in each part of the line, float32 (PARTS), NaN where it is hidden.
    """

    captured_at: datetime
    covered: NDArray[np.float32]
    is_light: bool = True


class GapMemory(BaseModel):
    """One gap, open or not yet; `violations` are those that last in it: several where open gaps have met."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stretch: tuple[Annotated[int, Field(ge=0, lt=PARTS)], Annotated[int, Field(gt=0, le=PARTS)]]
    lasting: LastingMemory
    violations: tuple[Violation, ...] = ()


class HoardingMemory(BaseModel):
    """All that the rule knows of one perimeter, from which another process goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: WatchedTimeMemory
    parts: PartsMemory
    gaps: tuple[GapMemory, ...] = ()

    def open_alone(self) -> "HoardingMemory | None":
        """Return the open violations alone, for a rule that judges otherwise now; None where none is open."""
        gaps = [
            gap.model_copy(update={"lasting": gap.lasting.open_alone()}) for gap in self.gaps if gap.lasting.is_open
        ]
        parts = PartsMemory(uncovered=self.parts.uncovered)
        return HoardingMemory(time=WatchedTimeMemory(), parts=parts, gaps=tuple(gaps)) if gaps else None


@dataclass(eq=False)
class _Gap:
    """A stretch that is uncovered; once open it only grows, so that what is seen of it later is still the same gap."""

    stretch: Stretch
    lasting: Lasting
    violations: tuple[Violation, ...] = ()


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
        memory: HoardingMemory | None = None,
    ) -> None:
        """Longer than `longest_gap_s` without a look: no time ran. With `length_m`, gaps are measured in metres.

        The rule goes on from a `memory` as if there had been no other one before it.
        """
        self._camera_id = camera_id
        self._perimeter = perimeter
        self._parameters = parameters
        self._length_m = length_m
        self._time = WatchedTime(longest_gap_s, memory.time if memory else None)
        self._looks = UncoveredParts(parameters.window_s, memory.parts if memory else None)
        self._may_be_open = perimeter.in_gates()
        self.is_lawful = False
        """Whether the last look showed hoarding all along the line, by daylight, and no gap lasts or begins."""
        self._gaps = [
            _Gap(gap.stretch, self._new_lasting(gap.lasting), gap.violations) for gap in (memory.gaps if memory else ())
        ]

    @property
    def uncovered_share(self) -> float:
        """The share of the line (0..1) without hoarding, gates left out."""
        return float(self._uncovered().mean())

    @property
    def open_gaps(self) -> list[tuple[float, float]]:
        """Every gap that is a violation now, as fractions of the line."""
        return [_fractions(gap.stretch) for gap in self._gaps if gap.lasting.is_open]

    @property
    def open_violations(self) -> tuple[Violation, ...]:
        """The violations that last."""
        return tuple(violation for gap in self._gaps for violation in gap.violations)

    def memory(self) -> HoardingMemory:
        """Return what another rule goes on from."""
        return HoardingMemory(
            time=self._time.memory(),
            parts=self._looks.memory(),
            gaps=tuple(
                GapMemory(stretch=gap.stretch, lasting=gap.lasting.memory(), violations=gap.violations)
                for gap in self._gaps
            ),
        )

    def observe(self, look: HoardingObservation) -> list[Violation]:
        """Take in one look, the later ones later; return the violations that open with it."""
        self.is_lawful = False
        if not look.is_light:
            self._time.pause()
            return []
        passed = self._time.advance(look.captured_at)
        self._looks.add(self._time.seconds, look.covered)
        stretches = self._stretches_of(self._looks.uncovered)
        self._follow(stretches)
        opening = [gap for gap in self._gaps if gap.lasting.look(_level(gap, stretches), passed)]
        self._gaps = [gap for gap in self._gaps if gap.lasting.is_open or _level(gap, stretches) is not Level.ABSENT]
        self.is_lawful = not self._gaps and not self._stretches_of(look.covered < COVERED_FROM)
        found = [self._violation(look.captured_at, number, gap) for number, gap in enumerate(opening)]
        for gap, violation in zip(opening, found, strict=True):
            gap.violations = (violation,)
        return found

    def measured_now(self, violation: Violation, at: datetime) -> Violation:
        """Return a violation as it stands at the look at `at` (UTC), also one that has just ended.

        Its box is that of all that was ever uncovered of it, its measures are of what is uncovered now; it then lasted
        from when it began, nights and what nobody watched included.
        """
        whole = next(
            (gap.stretch for gap in self._gaps if violation.key in {each.key for each in gap.violations}),
            parts_of(violation),
        )
        now = np.zeros(PARTS, dtype=bool)
        now[slice(*whole)] = self._uncovered()[slice(*whole)]
        start, end = _fractions(whole)
        measures = {
            "gap_share": round(float(now.mean()), 4),
            "at_share": round((start + end) / 2, 4),
            "lasted_s": round(violation.lasted_until(at), 1),
            "looks": float(self._looks.count),
        }
        if self._length_m is not None:
            lengths = [self._length_m(*_fractions(run)) for run in runs(now)]
            whole_m = Measured(sum(length.value for length in lengths), sum(length.error for length in lengths))
            measures |= whole_m.as_measures("gap_m", 1)
        return replace(violation, opened_at=at, bbox_xyxy=self._perimeter.bbox_xyxy(start, end), measures=measures)

    def _uncovered(self) -> NDArray[np.bool_]:
        return self._looks.uncovered & ~self._may_be_open

    def _stretches_of(self, uncovered: NDArray[np.bool_]) -> list[tuple[Stretch, float]]:
        """Return the stretches of uncovered parts with their size; smaller pieces than would close a gap are none.

        Covered parts between two of them that are smaller than that together (posts, mistakes) do not part them.
        """
        uncovered = uncovered & ~self._may_be_open
        whole: list[Stretch] = []
        for piece in runs(uncovered):
            if self._size(piece) < CLOSES_BELOW:
                continue
            if whole and self._are_one(whole[-1], piece, uncovered):
                whole[-1] = (whole[-1][0], piece[1])
            else:
                whole.append(piece)
        return [(run, self._size(run)) for run in whole]

    def _are_one(self, left: Stretch, right: Stretch, uncovered: NDArray[np.bool_]) -> bool:
        between = slice(left[1], right[0])
        covered = int((~uncovered[between]).sum())
        is_little = self._size((left[1], left[1] + covered)) < CLOSES_BELOW
        return is_little and not self._may_be_open[between].any()

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
            seen = [run for run, _ in stretches if overlap(run, gap.stretch)]
            if seen:
                gap.stretch = _hull([gap.stretch, *seen] if gap.lasting.is_open else seen)
        self._gaps = _merged(self._gaps)
        for run, size in stretches:
            if size >= 1 and not any(overlap(run, gap.stretch) for gap in self._gaps):
                self._gaps.append(_Gap(run, self._new_lasting()))

    def _new_lasting(self, memory: LastingMemory | None = None) -> Lasting:
        return Lasting(self._parameters.grace_s, self._parameters.close_after_s, memory)

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


def _level(gap: _Gap, stretches: list[tuple[Stretch, float]]) -> Level:
    largest = max((size for run, size in stretches if overlap(run, gap.stretch)), default=0.0)
    if largest >= 1:
        return Level.PRESENT
    return Level.ABSENT if largest < CLOSES_BELOW else Level.BETWEEN


def _merged(gaps: list[_Gap]) -> list[_Gap]:
    """Make one of those that overlap: the open one, or else the one that lasted longest, goes on."""
    apart: list[_Gap] = []
    for gap in gaps:
        kept = gap
        while touching := [other for other in apart if overlap(other.stretch, kept.stretch)]:
            apart = [other for other in apart if other not in touching]
            together = [kept, *touching]
            whole = _hull([each.stretch for each in together])
            kept = max(together, key=lambda each: (each.lasting.is_open, each.lasting.lasted_s))
            kept.stretch = whole
            kept.violations = tuple(violation for each in together for violation in each.violations)
        apart.append(kept)
    return apart


def overlap(a: Stretch, b: Stretch) -> bool:
    """Tell whether two stretches have a part in common."""
    return a[0] < b[1] and b[0] < a[1]


def parts_of(violation: Violation) -> Stretch:
    """Return the parts of the line that a violation was opened for."""
    at, half = violation.measures["at_share"], violation.measures["gap_share"] / 2
    return round((at - half) * PARTS), round((at + half) * PARTS)


def _hull(stretches: list[Stretch]) -> Stretch:
    return min(start for start, _ in stretches), max(end for _, end in stretches)


def _fractions(stretch: Stretch) -> tuple[float, float]:
    return stretch[0] / PARTS, stretch[1] / PARTS
