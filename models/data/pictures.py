"""Pictures and masks on disk: decoding them to arrays, upright, with one clear reason where that fails."""

import hashlib
import struct
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow's decoders raise on files that are cut off or made up."""


class BadPicture(Exception):
    """A file that can't be decoded; the text says why."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return the picture as (height, width, 3) RGB, turned upright by its EXIF tag. Raises BadPicture."""
    with _opened(path) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Return a mask's (height, width) class numbers as they stand in the file. Raises BadPicture."""
    with _opened(path) as mask:
        if mask.mode not in ("L", "P"):
            raise BadPicture(f"it needs one 8-bit channel with class numbers, not {mask.mode}")
        return np.asarray(mask)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(path: Path) -> Image.Image:
    """Open and decode wholly, so that a truncated file is found here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(path)
            picture.load()
    except _DECODER_ERRORS as error:
        reason = str(error).replace(str(path), path.name).splitlines()
        raise BadPicture(reason[0] if reason else type(error).__name__) from error
    return picture
