"""Copies of evidence pictures in which people are blurred; the originals stay as they are, sealed."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.evidence.annotate import annotate

JPEG_QUALITY = 88
KNOWN_LIMIT = "车窗内的人员无法识别，未作处理"
"""Said on each copy: who sits behind a windscreen is not found, and windscreens are left as they are."""


@dataclass(frozen=True)
class RedactedPicture:
    """A copy of a picture; `image` is BGR (height, width, 3) uint8, `people` how many were found and blurred in it."""

    image: NDArray[np.uint8]
    people: int

    @property
    def told(self) -> str:
        """What was done to it, in Chinese."""
        return f"识别到人员 {self.people} 处，已打码" if self.people else "未识别到人员，画面未改动"


def decode_picture(content: bytes) -> NDArray[np.uint8] | None:
    """Return the picture in a JPEG's bytes as BGR (height, width, 3) uint8; None when there is none in them."""
    try:
        image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if image is None else np.asarray(image, np.uint8)


def encode_picture(image: NDArray[np.uint8], widest: int | None = None) -> bytes:
    """Return the BGR picture as JPEG, made smaller where it is wider than `widest` pixels."""
    height, width = image.shape[:2]
    if widest is not None and width > widest:
        size = (widest, max(1, round(height * widest / width)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    _, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return content.tobytes()


def copy_to_hand_out(picture: RedactedPicture, name: str, sha256: str) -> bytes:
    """Return the redacted picture as a JPEG that says in a band above it what it is a copy of."""
    lines = [
        f"副本 COPY · {picture.told} · {KNOWN_LIMIT}",
        f"原件 original {name}  SHA-256 {sha256}",
    ]
    return encode_picture(annotate(picture.image, [], lines))
