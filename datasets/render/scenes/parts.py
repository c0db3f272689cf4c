"""The numbers that objects carry into the truth picture, and the classes they stand for. Pure."""

import numpy as np
from numpy.typing import NDArray

SKY, SOIL_PART, NET_PART, HOARDING, OTHER, SAND_PART, FALLEN = range(7)
FIRST_THING = 10
"""From here on, each number is one truck, machine, car or person."""

BARE_SOIL, DUST_NET, HOARDING_CLASS, OTHER_CLASS, NOT_JUDGED = 0, 1, 2, 3, 255

CLASS_OF_PART = {
    SOIL_PART: BARE_SOIL,
    NET_PART: DUST_NET,
    HOARDING: HOARDING_CLASS,
    # Whether heaped sand counts as bare soil, and a fallen panel as hoarding, is for the office to say: not judged.
    SAND_PART: NOT_JUDGED,
    FALLEN: NOT_JUDGED,
}


def class_mask(parts: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the class of each pixel from the part it shows."""
    table = np.full(256, OTHER_CLASS, np.uint8)
    for part, class_id in CLASS_OF_PART.items():
        table[part] = class_id
    return table[parts]
