"""Makes what somebody attaches to a case harmless: pictures are drawn anew without metadata, papers are PDF alone."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from service.domain.cases import EvidenceItem
from service.errors import NotAttachable, PictureUnreadable

MOST_BYTES = 20 << 20
MOST_PIXELS = 60_000_000
"""More than any phone's camera has; a small file may unpack to more than the memory holds."""
LONGEST_SIDE = 3072
QUALITY = 88
PICTURES = ("JPEG", "PNG", "WEBP")
PDF_HEAD = b"%PDF-"


@dataclass(frozen=True)
class Attachment:
    """A file as it is kept, and what the case's history tells of it."""

    item: EvidenceItem
    content: bytes


def make_attachment(title: str, content: bytes) -> Attachment:
    """Return what is kept of an uploaded file; `title` is its name without an ending, as people are to read it.

    Pictures become JPEG, upright, without any metadata, with a longest side of `LONGEST_SIDE` pixels at most.

    Raises:
        NotAttachable: it is neither a picture (JPEG, PNG, WebP) nor a PDF.
        PictureUnreadable: the picture is damaged, or far too large.
    """
    if content.startswith(PDF_HEAD):
        return _kept(f"{title}.pdf", "application/pdf", content)
    return _kept(f"{title}.jpg", "image/jpeg", _redrawn(content))


def _kept(name: str, media_type: str, content: bytes) -> Attachment:
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(EvidenceItem(name, "attachment", media_type, len(content), digest), content)


def _redrawn(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _unreadable()
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except UnidentifiedImageError as error:
        raise NotAttachable from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _unreadable() from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = io.BytesIO()
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _unreadable() -> PictureUnreadable:
    return PictureUnreadable(most=MOST_PIXELS // 1_000_000)
