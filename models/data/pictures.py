"""Pictures and masks on disk: decoding them to arrays, upright, with one clear reason where that fails."""

import hashlib
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from models.errors import ModelError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


Result = TypeVar("Result")

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
    return _decoded(path, lambda picture: np.asarray(ImageOps.exif_transpose(picture).convert("RGB")))


def picture_size(path: Path) -> tuple[int, int]:
    """Return the upright picture's width and height without decoding it. Raises BadPicture."""
    return _decoded(path, _upright_size)


def read_mask(path: Path) -> NDArray[np.uint8]:
    """Return a mask's (height, width) class numbers as they stand in the file. Raises BadPicture."""

    def numbers(mask: Image.Image) -> NDArray[np.uint8]:
        if mask.mode not in ("L", "P"):
            raise BadPicture(path=path, detail=f"a mask needs one 8-bit channel with class numbers, not {mask.mode}")
        return np.asarray(mask)

    return _decoded(path, numbers)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _upright_size(picture: Image.Image) -> tuple[int, int]:
    is_sideways = picture.getexif().get(ExifTags.Base.Orientation, 1) >= _FIRST_SIDEWAYS
    return (picture.height, picture.width) if is_sideways else picture.size


def _decoded(path: Path, read: Callable[[Image.Image], Result]) -> Result:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong is told once, by the error
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                return read(picture)
    except _DECODER_ERRORS as error:
        reason = str(error).replace(str(path), path.name).splitlines()
        raise BadPicture(path=path, detail=reason[0] if reason else type(error).__name__) from error
