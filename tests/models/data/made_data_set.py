"""Makes small data sets on disk, in our format and as other people have them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def picture(seed: int, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """Return an RGB picture that no other seed has."""
    coarse = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), np.uint8))


def save_picture(path: Path, seed: int, width: int = 64, height: int = 48) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture(seed, width, height)).save(path)
    return path


def save_mask(path: Path, mask: NDArray[np.uint8]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(mask).save(path)
    return path


def save_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def describe(folder: Path, names: Mapping[int, str], more: str = "") -> None:
    listed = ", ".join(f"{number}: {name}" for number, name in names.items())
    save_text(folder / "data.yaml", f"names: {{{listed}}}\n{more}")
