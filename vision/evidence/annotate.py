"""Draws what was judged onto a picture: box, zones, line, and a caption in Chinese and English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vision.geometry import BboxXyxy

FONT_PATH = Path(__file__).parent / "fonts" / "NotoSansCJKsc-GBK.otf"
Colour = tuple[int, int, int]
"""Red, green, blue."""
BOX_COLOUR: Colour = (255, 64, 64)
ZONE_COLOUR: Colour = (64, 200, 255)
LINE_COLOUR: Colour = (255, 210, 0)
CAPTION_GROUND: Colour = (24, 28, 36)
CAPTION_COLOUR: Colour = (245, 245, 245)


@dataclass(frozen=True)
class Mark:
    """Something drawn on the picture: points in relative coordinates, with a label beside it.

    Two points make a line, more make a closed outline. An arrow points from the line's middle to `arrow_to`.
    """

    points: Sequence[tuple[float, float]]
    label: str
    colour: Colour
    arrow_to: tuple[float, float] | None = None


def box_mark(bbox_xyxy: BboxXyxy, label: str) -> Mark:
    """Return the outline of a relative box."""
    left, top, right, bottom = bbox_xyxy
    return Mark([(left, top), (right, top), (right, bottom), (left, bottom)], label, BOX_COLOUR)


def both_times(moment: datetime, timezone: str) -> str:
    """Return a caption's line of the time at the site (`timezone` is an IANA name) and in UTC."""
    local, utc = moment.astimezone(ZoneInfo(timezone)), moment.astimezone(UTC)
    return f"{local:%Y-%m-%d %H:%M:%S %z} {timezone} · {utc:%Y-%m-%d %H:%M:%S} UTC"


def annotate(image: NDArray[np.uint8], marks: Sequence[Mark], caption: Sequence[str]) -> NDArray[np.uint8]:
    """Return a copy of the BGR picture with the marks on it and the caption's lines in a band above it.

    The band is added, so that the caption hides nothing of the picture.
    """
    height, width = image.shape[:2]
    text_size = max(14, round(height / 36))
    band_height = round(len(caption) * text_size * 1.45 + text_size * 0.8)
    canvas = Image.new("RGB", (width, height + band_height), CAPTION_GROUND)
    picture = Image.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    _draw_marks(picture, marks, text_size)
    canvas.paste(picture, (0, band_height))
    draw = ImageDraw.Draw(canvas)
    for row, text in enumerate(caption):
        place = (text_size * 0.6, text_size * (0.4 + row * 1.45))
        draw.text(place, text, font=_font_to_fit(text, text_size, width - text_size), fill=CAPTION_COLOUR)
    return cv2.cvtColor(np.asarray(canvas), cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def _draw_marks(picture: Image.Image, marks: Sequence[Mark], text_size: int) -> None:
    draw = ImageDraw.Draw(picture)
    stroke = max(2, round(picture.height / 240))
    for mark in marks:
        points = [(x * picture.width, y * picture.height) for x, y in mark.points]
        outline = points if len(points) == 2 else [*points, points[0]]
        draw.line(outline, fill=mark.colour, width=stroke, joint="curve")
        if mark.arrow_to is not None:
            _draw_arrow(
                draw, points, (mark.arrow_to[0] * picture.width, mark.arrow_to[1] * picture.height), mark.colour, stroke
            )
        if mark.label:
            _draw_label(draw, min(points, key=lambda point: point[1]), mark, text_size, picture.size)


def _draw_arrow(
    draw: ImageDraw.ImageDraw,
    line: Sequence[tuple[float, float]],
    towards: tuple[float, float],
    colour: Colour,
    stroke: int,
) -> None:
    start = np.mean(np.array(line), axis=0)
    way = np.array(towards) - start
    length = float(np.hypot(*way)) or 1.0
    tip = start + way / length * min(length, stroke * 14)
    across = np.array([-way[1], way[0]]) / length * stroke * 2.5
    back = tip - way / length * stroke * 5
    draw.line([tuple(start), tuple(back)], fill=colour, width=stroke)
    draw.polygon([tuple(tip), tuple(back + across), tuple(back - across)], fill=colour)


def _draw_label(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], mark: Mark, text_size: int, picture_size: tuple[int, int]
) -> None:
    font = _font(text_size)
    left, top, right, bottom = draw.textbbox((0, 0), mark.label, font=font)
    width, height = right - left + text_size * 0.5, bottom - top + text_size * 0.4
    x = min(max(0.0, at[0]), picture_size[0] - width)
    y = at[1] - height if at[1] >= height else at[1]
    draw.rectangle([x, y, x + width, y + height], fill=mark.colour)
    draw.text((x + text_size * 0.25 - left, y + text_size * 0.2 - top), mark.label, font=font, fill=(0, 0, 0))


def _font_to_fit(text: str, size: int, width: float) -> ImageFont.FreeTypeFont:
    length = _font(size).getlength(text)
    return _font(size if length <= width else max(9, int(size * width / length)))


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT_PATH), size)
