"""A camera's newest inspected picture, small and as JPEG, for people who want to see what it sees."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from streams.frames import Frame

WIDTH = 1280
"""Pixels across, at most."""
QUALITY = 80
LEAST_APART = timedelta(seconds=2)
"""Encoding takes some milliseconds of the engine's time, so not every picture of a gate is encoded."""


@dataclass(frozen=True)
class Shown:
    """A picture as JPEG, private areas painted over, captured at `captured_at` (UTC)."""

    jpeg: bytes
    captured_at: datetime


class ShownPicture:
    """Keeps the newest one. Written by the engine, read by any thread."""

    def __init__(self) -> None:
        self._newest: Shown | None = None
        self._lock = threading.Lock()

    @property
    def newest(self) -> Shown | None:
        """The newest picture that was kept, None before there is one."""
        with self._lock:
            return self._newest

    def see(self, frame: Frame) -> None:
        """Keep a picture that people may see, unless the one that is kept is hardly older."""
        before = self.newest
        if before is not None and timedelta(0) <= frame.captured_at - before.captured_at < LEAST_APART:
            return
        jpeg = _encoded(frame)
        if jpeg is not None:
            with self._lock:
                self._newest = Shown(jpeg, frame.captured_at)


def _encoded(frame: Frame) -> bytes | None:
    image = frame.image
    height, width = image.shape[:2]
    if width > WIDTH:
        size = (WIDTH, max(1, round(height * WIDTH / width)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return encoded.tobytes() if done else None
