"""Watches one camera on patrol: measures soil, net and hoarding in its picture, and has what is drawn on it judged."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Protocol

import numpy as np

from models.classes import OTHER
from models.inference.surfaces import SurfaceMap, label
from vision.geometry import BboxXyxy
from vision.look_back import LookBackOrder
from vision.violations import RuleName
from vision.watch import Finding, Seen, Sight
from vision.watch_memory import WatchMemory


class SurfaceJudge(Protocol):
    """Judges what is drawn on the picture by the surfaces and the machines seen in it."""

    @property
    def needs(self) -> frozenset[Sight]:
        """What has to be looked for in a picture."""

    @property
    def figures(self) -> Mapping[str, float]:
        """What was measured so far, by names that tell the unit."""

    @property
    def lawful(self) -> frozenset[RuleName]:
        """The rule, where all was well by it in the last look."""

    def see(self, seen: Seen) -> list[Finding]:
        """Judge what was seen in a picture."""

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Take the look-backs as they are asked for now; those of other rules are not this judge's."""

    def memory(self) -> WatchMemory:
        """Return what another judge of the same goes on from."""

    def recall(self, memory: WatchMemory) -> None:
        """Go on from what another judge remembered."""


class PatrolWatch:
    """Measures surfaces and counts vehicles in each picture, and hands it to its judges."""

    def __init__(
        self, looks_for: frozenset[Sight] = frozenset({Sight.SURFACES}), judges: Sequence[SurfaceJudge] = ()
    ) -> None:
        """Without judges no case is ever opened."""
        self.needs = looks_for.union(*(judge.needs for judge in judges))
        self._judges = judges
        self._last: Seen | None = None
        self._figures: dict[str, float] = {}

    def needs_at(self, at: datetime) -> frozenset[Sight]:
        """Return what is looked for in every picture."""
        return self.needs

    def looks_closely_at(self, bbox_xyxy: BboxXyxy) -> bool:
        """Nowhere: no mud is judged on patrol."""
        return False

    @property
    def figures(self) -> Mapping[str, float]:
        """Shares of the picture (0..1) by surface, how many vehicles and machines; the judges' figures."""
        figures = dict(self._figures)
        for judge in self._judges:
            figures |= judge.figures
        return figures

    @property
    def lawful(self) -> frozenset[RuleName]:
        """The rules by which all was well in the last look."""
        return frozenset(rule for judge in self._judges for rule in judge.lawful)

    def see(self, seen: Seen) -> list[Finding]:
        """Measure and judge a new picture."""
        figures: dict[str, float] = {}
        if seen.surfaces is not None:
            figures |= surface_shares(seen.surfaces)
        counted = {"vehicles": seen.vehicles, "machines": seen.machines}
        figures |= {name: len(boxes) for name, boxes in counted.items() if boxes is not None}
        self._figures = figures
        self._last = seen
        return self._judge(seen)

    def see_unchanged(self, at: datetime) -> list[Finding]:
        """Judge what was seen last once more, as seen at `at` (UTC)."""
        return [] if self._last is None else self._judge(replace(self._last, captured_at=at))

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Hand each judge the look-backs as they are asked for now."""
        for judge in self._judges:
            judge.look_back(orders, sees_clearly=sees_clearly)

    def memory(self) -> WatchMemory:
        """Return what the judges remember."""
        return reduce(WatchMemory.joined, (judge.memory() for judge in self._judges), WatchMemory())

    def recall(self, memory: WatchMemory) -> None:
        """Let each judge go on from its part."""
        for judge in self._judges:
            judge.recall(memory)

    def _judge(self, seen: Seen) -> list[Finding]:
        return [finding for judge in self._judges for finding in judge.see(seen)]


def surface_shares(surfaces: SurfaceMap) -> dict[str, float]:
    """Return the share of the picture (0..1) that each surface of ours covers, as `bare_soil_share`."""
    labels = label(surfaces.probabilities, surfaces.names, surfaces.thresholds)
    counts = np.bincount(labels.ravel(), minlength=len(surfaces.names))
    return {
        f"{name}_share": round(float(count) / labels.size, 4)
        for name, count in zip(surfaces.names, counts, strict=True)
        if name != OTHER
    }
