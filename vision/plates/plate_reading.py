"""A number plate that was read, and what several views of one truck agree on. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

PixelBox = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture that was read."""


@dataclass(frozen=True)
class PlateReading:
    """What stands on a plate.

    `text` has no spaces and no dots. `confidence` (0..1) is the network's own, the least of the plate's lines; it is
    high also for many wrong readings, so it tells plates apart rather than how likely each is right. Where
    `is_valid_format` is false no plate says `text`, and it must not be shown as one. `views` read it alike.
    """

    text: str
    confidence: float
    bbox_xyxy: PixelBox
    is_valid_format: bool
    views: int = 1


def agree(readings: Sequence[PlateReading]) -> PlateReading | None:
    """Return what most views of one truck, at least two, read alike, else the single best; None without any.

    Readings are taken whole: characters of different views are never mixed. Valid ones go before all others, and of
    equally many views the most confident one decides; it also gives the box and the confidence.
    """
    views = Counter(reading.text for reading in readings)
    best = max(
        readings,
        key=lambda reading: (reading.is_valid_format, views[reading.text], reading.confidence),
        default=None,
    )
    return None if best is None else replace(best, views=views[best.text])
