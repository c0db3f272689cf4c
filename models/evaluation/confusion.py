"""Confusion matrices of pixels or pictures, and the rates that are read off them.

A matrix has a row for each class that is there (truth) and a column for each that is called, both int64 counts. A rate
whose denominator is zero is None: nothing was there to be right or wrong about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Rates:
    """How well one class is told: shares between 0 and 1."""

    iou: float | None
    precision: float | None
    recall: float | None
    f1: float | None


def count_pairs(truth: NDArray[np.uint8], called: NDArray[np.uint8], rows: int, columns: int) -> Counts:
    """Count how often each class (row) was called each (column); truth of `rows` and above is left out."""
    judged = truth < rows
    pairs = truth[judged].astype(np.int64) * columns + called[judged]
    return np.bincount(pairs, minlength=rows * columns).reshape(rows, columns)


def fold_foreign(matrix: Counts, into: int | None) -> Counts:
    """Return a square matrix: the rows after the last column count for the row `into`, or not at all if None."""
    columns = matrix.shape[1]
    square = matrix[:columns].copy()
    if into is not None:
        square[into] += matrix[columns:].sum(axis=0)
    return square


def rates(matrix: Counts, index: int) -> Rates:
    """Return the rates of one class of a square matrix. IoU (Jaccard) is hits / (hits + misses + false alarms)."""
    hits = int(matrix[index, index])
    there, called = int(matrix[index].sum()), int(matrix[:, index].sum())
    return Rates(
        iou=share(hits, there + called - hits),
        precision=share(hits, called),
        recall=share(hits, there),
        f1=share(2 * hits, there + called),
    )


def false_alarm_share(matrix: Counts, index: int) -> float | None:
    """Return the share of what is not of the class (all other rows) that was called the class."""
    elsewhere = np.delete(matrix, index, axis=0)
    return share(int(elsewhere[:, index].sum()), int(elsewhere.sum()))


def false_alarms_by_name(matrix: Counts, index: int, names: Mapping[int, str]) -> dict[str, float]:
    """Return, for each other class that is there at all, the share of it that was called the class."""
    found = {}
    for row, name in names.items():
        called = share(int(matrix[row, index]), int(matrix[row].sum()))
        if row != index and called is not None:
            found[name] = called
    return found


def mean_of(values: Sequence[float | None]) -> float | None:
    """Return the mean of the values that there are."""
    present = [value for value in values if value is not None]
    return sum(present) / len(present) if present else None


def share(part: float, whole: float) -> float | None:
    """Return part / whole, or None where there is no whole."""
    return part / whole if whole else None
