"""Reads number plates in pictures of trucks with RapidOCR, whose networks come inside its wheel: no network needed."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision.plates.errors import PlateReaderMissing
from vision.plates.plate_format import is_head, is_serial, kind_of, resembles, tidy
from vision.plates.plate_reading import PixelBox, PlateReading, agree

if TYPE_CHECKING:
    from rapidocr import RapidOCR

BgrImage = NDArray[np.uint8]
"""A picture (height, width, 3), blue, green, red."""
LEAST_CONFIDENCE = 0.8
"""Lines below this are not believed."""
TALL = 0.45
"""Height by width from which a box around a serial holds the plate's upper line too (one line: 0.3, both: 0.5)."""
UPPER_LINE = (0.15, 0.0, 0.85, 0.45)
"""Where the upper line stands in such a box: left, top, right, bottom, of its width and height."""
OPTIONS = {
    "Global.log_level": "error",
    "Global.use_cls": False,  # plates stand upright
    "Global.text_score": 0.5,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # the cores belong to the cameras
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class PlateReader:
    """Finds and reads plates. Not for several threads at once."""

    def __init__(self, ocr: "RapidOCR") -> None:
        """Use `load`, which says what to install."""
        self._ocr = ocr

    @classmethod
    def load(cls) -> "PlateReader":
        """Load the networks. Raises PlateReaderMissing where the extra `plates` is not installed."""
        try:
            from rapidocr import RapidOCR
        except ImportError:
            raise PlateReaderMissing from None
        return cls(RapidOCR(params=OPTIONS))

    def read(self, picture: BgrImage) -> PlateReading | None:
        """Return the plate of the truck that the picture shows; None where nothing in it resembles a plate.

        A text that only resembles a plate is returned when no valid one is there, as not valid.
        """
        if min(picture.shape[:2]) == 0:
            return None
        candidates = [reading for reading in _candidates(self._lines(picture)) if reading is not None]
        return max(candidates, key=lambda reading: (reading.is_valid_format, reading.confidence), default=None)

    def plate_of(self, pictures: Sequence[BgrImage]) -> PlateReading | None:
        """Return what the pictures of one truck agree on (see `agree`)."""
        return agree([reading for picture in pictures if (reading := self.read(picture)) is not None])

    def _lines(self, picture: BgrImage) -> list[PlateReading]:
        """Return all lines of text in the picture, tidied."""
        found = self._ocr(picture, use_det=True, use_cls=False, use_rec=True)  # it keeps what it was told last
        if found.boxes is None or found.txts is None or found.scores is None:
            return []
        lines = [
            PlateReading(tidy(text), float(score), _around(corners), is_valid_format=False)
            for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
        ]
        return [*lines, *(upper for line in lines for upper in self._upper_lines(picture, line))]

    def _upper_lines(self, picture: BgrImage, line: PlateReading) -> list[PlateReading]:
        """Return the upper line of a rear plate both lines of which were found as one, which reads the lower alone."""
        left, top, right, bottom = line.bbox_xyxy
        width, height = right - left, bottom - top
        if not is_serial(line.text) or height < TALL * width:
            return []
        xs = np.clip(np.array(UPPER_LINE[::2]) * width + left, 0, picture.shape[1]).round()
        ys = np.clip(np.array(UPPER_LINE[1::2]) * height + top, 0, picture.shape[0]).round()
        found = self._ocr(
            picture[int(ys[0]) : int(ys[1]), int(xs[0]) : int(xs[1])], use_det=False, use_cls=False, use_rec=True
        )
        box = (float(xs[0]), float(ys[0]), float(xs[1]), float(ys[1]))
        return [
            PlateReading(tidy(text), float(score), box, is_valid_format=False)
            for text, score in zip(found.txts or (), found.scores or (), strict=True)
        ]


def _candidates(lines: Sequence[PlateReading]) -> Iterator[PlateReading | None]:
    """Give each line by itself, and each two that stand as the two parts of a plate do."""
    for line in lines:
        yield _judged(line)
    for head, serial in permutations(lines, 2):
        if is_head(head.text) and (_stands_above(head.bbox_xyxy, serial.bbox_xyxy) or _stands_before(head, serial)):
            confidence = min(head.confidence, serial.confidence)
            box = _around(np.array([head.bbox_xyxy, serial.bbox_xyxy]).reshape(4, 2))
            yield _judged(PlateReading(head.text + serial.text, confidence, box, is_valid_format=False))


def _judged(line: PlateReading) -> PlateReading | None:
    is_valid = line.confidence >= LEAST_CONFIDENCE and kind_of(line.text) is not None
    if not is_valid and not resembles(line.text):
        return None
    return PlateReading(line.text, line.confidence, line.bbox_xyxy, is_valid)


def _stands_above(upper: PixelBox, lower: PixelBox) -> bool:
    """Whether the boxes are the two lines of a rear plate: one above the other, close, or the lower around both."""
    height = lower[3] - lower[1]
    gap = lower[1] - upper[3]
    middle = (upper[0] + upper[2]) / 2
    is_higher = upper[1] + upper[3] < lower[1] + lower[3]
    return is_higher and lower[0] <= middle <= lower[2] and -0.5 * height <= gap <= 0.6 * height


def _stands_before(left: PlateReading, right: PlateReading) -> bool:
    """Whether the boxes are one line that was found in two pieces, parted at its dot."""
    a, b = left.bbox_xyxy, right.bbox_xyxy
    height = max(a[3] - a[1], b[3] - b[1])
    is_level = abs((a[1] + a[3]) - (b[1] + b[3])) <= height
    return is_level and -0.5 * height <= b[0] - a[2] <= height


def _around(corners: NDArray[np.float64] | NDArray[np.float32]) -> PixelBox:
    """Return the upright box around points (n, 2)."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)
