"""Keeps the newest picture in which all was lawful, so that evidence can show what it was like before."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import structlog
from numpy.typing import NDArray
from PIL import Image
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from vision.evidence.durable import replace_durably
from vision.violations import RuleName

log = structlog.get_logger(__name__)

RENEWED_EVERY = timedelta(minutes=10)
"""No picture is replaced sooner."""
JPEG_QUALITY = 92


class _Note(BaseModel):
    """What the JPEG's comment tells: when it was captured (UTC), and what was drawn on the camera's picture then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    captured_at: AwareDatetime
    drawn: str


@dataclass(frozen=True)
class BeforePicture:
    """A JPEG of what it was like before, captured at `captured_at` (UTC)."""

    jpeg: bytes
    captured_at: datetime


class BeforePictures:
    """One camera's pictures, a file a rule: `FOLDER/CAMERA-RULE.jpg`. Used by the thread that judges."""

    def __init__(self, folder: Path, camera_id: str, drawn: Mapping[RuleName, str]) -> None:
        """`drawn` tells what each rule looks at; a picture of when that was another is none of before."""
        self._folder = folder
        self._camera_id = camera_id
        self._drawn = drawn
        self._kept_at: dict[RuleName, datetime] = {}

    def is_due(self, rule: RuleName, at: datetime) -> bool:
        """Tell whether a picture captured at `at` (UTC) is wanted."""
        if rule not in self._drawn:
            return False
        if rule not in self._kept_at and (newest := self.newest(rule)) is not None:
            self._kept_at[rule] = newest.captured_at
        kept_at = self._kept_at.get(rule)
        return kept_at is None or abs(at - kept_at) >= RENEWED_EVERY

    def keep(self, rule: RuleName, image: NDArray[np.uint8], at: datetime) -> None:
        """Put the picture (BGR, captured at `at`, UTC) in the place of the one before. Raises OSError."""
        note = _Note(captured_at=at, drawn=self._drawn[rule]).model_dump_json().encode()
        jpeg = io.BytesIO()
        Image.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)).save(jpeg, "JPEG", quality=JPEG_QUALITY, comment=note)
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_durably(self._path(rule), jpeg.getvalue())
        self._kept_at[rule] = at

    def newest(self, rule: RuleName) -> BeforePicture | None:
        """Return the newest picture; None where there is none, or none of what is drawn now."""
        try:
            jpeg = self._path(rule).read_bytes()
            note = _Note.model_validate_json(Image.open(io.BytesIO(jpeg)).info.get("comment", b""))
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:  # no picture, or not one of ours
            log.warning("before.unreadable", file=str(self._path(rule)), problem=type(error).__name__)
            return None
        return BeforePicture(jpeg, note.captured_at) if note.drawn == self._drawn.get(rule) else None

    def _path(self, rule: RuleName) -> Path:
        return self._folder / f"{self._camera_id}-{rule.value}.jpg"
