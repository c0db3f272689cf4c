"""Pictures and masks on disk: decoding them to arrays, upright, with one clear reason where that fails."""

import hashlib
import struct
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from models.errors import ModelError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


_FIRST_SIDEWAYS = 5
"""EXIF orientations from here on swap width and height."""
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


class BadPicture(ModelError):
    """A picture or mask that can't be decoded."""

    template = "{path} can't be used: {detail}"

    @property
    def detail(self) -> str:
        """Why, without the file's name."""
        return self.params["detail"]


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return the picture as (height, width, 3) RGB, turned upright by its EXIF tag. Raises BadPicture."""
    with _opened(path) as picture:
        return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"))


def picture_size(path: Path) -> tuple[int, int]:
    """Return the upright picture's width and height without decoding it. Raises BadPicture."""
    try:
        with Image.open(path) as picture:
            turned = picture.getexif().get(ExifTags.Base.Orientation, 1) >= _FIRST_SIDEWAYS
            return (picture.height, picture.width) if turned else picture.size
    except _DECODER_ERRORS as error:
        raise _bad(path, error) from error


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Return a mask's (height, width) class numbers as they stand in the file. Raises BadPicture."""
    with _opened(path) as mask:
        if mask.mode not in ("L", "P"):
            raise BadPicture(path=path, detail=f"a mask needs one 8-bit channel with class numbers, not {mask.mode}")
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
        raise _bad(path, error) from error
    return picture


def _bad(path: Path, error: Exception) -> BadPicture:
    reason = str(error).replace(str(path), path.name).splitlines()
    return BadPicture(path=path, detail=reason[0] if reason else type(error).__name__)
