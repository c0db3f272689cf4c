"""Repaints training pictures: hoardings in any colour, and plants as dry as straw.

Hoardings come in every paint, and what a network has seen in a few it takes for soil in the next; dry grass has the
colour of soil and the texture of grass. Both are in the pictures already, in other colours.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.classes import class_id

LEAST_SHARE = 0.02
"""Of the picture: of less hoarding, or fewer plants, nothing is learned."""
GREEN_FROM = 16.0
"""Excess green 2G - R - B (0..510) from which a pixel whose strongest colour is green is a plant.
Source of the index: Woebbecke et al., Color indices for weed identification, 1995."""
STRAW_HUES = (16, 27)
"""OpenCV hues (0..179) of dry grass, from ochre to yellow."""


def with_other_paint(
    image: NDArray[np.uint8], mask: NDArray[np.uint8], random: np.random.Generator
) -> NDArray[np.uint8] | None:
    """Return the picture, BGR (height, width, 3), with its hoardings in another paint; None where there are none.

    `mask` (height, width) holds our class numbers. Light and shadow, and so the texture, stay as they are.
    """
    where = mask == class_id("surfaces", "hoarding")
    hue, saturation = int(random.integers(0, 180)), random.uniform(0, 230)
    return _painted(image, where, hue, saturation, random.uniform(0.7, 1.25))


def with_dry_plants(
    image: NDArray[np.uint8], mask: NDArray[np.uint8], random: np.random.Generator
) -> NDArray[np.uint8] | None:
    """Return the same with its plants, as far as they are none of our surfaces, as pale as straw.

    For photographs: the meadows of rendered pictures have no texture that tells them from soil without their green.
    """
    blue, green, red = cv2.split(image.astype(np.float32))
    is_green = (2 * green - red - blue >= GREEN_FROM) & (green >= red) & (green >= blue)
    where = is_green & (mask == class_id("surfaces", "other"))
    hue, saturation = int(random.integers(*STRAW_HUES)), random.uniform(50, 130)
    return _painted(image, where, hue, saturation, random.uniform(1.0, 1.7))


def _painted(
    image: NDArray[np.uint8], where: NDArray[np.bool_], hue: int, saturation: float, gain: float
) -> NDArray[np.uint8] | None:
    """Return the picture in one paint (OpenCV's hue and saturation) where told, as bright as it was times `gain`."""
    if where.mean() < LEAST_SHARE:
        return None
    paint = cv2.cvtColor(np.array([[[hue, round(saturation), 255]]], np.uint8), cv2.COLOR_HSV2BGR)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    coloured = grey[:, :, None] * gain * (paint / max(float(cv2.cvtColor(paint, cv2.COLOR_BGR2GRAY)[0, 0]), 1.0))
    return laid_over(image, np.asarray(coloured, np.float32), where, 0.8)


def laid_over(
    image: NDArray[np.uint8], other: NDArray[np.float32], where: NDArray[np.bool_], softness: float
) -> NDArray[np.uint8]:
    """Return the picture with the other one where told; its edge is so many pixels soft, and gives nothing away."""
    blend = cv2.GaussianBlur(where.astype(np.float32), (0, 0), softness)[:, :, None]
    return np.asarray((image * (1 - blend) + other * blend).clip(0, 255), np.uint8)
