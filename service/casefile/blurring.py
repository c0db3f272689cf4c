"""Makes people in a picture unrecognisable for good: nothing of their own pixels is left but a few mean colours."""

import cv2
import numpy as np
from numpy.typing import NDArray

from service.casefile.people import Boxes

MARGIN = 0.15
"""How much wider and higher than the box is blurred, on each side, in shares of its width and height."""
LEAST_MARGIN_PX = 3
CELLS_ACROSS, CELLS_DOWN = 3, 7
"""Mean colours left of a person: a head, a seventh of the height, is about one of them."""
SMOOTHING = 0.6
"""Standard deviation of the smoothing, in cells. It hides the cells' edges; what is lost is lost in the means."""


def blur_people(image: NDArray[np.uint8], boxes: Boxes) -> NDArray[np.uint8]:
    """Return a copy of the BGR picture (height, width, 3) uint8 in which everybody in a box (pixels) is blurred."""
    blurred = image.copy()
    height, width = image.shape[:2]
    for left, top, right, bottom in boxes:
        across = max(LEAST_MARGIN_PX, (right - left) * MARGIN)
        down = max(LEAST_MARGIN_PX, (bottom - top) * MARGIN)
        rows = slice(max(0, int(top - down)), min(height, int(np.ceil(bottom + down))))
        columns = slice(max(0, int(left - across)), min(width, int(np.ceil(right + across))))
        blurred[rows, columns] = _means_alone(blurred[rows, columns])
    return blurred


def _means_alone(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if part.size == 0:
        return part
    height, width = part.shape[:2]
    cells = cv2.resize(part, (min(CELLS_ACROSS, width), min(CELLS_DOWN, height)), interpolation=cv2.INTER_AREA)
    spread = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    sigma_x, sigma_y = max(0.5, width / CELLS_ACROSS * SMOOTHING), max(0.5, height / CELLS_DOWN * SMOOTHING)
    smooth = cv2.GaussianBlur(spread, (0, 0), sigmaX=sigma_x, sigmaY=sigma_y, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(smooth, np.uint8)
