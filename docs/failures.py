"""Draws the rendered test pictures that the surfaces model in production gets most wrong: picture, truth, answer."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.data_set import read_data_set
from models.data.sample import sample_mask
from models.evaluation.measurement import read_bgr
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import Registry

DATA = Path(__file__).parents[1] / "datasets" / "frozen" / "rendered-surfaces"
PICTURE = Path(__file__).parent / "pictures" / "failures-surfaces.jpg"
WORST = 6
COLOURS_BGR = np.array([[40, 100, 200], [60, 170, 60], [200, 110, 40], [110, 110, 110]], np.uint8)
"""Bare soil, dust net, hoarding, other."""
NOT_JUDGED = 255


def main() -> None:
    """Write the picture."""
    model = Registry().load("surfaces")
    segmenter = SurfaceSegmenter(model, threads=1)
    data_set = read_data_set(DATA, contents=False)
    rows = []
    for sample in data_set.samples("test"):
        image = read_bgr(sample)
        truth = sample_mask(sample, data_set.names)
        called = segmenter.segment([image])[0].labels(model.card.thresholds)
        wrong = float(np.mean((called != truth)[truth != NOT_JUDGED]))
        rows.append((wrong, sample.id, np.hstack([image, _painted(truth), _painted(called)])))
    rows.sort(key=lambda row: (-row[0], row[1]))
    cv2.imwrite(str(PICTURE), cv2.resize(np.vstack([row for _, _, row in rows[:WORST]]), None, fx=0.5, fy=0.5))


def _painted(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    painted = COLOURS_BGR[np.minimum(labels, len(COLOURS_BGR) - 1)]
    painted[labels == NOT_JUDGED] = 255
    return painted


if __name__ == "__main__":
    main()
