"""Turns measured counts into the figures that are reported: fits, fairness, ratios, percentiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np


@dataclass(frozen=True)
class Line:
    """A straight line through measurements, and the share of their variance that it explains (r2)."""

    slope: float
    intercept: float
    r2: float


def fit_line(x: Sequence[float], y: Sequence[float]) -> Line:
    """Return the least-squares line. Raises ValueError for fewer than three points, which any line would fit."""
    if len(x) < 3:
        raise ValueError("a fit needs three points")
    slope, intercept = np.polyfit(x, y, 1)
    residue = float(np.sum((np.asarray(y) - (slope * np.asarray(x) + intercept)) ** 2))
    spread = float(np.sum((np.asarray(y) - np.mean(y)) ** 2))
    return Line(float(slope), float(intercept), 1 - residue / spread if spread else 1.0)


def fairness(inspected: Sequence[int]) -> float:
    """Return the least inspected camera's share of the median; 0 where nothing was inspected."""
    middle = median(inspected)
    return min(inspected) / middle if middle else 0.0


def cost_at_rate(cpu_s: float, inspections: int, every_s: float) -> float | None:
    """Return CPU seconds a camera and second if each camera were inspected each `every_s`; None without inspections.

    A reader that falls behind inspects and decodes less: only the cost of an inspection compares.
    """
    return cpu_s / inspections / every_s if inspections else None


def ratio(larger: float | None, smaller: float | None) -> float | None:
    """Return how many times `smaller` goes into `larger`, to three digits; None where one is missing or zero."""
    return float(f"{larger / smaller:.3g}") if larger and smaller else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value that `share` (0..1) of the values do not exceed; None of none."""
    return float(np.quantile(values, share, method="inverted_cdf")) if values else None
