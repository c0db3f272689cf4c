"""Chooses, on a validation split, the score from which on a class is believed.

The same data give the same threshold: of those that do best, the one nearest to 0.5, and the lower of two as near.
"""

import numpy as np
from numpy.typing import NDArray

CANDIDATES: NDArray[np.float32] = np.round(np.linspace(0.05, 0.95, 91), 2).astype(np.float32)
"""The thresholds tried: 0.05, 0.06, ... 0.95."""
MIDDLE = 0.5


class ThresholdSweep:
    """Counts hits and false alarms of one class at every candidate threshold, over any number of pictures."""

    def __init__(self) -> None:
        self._right = np.zeros(len(CANDIDATES) + 1, np.int64)
        self._wrong = np.zeros(len(CANDIDATES) + 1, np.int64)
        self._there = 0

    def add(self, scores: NDArray[np.float32], is_there: NDArray[np.bool_], missed: int = 0) -> None:
        """Add what may be called the class: scores (n,) and whether each is right (n,).

        `missed` counts what is of the class and can't be called it at any threshold.
        """
        reached = np.searchsorted(CANDIDATES, scores, side="right")
        self._right += np.bincount(reached[is_there], minlength=len(self._right))
        self._wrong += np.bincount(reached[~is_there], minlength=len(self._wrong))
        self._there += int(is_there.sum()) + missed

    def best_by_iou(self) -> float | None:
        """Return the threshold with the best IoU; None where the class is nowhere."""
        hits, false = self._at_candidates()
        return self._best(hits / np.maximum(self._there + false, 1))

    def best_by_f1(self) -> float | None:
        """Return the threshold with the best F1 score; None where the class is nowhere."""
        hits, false = self._at_candidates()
        return self._best(2 * hits / np.maximum(self._there + hits + false, 1))

    def _at_candidates(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return hits and false alarms at each candidate: what reached this one or a later one."""
        return self._right[::-1].cumsum()[::-1][1:], self._wrong[::-1].cumsum()[::-1][1:]

    def _best(self, values: NDArray[np.float64]) -> float | None:
        if not self._there:
            return None
        best = np.flatnonzero(values >= values.max() - 1e-12)
        nearest = best[np.abs(CANDIDATES[best] - MIDDLE).argmin()]
        return round(float(CANDIDATES[nearest]), 2)
