"""Draws number plates of Chinese lorries onto pictures, as far off and as badly seen as asked for.

They are drawn in our own font, not in the type of GA 36, so figures from them tell how size and blur matter rather
than how well real plates are read.
"""

import string
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vision.evidence.annotate import FONT_PATH
from vision.plates.plate_format import LARGE_NEW_ENERGY_LETTERS, LETTERS, PROVINCES

BgrImage = NDArray[np.uint8]
"""A picture (height, width, 3), blue, green, red."""
SCALE = 2
"""Pixels a millimetre at which plates are drawn before they are made small."""
FRONT_MM, REAR_MM, NEW_ENERGY_MM = (440, 140), (440, 220), (480, 140)
"""Width and height: a lorry's plates in front (one line) and at the back (two lines), and the long new-energy one."""
YELLOW, YELLOW_GREEN, BLACK = (250, 190, 20), (120, 200, 90), (15, 15, 15)
"""Red, green, blue."""


@dataclass(frozen=True)
class Seen:
    """How a plate is seen: its width in pixels, blur (sigma, pixels), noise (sigma, grey levels) and JPEG quality."""

    width_px: int
    blur_px: float = 0.6
    noise: float = 4.0
    jpeg_quality: int = 80
    turned_deg: float = 0.0


def random_text(random: np.random.Generator, *, new_energy: bool = False) -> str:
    """Return a plate's text that GA 36 allows, of a lorry."""
    digits = [*string.digits]
    head = random.choice([*PROVINCES]) + random.choice([*LETTERS])
    if new_energy:
        return str(head + "".join(random.choice(digits, 5)) + random.choice([*LARGE_NEW_ENERGY_LETTERS]))
    serial = [str(character) for character in random.choice(digits, 5)]
    for place in random.choice(5, random.integers(0, 3), replace=False):
        serial[place] = str(random.choice([*LETTERS]))
    return str(head + "".join(serial))


def draw_plate(text: str, *, two_lines: bool = False) -> BgrImage:
    """Return the plate upright, sharp and large: black on yellow, or on yellow-green for eight characters."""
    is_new_energy = len(text) == 8
    width, height = NEW_ENERGY_MM if is_new_energy else (REAR_MM if two_lines else FRONT_MM)
    size = (width * SCALE, height * SCALE)
    image = Image.new("RGB", size, YELLOW_GREEN if is_new_energy else YELLOW)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([6, 6, size[0] - 7, size[1] - 7], radius=16, outline=BLACK, width=4)
    if two_lines:
        _line(draw, text[:2], (110, 330), (20, 85))
        _dot(draw, (220, 52))
        _line(draw, text[2:], (25, 415), (95, 205))
    else:
        parting = 16 + (width - 50) * 2 / len(text)
        _line(draw, text[:2], (16, parting), (25, height - 25))
        _dot(draw, (parting + 9, height / 2))
        _line(draw, text[2:], (parting + 18, width - 16), (25, height - 25))
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def put_on(picture: BgrImage, plate: BgrImage, centre_xy: tuple[float, float], seen: Seen) -> BgrImage:
    """Return a copy of the picture with the plate at `centre_xy` (pixels), both seen as badly as `seen` says."""
    scale = seen.width_px / plate.shape[1]
    small = cv2.resize(plate, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    turn = np.array(cv2.getRotationMatrix2D((width / 2, height / 2), seen.turned_deg, 1.0), np.float64)
    turn[:, 2] += np.array(centre_xy) - np.array([width, height]) / 2
    size = (picture.shape[1], picture.shape[0])
    moved = cv2.warpAffine(small, turn, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.full((height, width), 255, np.uint8), turn, size, flags=cv2.INTER_LINEAR)
    share = inside[..., None].astype(np.float32) / 255
    return (picture * (1 - share) + moved * share).astype(np.uint8)


def worsen(picture: BgrImage, seen: Seen, random: np.random.Generator) -> BgrImage:
    """Return the picture blurred, noisy, and through JPEG."""
    soft = cv2.GaussianBlur(picture, (0, 0), seen.blur_px) if seen.blur_px > 0 else picture
    noisy = np.clip(soft + random.normal(0, seen.noise, soft.shape), 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, seen.jpeg_quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if decoded is None:
        raise RuntimeError("a JPEG that was just made can't be read")
    return decoded.astype(np.uint8, copy=False)


def _line(draw: ImageDraw.ImageDraw, text: str, across_mm: tuple[float, float], down_mm: tuple[float, float]) -> None:
    """Draw the characters next to each other, each as high as the line and as wide as its share of it."""
    cell = (across_mm[1] - across_mm[0]) / len(text) * SCALE
    top, bottom = down_mm[0] * SCALE, down_mm[1] * SCALE
    font = ImageFont.truetype(str(FONT_PATH), int((bottom - top) * 1.2))
    for place, character in enumerate(text):
        left, upper, right, lower = font.getbbox(character)
        glyph = Image.new("L", (max(1, int(right - left)), max(1, int(lower - upper))))
        ImageDraw.Draw(glyph).text((-left, -upper), character, font=font, fill=255, stroke_width=3, stroke_fill=255)
        width = min(int(cell * 0.82), int((right - left) * (bottom - top) / (lower - upper)))
        glyph = glyph.resize((width, int(bottom - top)))
        x = across_mm[0] * SCALE + cell * place + (cell - width) / 2
        draw.bitmap((int(x), int(top)), glyph, fill=BLACK)


def _dot(draw: ImageDraw.ImageDraw, at_mm: tuple[float, float]) -> None:
    x, y = at_mm[0] * SCALE, at_mm[1] * SCALE
    draw.ellipse([x - 10, y - 10, x + 10, y + 10], fill=BLACK)
