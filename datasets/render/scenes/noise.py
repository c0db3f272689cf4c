"""Smooth random fields over a grid. Pure."""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]


def smooth(random: np.random.Generator, shape: tuple[int, int], cells: float) -> Field:
    """Return a field (rows, columns) of about 0..1 whose features are `cells` grid cells wide."""
    coarse = (max(3, round(shape[0] / cells) + 3), max(3, round(shape[1] / cells) + 3))
    seeds = random.random(coarse).astype(np.float32)
    return np.asarray(cv2.resize(seeds, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def rough(random: np.random.Generator, shape: tuple[int, int], cells: float, octaves: int = 4) -> Field:
    """Return the sum of ever finer smooth fields (each half as strong), scaled to 0..1."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        total += smooth(random, shape, max(1.0, cells / 2**octave)) / 2**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def share(field: Field, wanted: float) -> NDArray[np.bool_]:
    """Return where the field is highest, so that about `wanted` (0..1) of the grid is true."""
    if wanted <= 0:
        return np.zeros(field.shape, bool)
    return np.asarray(field >= np.quantile(field, 1 - min(wanted, 1.0)), bool)
