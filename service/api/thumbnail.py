"""Makes small pictures for lists."""

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 256, 144
"""Twice the size that the list shows, for sharp screens."""


@lru_cache(maxsize=512)
def thumbnail(path: Path) -> bytes:
    """Return the JPEG at `path` made small, as JPEG; kept in memory (about 10 KB each), since evidence never changes.

    Raises:
        ValueError: it can't be read as a picture.
    """
    try:
        with Image.open(path, formats=["JPEG"]) as picture:
            picture.draft("RGB", (WIDTH, HEIGHT))  # decodes at an eighth of the size where that is enough
            picture.thumbnail((WIDTH, HEIGHT))
            small = io.BytesIO()
            picture.convert("RGB").save(small, "JPEG", quality=80)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        message = f"{path.name} can't be read as a picture"
        raise ValueError(message) from error
    return small.getvalue()
