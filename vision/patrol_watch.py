"""Watches one camera on patrol: what of its picture is bare soil, net and hoarding, and who is at work there."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from models.classes import OTHER
from models.inference.surfaces import SurfaceMap, label
from vision.watch import Finding, Seen, Sight


class PatrolWatch:
    """Measures surfaces and counts vehicles in each picture; it opens no case by itself."""

    def __init__(self, needs: frozenset[Sight] = frozenset({Sight.SURFACES})) -> None:
        self.needs = needs
        self._figures: dict[str, float] = {}

    @property
    def figures(self) -> Mapping[str, float]:
        """Shares of the picture (0..1) by surface, and the number of vehicles, as seen last."""
        return self._figures

    def see(self, seen: Seen) -> list[Finding]:
        """Measure a new picture."""
        figures: dict[str, float] = {}
        if seen.surfaces is not None:
            figures |= surface_shares(seen.surfaces)
        if seen.vehicles is not None:
            figures["vehicles"] = len(seen.vehicles)
        self._figures = figures
        return []

    def see_unchanged(self, at: datetime) -> list[Finding]:
        """What was measured last still holds."""
        return []


def surface_shares(surfaces: SurfaceMap) -> dict[str, float]:
    """Return the share of the picture (0..1) that each surface of ours covers, as `bare_soil_share`."""
    labels = label(surfaces.probabilities, surfaces.names, surfaces.thresholds)
    counts = np.bincount(labels.ravel(), minlength=len(surfaces.names))
    return {
        f"{name}_share": round(float(count) / labels.size, 4)
        for name, count in zip(surfaces.names, counts, strict=True)
        if name != OTHER
    }
