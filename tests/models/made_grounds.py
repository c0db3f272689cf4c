"""Small made pictures of the ground: soil, dust net, and brown paving, which a model that never saw it calls soil."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.build.draft import Draft, MadeMask
from datasets.build.write import write_data_set

HEIGHT, WIDTH = 96, 128
SOIL, NET, OTHER = 0, 1, 3
Picture = NDArray[np.uint8]


def ground(material: str, seed: int) -> tuple[Picture, NDArray[np.uint8], tuple[int, int, int, int]]:
    """Return a BGR picture with a patch of the material on grey concrete, its mask, and the patch's box in pixels."""
    rng = np.random.default_rng([seed, *material.encode()])
    image = _noise(rng, (150, 152, 150), 7, HEIGHT, WIDTH)
    height, width = int(rng.integers(44, 70)), int(rng.integers(52, 90))
    top, left = int(rng.integers(0, HEIGHT - height)), int(rng.integers(0, WIDTH - width))
    image[top : top + height, left : left + width] = _MATERIALS[material](rng, height, width)
    mask = np.full((HEIGHT, WIDTH), OTHER, np.uint8)
    mask[top : top + height, left : left + width] = {"soil": SOIL, "net": NET, "paving": OTHER}[material]
    light = rng.uniform(0.85, 1.1)
    return np.clip(image * light, 0, 255).astype(np.uint8), mask, (left, top, left + width, top + height)


def write_grounds(folder: Path, seeds: dict[str, Sequence[int]], materials: Sequence[str] = ("soil", "net")) -> Path:
    """Write a data set in our format, its seeds by split, one picture a seed and material."""
    pictures = folder.with_name(f"{folder.name}-pictures")
    pictures.mkdir()
    drafts = []
    for split, its in seeds.items():
        for seed in its:
            for material in materials:
                image, mask, _ = ground(material, seed)
                name = f"{material}-{seed}"
                cv2.imwrite(str(pictures / f"{name}.png"), image)
                drafts.append(
                    Draft(
                        name,
                        split,
                        "rendered",
                        name,
                        name,
                        "made",
                        pictures / f"{name}.png",
                        MadeMask(lambda m=mask: m),
                    )
                )
    folder.mkdir()
    written = write_data_set(folder, "surfaces", drafts, lambda: None)
    assert not written.problems
    return folder


def _soil(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Brown clods of all sizes."""
    coarse = cv2.resize(rng.normal(0, 16, (height // 6 + 1, width // 6 + 1)), (width, height))
    return _noise(rng, (62, 92, 128), 9, height, width) + coarse[..., None]


def _net(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """Green, with fine threads."""
    image = _noise(rng, (70, 125, 60), 8, height, width)
    image[::3] *= 0.75
    image[:, ::3] *= 0.75
    return image


def _paving(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """As brown as soil, but bricks with dark joints."""
    image = _noise(rng, (62, 92, 128), 9, height, width)
    for row in range(0, height, 8):
        image[row : row + 2] *= 0.55
        for column in range((row // 8 % 2) * 8, width, 16):
            image[row : row + 8, column : column + 2] *= 0.55
    return image


def _noise(
    rng: np.random.Generator, bgr: tuple[int, int, int], spread: float, height: int, width: int
) -> NDArray[np.float64]:
    return np.array(bgr) + rng.normal(0, 5, 3) + rng.normal(0, spread, (height, width, 3))


_MATERIALS = {"soil": _soil, "net": _net, "paving": _paving}
