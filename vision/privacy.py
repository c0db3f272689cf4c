"""Privacy: areas such as a neighbour's windows, painted over in every picture that leaves for people's eyes.

Paint hides for good, which a blur does not. The networks see the picture as it is; nothing of it is kept.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from streams.frames import BgrImage
from vision.evidence.annotate import Colour, Mark
from vision.geometry import RelativePoint, Zone

PAINT: Colour = (72, 72, 72)
PRIVACY_COLOUR: Colour = (200, 160, 255)
EDGE_PX = 3
"""Width of the outline that is painted too, so that no pixel is left over that the area's edge cuts."""


def paint_over(image: BgrImage, areas: Sequence[Zone]) -> BgrImage:
    """Return the picture with the areas painted over; the given one is left as it is."""
    if not areas:
        return image
    height, width = image.shape[:2]
    outlines = [np.rint(np.array(area.points) * (width, height)).astype(np.int32) for area in areas]
    painted = image.copy()
    for outline in outlines:  # one by one: filled together, areas would be left out where they overlap
        cv2.fillPoly(painted, [outline], PAINT[::-1])
        cv2.polylines(painted, [outline], isClosed=True, color=PAINT[::-1], thickness=EDGE_PX)
    return painted


def privacy_zones(areas: Sequence[Zone]) -> dict[str, list[RelativePoint]]:
    """Return the areas as evidence names them: `privacy_1` and so on."""
    return {f"privacy_{number}": list(area.points) for number, area in enumerate(areas, 1)}


def privacy_marks(areas: Sequence[Zone]) -> list[Mark]:
    """Return labels for the areas."""
    return [Mark(area.points, "隐私 privacy", PRIVACY_COLOUR) for area in areas]
