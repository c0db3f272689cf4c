"""Pictures of nothing, from which a surfaces model learns that an even picture shows none of its surfaces.

A covered or fogged lens, a washed-out sky at night, a picture before the first keyframe: a network that never saw such
calls them what is evenest among what it knows, a hoarding.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 360


def draw_blank(number: int) -> NDArray[np.uint8]:
    """Return the blank picture of a number, BGR (360, 640, 3): one grey or tint, shaded and grained."""
    random = np.random.default_rng((number, 17))
    tint = random.uniform(0, 255) + random.normal(0, 18, 3) * (random.random() < 0.6)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    angle = random.uniform(0, 2 * np.pi)
    slope = (x / WIDTH - 0.5) * np.cos(angle) + (y / HEIGHT - 0.5) * np.sin(angle)
    shade = slope * random.choice([0.0, random.uniform(0, 120)])
    grain = random.normal(0, 1, (HEIGHT, WIDTH, 3)) * random.choice([0.0, random.uniform(0, 60)])
    if random.random() < 0.5:
        grain = cv2.GaussianBlur(grain, (0, 0), float(random.uniform(0.5, 12)))
    return np.asarray(np.clip(tint + shade[:, :, None] + grain, 0, 255), np.uint8)
