"""What a camera makes of a rendered picture, computed: light that drifts, haze, rain, a soft lens, noise. Pure."""

from math import pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render.judged.setup import SetUp
from datasets.render.scenes.views import Weather

Image = NDArray[np.uint8]
"""(height, width, 3), BGR."""
DRIFT = 0.07
"""By how much the light goes up and down, as a share."""
DRIFT_S = (1400.0, 310.0)
"""Seconds a slow and a fast swing take."""
TINT = 0.025
"""By how much blue and red drift against green."""
SOFT = 0.45
HAZE_COLOUR, HAZE = (205.0, 200.0, 195.0), 0.35
"""The haze's colour, and its share at the picture's upper edge; below it thins out."""
RAIN_STREAKS = 160


def seen(image: Image, setup: SetUp, seconds: float) -> Image:
    """Return what the camera sends of a rendered picture at that time of a recording; the same each time."""
    random = np.random.default_rng((setup.seed, round(seconds * 100)))
    made = _haze(image.astype(np.float32)) if setup.weather is Weather.HAZE else image.astype(np.float32)
    made = np.asarray(cv2.GaussianBlur(made, (0, 0), SOFT), np.float32) * _light(setup, seconds)
    if setup.weather is Weather.RAIN:
        made = _rain(made, random)
    made += random.normal(0, setup.noise, made.shape).astype(np.float32)
    return np.asarray(np.clip(made, 0, 255), np.uint8)


def _light(setup: SetUp, seconds: float) -> NDArray[np.float32]:
    slow, fast = (sin(2 * pi * (seconds / period + 0.17 * setup.number)) for period in DRIFT_S)
    gain = 1 + DRIFT * (0.7 * slow + 0.3 * fast)
    return np.array([gain * (1 + TINT * slow), gain, gain * (1 - TINT * slow)], np.float32)


def _haze(image: NDArray[np.float32]) -> NDArray[np.float32]:
    up = np.linspace(1, 0, image.shape[0], dtype=np.float32)[:, None, None]
    weight = HAZE * up**1.5
    return np.asarray(image * (1 - weight) + np.array(HAZE_COLOUR, np.float32) * weight, np.float32)


def _rain(image: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    height, width = image.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    for _ in range(RAIN_STREAKS):
        x, y, long = int(random.integers(width)), int(random.integers(height)), int(random.integers(6, 20))
        cv2.line(layer, (x, y), (x + long // 6, y + long), int(random.integers(60, 170)), 1, cv2.LINE_AA)
    weight = layer[:, :, None].astype(np.float32) * np.float32(0.5 / 255)
    return np.asarray(image * (1 - weight) + 225 * weight, np.float32)
