"""A contact sheet: many samples on one picture with what is labelled on them, to be checked by eye."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.classes import class_id, classes_of
from models.data.data_set import DataSet
from models.data.pictures import read_picture
from models.data.records import Split
from models.data.sample import NOT_JUDGED, Sample, sample_boxes, sample_mask

Colour = tuple[int, int, int]
"""Red, green, blue."""
PALETTE: tuple[Colour, ...] = (
    (230, 110, 30),
    (40, 200, 90),
    (60, 130, 255),
    (160, 160, 160),
    (150, 75, 0),
    (250, 220, 40),
    (60, 220, 230),
    (150, 90, 220),
)
NOT_JUDGED_COLOUR: Colour = (255, 0, 255)
GROUND: Colour = (250, 250, 250)
INK: Colour = (30, 30, 30)

TILE_WIDTH, TILE_HEIGHT = 384, 288
CAPTION_HEIGHT = 24
TEXT_SIZE = 15
MARGIN = 8
_TINT = 0.45
_OTHER = class_id("surfaces", "other")


@dataclass(frozen=True)
class _Tile:
    picture: Image.Image
    caption: str
    shown: frozenset[int]
    """The classes' numbers that are drawn."""


def choose_samples(
    data_set: DataSet, count: int, seed: int, split: Split | None = None, class_name: str | None = None
) -> list[Sample]:
    """Draw up to `count` samples at random, those with the class alone if one is named; in the data set's order.

    Raises KeyError for a class that the data set doesn't know, and what reading a sample raises.
    """
    samples = list(data_set.samples(split))
    shuffled = random.Random(seed).sample(samples, len(samples))  # noqa: S311 - a choice of pictures is no secret
    if class_name is not None:
        wanted = {name: number for number, name in data_set.names.all.items()}[class_name]
        shuffled = _first_showing(shuffled, data_set, wanted, count)
    return sorted(shuffled[:count], key=samples.index)


def _first_showing(samples: Sequence[Sample], data_set: DataSet, wanted: int, count: int) -> list[Sample]:
    found: list[Sample] = []
    for sample in samples:
        if len(found) == count:
            break
        if wanted in _tile(sample, data_set, None).shown:
            found.append(sample)
    return found


def draw_contact_sheet(data_set: DataSet, samples: Sequence[Sample], font_path: Path) -> Image.Image:
    """Return the samples in rows, each with its labels, its split and its name; below them the classes' colours.

    The font has to know Chinese. Raises what reading a sample raises.
    """
    font = ImageFont.truetype(str(font_path), TEXT_SIZE)
    tiles = [_tile(sample, data_set, font) for sample in samples]
    columns = max(1, round(len(tiles) ** 0.5 * 0.9))
    rows = -(-len(tiles) // columns)
    shown = {number for tile in tiles for number in tile.shown}
    if data_set.task == "surfaces":
        shown.discard(_OTHER)  # has no colour
    legend = _legend(data_set, sorted(shown), columns * TILE_WIDTH, font)
    sheet = Image.new("RGB", (columns * TILE_WIDTH, rows * (TILE_HEIGHT + CAPTION_HEIGHT) + legend.height), GROUND)
    draw = ImageDraw.Draw(sheet)
    for index, tile in enumerate(tiles):
        left = index % columns * TILE_WIDTH
        top = index // columns * (TILE_HEIGHT + CAPTION_HEIGHT)
        draw.text((left + MARGIN, top + 2), _cut_to_tile(tile.caption, font), font=font, fill=INK)
        sheet.paste(tile.picture, (left + (TILE_WIDTH - tile.picture.width) // 2, top + CAPTION_HEIGHT))
    sheet.paste(legend, (0, sheet.height - legend.height))
    return sheet


def _cut_to_tile(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= TILE_WIDTH - 2 * MARGIN:
        return text
    while font.getlength(f"{text}…") > TILE_WIDTH - 2 * MARGIN:
        text = text[:-1]
    return f"{text}…"


def _tile(sample: Sample, data_set: DataSet, font: ImageFont.FreeTypeFont | None) -> _Tile:
    picture = read_picture(sample.picture)
    caption = f"{sample.split or '-'}  {sample.id}"
    if data_set.task == "surfaces":
        mask = sample_mask(sample, data_set.names)
        return _Tile(_fitted(_tinted(picture, mask)), caption, frozenset(np.unique(mask).tolist()))
    fitted = _fitted(picture)
    draw = ImageDraw.Draw(fitted)
    if data_set.task == "mud":
        number = sample.class_id or 0
        draw.rectangle((0, 0, fitted.width - 1, fitted.height - 1), outline=colour_of(number), width=5)
        return _Tile(fitted, f"{caption}  {_bilingual(data_set, number)}", frozenset({number}))
    boxes = sample_boxes(sample, data_set.names)
    for box in boxes:
        left, top, right, bottom = box.bbox_xyxy
        corners = (left * fitted.width, top * fitted.height, right * fitted.width - 1, bottom * fitted.height - 1)
        draw.rectangle(corners, outline=colour_of(box.class_id), width=2)
        if font is not None:
            _name_box(draw, corners, _bilingual(data_set, box.class_id), colour_of(box.class_id), font)
    return _Tile(fitted, caption, frozenset(box.class_id for box in boxes))


def _name_box(
    draw: ImageDraw.ImageDraw,
    corners: tuple[float, float, float, float],
    name: str,
    colour: Colour,
    font: ImageFont.FreeTypeFont,
) -> None:
    place = (corners[0] + 2, max(0.0, corners[1] - TEXT_SIZE - 4))
    draw.rectangle(draw.textbbox(place, name, font=font), fill=colour)
    draw.text(place, name, font=font, fill=INK)


def _tinted(picture: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay the classes' colours over the picture; "other" stays clear, so that the picture is seen."""
    mixed = picture.astype(np.float32)
    for number in np.unique(mask).tolist():
        if number != _OTHER:
            area = mask == number
            mixed[area] = (1 - _TINT) * mixed[area] + _TINT * np.array(colour_of(number), np.float32)
    return mixed.astype(np.uint8)


def _fitted(picture: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(picture)
    scale = min((TILE_WIDTH - 4) / image.width, (TILE_HEIGHT - 4) / image.height)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def _legend(data_set: DataSet, numbers: Sequence[int], width: int, font: ImageFont.FreeTypeFont) -> Image.Image:
    entries = [(colour_of(number), _bilingual(data_set, number)) for number in numbers]
    line_height = TEXT_SIZE + 2 * MARGIN
    places, left, top = [], MARGIN, MARGIN // 2
    for _, text in entries:
        needed = TEXT_SIZE + MARGIN + round(font.getlength(text)) + 2 * MARGIN
        if left > MARGIN and left + needed > width:
            left, top = MARGIN, top + line_height
        places.append((left, top))
        left += needed
    legend = Image.new("RGB", (width, top + line_height), GROUND)
    draw = ImageDraw.Draw(legend)
    for (colour, text), (x, y) in zip(entries, places, strict=True):
        draw.rectangle((x, y + 4, x + TEXT_SIZE, y + 4 + TEXT_SIZE), fill=colour, outline=INK)
        draw.text((x + TEXT_SIZE + MARGIN, y), text, font=font, fill=INK)
    return legend


def _bilingual(data_set: DataSet, number: int) -> str:
    if number == NOT_JUDGED and data_set.task == "surfaces":
        return "不评判 not judged"
    learnt = classes_of(data_set.task).get(number)
    return f"{learnt.zh} {learnt.name}" if learnt is not None else data_set.names.foreign[number]


def colour_of(number: int) -> Colour:
    """Return the colour of a class."""
    return NOT_JUDGED_COLOUR if number == NOT_JUDGED else PALETTE[number % len(PALETTE)]
