"""Lays ground of photographed textures into training pictures: meadows and straw, and soil beside them.

Straw and dry grass have the colours of soil; what tells them apart is their texture, and rendered meadows have none.
Soil is laid in the same way, so that it is the texture and not the laying that a network learns from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.classes import class_id
from models.data.pictures import read_picture
from models.data.sample import NOT_JUDGED
from models.errors import NothingToLearn
from models.training.repainted import laid_over

PLANTS_FOLDER, SOIL_FOLDER = "plants", "soil"
PLANTS_CHANCE = 0.9
"""With every third patch of soil, real soil was found less well and streets were called soil."""
STRAW_CHANCE = 0.5
STRAW_HUES = (14, 28)
"""OpenCV hues (0..179) of dry grass, from ochre to yellow."""
LEAST_SHARE = 0.03
"""Of the picture: of less ground nothing is learned."""
SIDE = 512
"""Pixels of a texture's side."""
MOST_COPIES, LEAST_SIDE = 7, 8
"""How many copies of a texture there are for what is far away, each half as large, and how small they may become."""


@dataclass(frozen=True)
class GroundTextures:
    """Textures that may be laid, each tileable, RGB uint8 (512, 512, 3)."""

    plants: Sequence[NDArray[np.uint8]]
    soil: Sequence[NDArray[np.uint8]]


def read_ground_textures(folder: Path) -> GroundTextures:
    """Read the pictures in `plants/` and `soil/` of a folder.

    Raises:
        NothingToLearn: one of the two holds no picture.
    """
    found = {}
    for name in (PLANTS_FOLDER, SOIL_FOLDER):
        files = sorted(path for path in (folder / name).glob("*") if path.suffix.lower() in {".png", ".jpg", ".jpeg"})
        if not files:
            raise NothingToLearn(folders=str(folder / name), split="train")
        found[name] = [_square(read_picture(path)) for path in files]
    return GroundTextures(found[PLANTS_FOLDER], found[SOIL_FOLDER])


def with_laid_ground(
    image: NDArray[np.uint8], mask: NDArray[np.uint8], textures: GroundTextures, random: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Return the picture, BGR (height, width, 3), and its mask (height, width) with one patch of ground laid.

    Hoardings and nets stay in front of it, and what is not judged stays so. None where too little is left to be seen.
    """
    is_plant = random.random() < PLANTS_CHANCE
    texture = _pick(textures.plants if is_plant else textures.soil, random)
    if is_plant and random.random() < STRAW_CHANCE:
        texture = _dried(texture, random)
    kept = [class_id("surfaces", name) for name in ("dust_net", "hoarding")] + [NOT_JUDGED]
    horizon = random.uniform(-0.6, 0.35)
    where = _patch(mask.shape[:2], horizon, random) & ~np.isin(mask, kept)
    if where.mean() < LEAST_SHARE:
        return None
    ground = _as_lit(_in_perspective(texture, mask.shape[:2], horizon, random), image, random)
    laid = laid_over(image, ground, where, random.uniform(0.5, 1.5))
    new = mask.copy()
    new[where] = class_id("surfaces", "other" if is_plant else "bare_soil")
    return laid, new


def _square(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    side = min(picture.shape[:2])
    return np.asarray(cv2.resize(picture[:side, :side], (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _pick(textures: Sequence[NDArray[np.uint8]], random: np.random.Generator) -> NDArray[np.float32]:
    picked = textures[int(random.integers(len(textures)))]
    return np.ascontiguousarray(np.rot90(picked[:, :, ::-1], int(random.integers(4)))).astype(np.float32)


def _dried(texture: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Return the texture, BGR, in the colours of straw; light and shadow stay."""
    paint = np.array([[[random.integers(*STRAW_HUES), random.integers(40, 140), 255]]], np.uint8)
    colour = cv2.cvtColor(paint, cv2.COLOR_HSV2BGR).astype(np.float32)
    grey = texture.mean(axis=2, keepdims=True)
    mixed = 0.8 * grey * colour / colour.mean() + 0.2 * texture
    return np.asarray(mixed, np.float32)


def _patch(shape: tuple[int, ...], horizon: float, random: np.random.Generator) -> NDArray[np.bool_]:
    """Return where the patch lies (height, width): a strip along a way, or a rounded field, below the horizon."""
    height, width = shape[0], shape[1]
    top = max(horizon, 0.0) + 0.05
    drawn = np.zeros((height, width), np.uint8)
    if random.random() < 0.5:
        ends = [(random.uniform(-0.2, 1.2), top), (random.uniform(-0.4, 1.4), 1.1)]
        widths = random.uniform(0.05, 0.3), random.uniform(0.3, 1.0)
        (x0, y0), (x1, y1) = ends
        corners = [(x0, y0), (x0 + widths[0], y0), (x1 + widths[1], y1), (x1, y1)]
    else:
        centre = random.uniform(0.1, 0.9), random.uniform(top + 0.1, 1.0)
        angles = np.sort(random.uniform(0, 2 * np.pi, 9))
        radii = random.uniform(0.15, 0.6, 9)
        corners = [
            (centre[0] + r * np.cos(a), max(centre[1] + 0.6 * r * np.sin(a), top))
            for a, r in zip(angles, radii, strict=True)
        ]
    points = np.round(np.array(corners) * (width, height)).astype(np.int32)
    cv2.fillPoly(drawn, [points], 1)
    return drawn.astype(bool)


def _in_perspective(
    texture: NDArray[np.float32], shape: tuple[int, ...], horizon: float, random: np.random.Generator
) -> NDArray[np.float32]:
    """Return the plane that the tiled texture covers, seen by a camera whose horizon lies at this share of the height.

    Far rows are read from a smaller copy of the texture, as a lens would blend them.
    """
    height, width = shape[0], shape[1]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    depth = 1.0 / np.maximum((y / height - horizon), 0.02)  # 1 at the bottom of a picture with its horizon at the top
    tile = random.uniform(0.6, 3.0) * height  # texture pixels between two points that lie one apart at depth 1
    angle = random.uniform(0, np.pi)
    across, along = (x / width - 0.5) * depth, depth
    u = (across * np.cos(angle) - along * np.sin(angle)) * tile
    v = (across * np.sin(angle) + along * np.cos(angle)) * tile
    step = np.maximum(tile * depth / width, tile * depth**2 / height)  # texture pixels from one pixel to the next
    copies = [texture]
    while len(copies) < MOST_COPIES and copies[-1].shape[0] >= 2 * LEAST_SIDE:
        copies.append(
            np.asarray(cv2.resize(copies[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
        )
    level = np.round(np.clip(np.log2(np.maximum(step, 1)), 0, len(copies) - 1)).astype(int)
    ground = np.zeros((height, width, 3), np.float32)
    for number in np.unique(level):
        side = copies[number].shape[0]
        map_x, map_y = (np.asarray(place * side / SIDE % side, np.float32) for place in (u, v))
        seen = cv2.remap(copies[number], map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        ground[level == number] = seen[level == number]
    return ground


def _as_lit(ground: NDArray[np.float32], image: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.float32]:
    """Return the ground about as bright as the lower half of the picture, as pale and soft as by a cheap camera."""
    there = float(image[image.shape[0] // 2 :].mean())
    grey, mean = ground.mean(axis=2, keepdims=True), max(float(ground.mean()), 1.0)
    pale = grey + random.uniform(0.4, 1.0) * (ground - grey)
    soft = 1 + random.uniform(0.4, 1.0) * (pale / mean - 1)
    lit = np.asarray(soft * there * random.uniform(0.7, 1.5), np.float32)
    if random.random() < 0.6:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), float(random.uniform(0.4, 1.6))), np.float32)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 95))]
    _packs, packed = cv2.imencode(".jpg", lit.clip(0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.float32)
