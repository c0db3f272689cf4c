"""A rendered truck with a plate drawn onto it."""

import numpy as np

from benchmarks.drawn_plates import BgrImage, Seen, draw_plate, put_on, worsen

SEEN = Seen(width_px=140)


def with_plate(truck: BgrImage, text: str, *, two_lines: bool = False, seen: Seen = SEEN) -> BgrImage:
    """Return the truck's picture with a plate in its middle, 60 % down."""
    height, width = truck.shape[:2]
    plate = draw_plate(text, two_lines=two_lines)
    return worsen(put_on(truck, plate, (width / 2, height * 0.6), seen), seen, np.random.default_rng(3))
